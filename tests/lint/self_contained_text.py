# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The project speaks for itself: no path of one person's machine, no note about work left undone.

import re

import tree

# Split, so that this file does not find itself.
LEFTOVERS = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b")
PERSONAL = re.compile(r"(?<![\w.$}~-])/(home|Users|root|work|tmp/build)" r"[/-]\w")


def main():
    problems = []
    for path in tree.files():
        for number, line in enumerate(tree.lines(path), 1):
            for pattern, what in ((LEFTOVERS, "leftover note"), (PERSONAL, "path of one machine")):
                match = pattern.search(line)
                if match:
                    problems.append(f"{path}:{number}: {what}: {match.group().strip()}")
    tree.finish(problems)


main()
