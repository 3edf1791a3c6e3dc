# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What the lint checks share: which files they look at, and how they report.

import pathlib
import sys

ROOT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else __file__ + "/../../..").resolve()
PRODUCT = ("resolver", "index", "dht", "grpc", "nss-module", "cli")
CODE = (".h", ".cc")

_OTHERS_WORK = {".git", ".cache", ".debhelper", "__pycache__"}
_TEST_INPUT = {"corpus", "testdata"}


def _skipped(path):
    parts = path.parts
    built = any(part.startswith(("build", "obj-")) for part in parts[:1])
    packaged = parts[0] == "debian" and path.suffix in (".substvars", ".log", ".debhelper")
    return built or packaged or not _OTHERS_WORK.isdisjoint(parts) or not _TEST_INPUT.isdisjoint(parts)


def files(*folders, suffixes=None):
    """Yields the project's own files as paths relative to ROOT: no build output, no test input."""
    for path in sorted(p for folder in folders or (".",) for p in (ROOT / folder).rglob("*")):
        relative = path.relative_to(ROOT)
        if path.is_file() and not path.is_symlink() and not _skipped(relative):
            if suffixes is None or path.suffix in suffixes:
                yield relative


def lines(relative):
    """The lines of a text file; nothing for a binary one."""
    content = (ROOT / relative).read_bytes()
    return [] if b"\0" in content else content.decode("utf-8", "replace").splitlines()


def finish(problems):
    """Prints the problems, one a line, and ends with the exit status they deserve."""
    for problem in problems:
        print(problem)
    sys.exit(1 if problems else 0)
