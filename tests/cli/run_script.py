# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs a scenario: a text that reads like a session, with what has to come out of each command.
#
# A scenario is blocks with blank lines between them. A block begins with one of:
#
#   # text          a comment
#   @ directive     changes the world around: see world.py
#   $ command       run by sh, standard input empty
#   % command       the same on a terminal
#   & command       started, and left running until it gets a signal
#   @ interrupt     Ctrl-C for what was left running, or
#   @ terminate     SIGTERM
#
# Under a command stands what is expected, everything and in order: lines of standard output,
# lines of standard error with "! " in front, and at the end "exit N" if N is not 0. On a terminal
# both come mixed, and "< text" is typed when the program asks ("<" is Enter, "< ^C" is Ctrl-C).
# "..." stands for any text, and alone on a line for any lines. {web} is the port of server web,
# {key:x} the key of certificate x, {short:x} its first characters, {cert:x} the digest of the
# certificate, {dir} the working folder. Lines of JSON are held against docs/json.md too.

import argparse
import os
import pathlib
import pty
import re
import select
import signal
import subprocess
import sys
import tempfile
import time

import json_reference
from world import PATIENCE, Failure, World


SIGNALS = {"@ interrupt": signal.SIGINT, "@ terminate": signal.SIGTERM}


def blocks(text):
    """Yields (line number, lines) of each block."""
    block, begin = [], 0
    for number, line in enumerate(text.splitlines() + [""], 1):
        if line.strip():
            begin = begin if block else number
            block.append(line)
        elif block:
            yield begin, block
            block = []


def pattern(expected):
    """One regular expression for all expected lines."""
    parts = []
    for line in expected:
        if line == "...":
            parts.append(r"(?:.*\n)*?")
        else:
            parts.append(".*?".join(map(re.escape, line.split("..."))) + r"\n")
    return re.compile("".join(parts))


class Expectation:
    """The lines under a command."""

    def __init__(self, lines):
        self.exit = 0
        if lines and re.fullmatch(r"exit \d+", lines[-1]):
            self.exit = int(lines[-1].split()[1])
            lines = lines[:-1]
        self.typed = [line[2:] for line in lines if re.match("<( |$)", line)]
        lines = [line for line in lines if not re.match("<( |$)", line)]
        self.error = [line[2:] for line in lines if line.startswith("! ")]
        self.out = [line for line in lines if not line.startswith("! ")]

    def check(self, status, out, error):
        problems = []
        if status != self.exit:
            problems.append(f"exit {status}, expected {self.exit}")
        for name, expected, got in (("output", self.out, out), ("error", self.error, error)):
            if not pattern(expected).fullmatch(got):
                problems.append(f"standard {name} is\n{got}expected\n" + "\n".join(expected))
        if problems:
            raise Failure("\n".join(problems) + f"\nall of it:\n{out}{error}")


def run(command, world):
    done = subprocess.run(["sh", "-c", command], env=world.env, cwd=world.folder, timeout=PATIENCE,
                          stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def run_on_terminal(command, world, typed):
    """Types a line of `typed` whenever the last line of the output is a question."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(world.folder)
        os.execve("/bin/sh", ["sh", "-c", "exec " + command], world.env)
    output, typed, deadline = b"", list(typed), time.monotonic() + PATIENCE
    while True:
        if not select.select([terminal], [], [], max(0, deadline - time.monotonic()))[0]:
            os.kill(child, 9)
            os.waitpid(child, 0)
            raise Failure(f"no end; so far:\n{output.decode()}")
        try:
            part = os.read(terminal, 65536)
        except OSError:  # How Linux tells the end of a terminal.
            part = b""
        if not part:
            break
        output += part
        if output.endswith(b"] ") and typed:
            text = typed.pop(0)
            os.write(terminal, b"\3" if text == "^C" else text.encode() + b"\n")
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.close(terminal)
    if typed:
        raise Failure(f"never asked for '{typed[0]}'; the output is\n{output.decode()}")
    return status, output.decode().replace("\r\n", "\n"), ""


class Session:
    def __init__(self, world, reference):
        self.world = world
        self.reference = reference
        self.background = None

    def run_block(self, lines):
        lines = [self.world.expand(line) for line in lines]
        kind, text = lines[0][:1], lines[0][1:].strip()
        if kind == "#":
            return
        if kind == "&":
            self.background = subprocess.Popen(["sh", "-c", "exec " + text], env=self.world.env,
                                               cwd=self.world.folder, stdin=subprocess.DEVNULL,
                                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            return
        expected = Expectation(lines[1:])
        if kind == "$":
            result = run(text, self.world)
        elif kind == "%":
            result = run_on_terminal(text, self.world, expected.typed)
        elif lines[0] in SIGNALS:
            self.background.send_signal(SIGNALS[lines[0]])
            out, error = self.background.communicate(timeout=PATIENCE)
            result = self.background.returncode, out.decode(), error.decode()
        elif kind == "@":
            for line in lines:
                self.world.do(line[1:].split())
            return
        else:
            raise Failure(f"not understood: {lines[0]}")
        expected.check(*result)
        self.reference.check(result[1])

    def close(self):
        if self.background and self.background.poll() is None:
            self.background.kill()
            self.background.communicate()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("scenario", type=pathlib.Path)
    parser.add_argument("--program", required=True, type=pathlib.Path, help="commresolve")
    parser.add_argument("--server", required=True, type=pathlib.Path, help="the test server")
    parser.add_argument("--daemon", type=pathlib.Path,
                        help="commresolved: it serves the data folder meanwhile")
    parser.add_argument("--json-reference", required=True, type=pathlib.Path, help="docs/json.md")
    options = parser.parse_args()
    reference = json_reference.Reference(options.json_reference.read_text())
    commands = 0
    with tempfile.TemporaryDirectory(prefix="commresolve-cli.") as folder:
        with World(pathlib.Path(folder), options.program, options.server, options.daemon) as world:
            session = Session(world, reference)
            try:
                for number, lines in blocks(options.scenario.read_text()):
                    try:
                        session.run_block(lines)
                        commands += lines[0][0] in "$%&"
                    except (Failure, subprocess.TimeoutExpired) as problem:
                        sys.exit(f"{options.scenario}:{number}: {lines[0]}\n{problem}")
            finally:
                session.close()
    if commands == 0:
        sys.exit(f"{options.scenario} runs no command")
    print(f"{options.scenario.name}: {commands} commands")


main()
