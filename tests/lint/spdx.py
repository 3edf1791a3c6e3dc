# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Every source file says in its first lines who holds the copyright and under which licence.

import tree

SUFFIXES = {".h", ".cc", ".py", ".sh", ".cmake", ".proto", ".map", ".bash", ".fish", ".zsh",
            ".1", ".5", ".8"}
NAMES = {"CMakeLists.txt", "rules", "run"}
HOLDER = "SPDX-FileCopyrightText: The commresolve authors"


def licence(path):
    # The NSS module is loaded into every program of a machine, whatever that program's licence.
    name = "LGPL-2.1-or-later" if path.parts[0] == "nss-module" else "GPL-3.0-or-later"
    return f"SPDX-License-Identifier: {name}"


def problem(path):
    head = "\n".join(tree.lines(path)[:4])
    for wanted in (HOLDER, licence(path)):
        if wanted not in head:
            return f"{path}: the first lines lack '{wanted}'"
    if path.suffix in tree.CODE and path.parts[0] in tree.PRODUCT:
        head_lines = tree.lines(path)[:4]
        if len(head_lines) < 4 or not head_lines[3].startswith("// "):
            return f"{path}:4: lacks a sentence that says what the file is for"
    return None


def main():
    sources = (p for p in tree.files() if p.suffix in SUFFIXES or p.name in NAMES)
    tree.finish([found for found in map(problem, sources) if found])


main()
