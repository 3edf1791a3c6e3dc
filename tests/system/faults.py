#!/usr/bin/env python3
# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What breaks around the daemon, and what programs that look up names notice of it.

"""Faults around a running daemon, while a program looks up names without pause.

    tests/system/faults.py --build build/dev [--quick] [--only WORD]

Other names must be right throughout. A name of ours must be right or refused, never wrong. Prints a
table. Runs in mount and network namespaces of its own, and never touches the machine's clock. Needs
root, or user namespaces; exits with 77 if neither is to be had.
"""

import argparse
import os
import sys
import tempfile
import time

import faults_files
import faults_peers
import faults_stage
import world

SLOWEST = 2.0  # Seconds; the module itself waits 0.25 at most.
MOST_GROWTH = 64  # Megabytes.


def format_row(*cells):
    return f"{cells[0]:34} {cells[1]:>16} {cells[2]:>26} {cells[3]:>17}  {cells[4]}"


def play(stage, title, case, quick):
    """Plays one fault; prints its row and returns True if all was well."""
    stage.seen.clear()
    stage.judge()
    stage.seen.clear()
    started, note, problems = time.monotonic(), "", []
    stage.memory_before = stage.memory_peak = None
    try:
        note = case(stage, quick) or ""
    except (faults_stage.Fault, TimeoutError, RuntimeError) as error:
        problems.append(str(error))
    before, after = stage.memory_before, stage.memory_peak or stage.memory()
    try:
        stage.stop()
    except faults_stage.Fault as error:
        problems.append(str(error))
    stage.reset()
    stage.judge()
    seen = stage.seen.total()
    problems += seen["wrong"][:3]
    for kind, seconds in seen["slowest"].items():
        if seconds > SLOWEST:
            problems.append(f"{kind} lookup took {seconds:.1f} s")
    if seen["foreign"] == 0:
        problems.append("nothing was looked up: this run says nothing")
    memory = "-"
    if before and after:
        memory = f"{before:.0f} -> {after:.0f} MB"
        if after - before > MOST_GROWTH:
            problems.append("the daemon has grown")
    verdict = "FAILED: " + "; ".join(problems) if problems else "ok"
    if note:
        verdict += f" ({note})"
    print(format_row(title, f"{seen['foreign']} right" if not seen["wrong"] else "see verdict",
                     f"{seen['answered']} right, {seen['refused']} refused", memory,
                     f"{verdict} [{time.monotonic() - started:.0f} s]"), flush=True)
    return not problems


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--only", default="", help="only faults with this in their title")
    options = parser.parse_args()
    world.enter_namespaces()
    cases = [case for case in faults_files.CASES + faults_peers.CASES if options.only in case[0]]
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        stage = faults_stage.Stage(os.path.abspath(options.build), folder)
        try:
            print(format_row("fault", "other lookups", "own names", "memory", "verdict"))
            failed = [title for title, case in cases
                      if not play(stage, title, case, options.quick)]
        finally:
            stage.close()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
