# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What the help of commresolve names, the manual and every shell's completion name too, and nothing
# else: commands with their words, each with its long options.

import pathlib
import re
import subprocess
import sys

PROGRAM = sys.argv[1]
CLI = pathlib.Path(sys.argv[2])
# Where, and how an option and a command are written there; @ stands for the name.
PLACES = {
    "manual": ("man/commresolve.1", r"(?:Fl|,) -@(?![\w-])", r"\bCm (?:\w+ )?@\b"),
    "bash": ("completions/commresolve.bash", r"--@(?![\w-])", r"\[@\]=|'(?:\w+ )*@(?: \w+)*'"),
    "zsh": ("completions/commresolve.zsh", r"--@(?![\w-])", r"'@:|\((?:\w+ )*@(?: \w+)*\)"),
    "fish": ("completions/commresolve.fish", r"(?<!set )-l @(?![\w-])", r"-a '?(?:\w+ )*@\b"),
}


def help_of(*command):
    done = subprocess.run([PROGRAM, *command, "--help"], capture_output=True, text=True, check=True)
    return done.stdout


def options_in(text):
    """Long options as the help lists them: at the beginning of an indented line."""
    return set(re.findall(r"^ +(?:-\w,)?--([a-z-]+)", text, re.M))


def commands_in(text):
    listed = text.partition("Subcommands:\n")[2].partition("\n\n")[0]
    return re.findall(r"^  ([a-z]+) ", listed, re.M)


def main():
    words, options = set(), options_in(help_of())
    waiting = [(name,) for name in commands_in(help_of())]
    while waiting:
        command = waiting.pop()
        text = help_of(*command)
        words.add(command[-1])
        options |= options_in(text)
        waiting += [(*command, name) for name in commands_in(text)]
    problems = []
    if len(words) < 10 or len(options) < 10:
        problems.append(f"the help was not understood: {words} {options}")
    for place, (path, option_form, command_form) in PLACES.items():
        text = (CLI / path).read_text()
        problems += [f"{place} lacks command {word}" for word in sorted(words)
                     if not re.search(command_form.replace("@", word), text)]
        problems += [f"{place} lacks --{name}" for name in sorted(options)
                     if not re.search(option_form.replace("@", name), text)]
        named = set(re.findall(option_form.replace("@", "([a-z][a-z-]+)"), text))
        problems += [f"{place} has --{name}, which the help does not know"
                     for name in sorted(named - options)]
    print(f"{len(words)} commands, {len(options)} options, {len(PLACES)} places")
    for problem in problems:
        print(problem)
    sys.exit(1 if problems else 0)


main()
