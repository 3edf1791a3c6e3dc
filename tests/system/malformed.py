#!/usr/bin/env python3
# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Imports the malformed certificates of the corpus and prints what became of them.

Fails if the program crashes or hangs, if a certificate stored before is lost, or if a row is neither
taken nor refused. Exit status 77 if the corpus is absent.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True)
    parser.add_argument("--corpus", required=True)
    options = parser.parse_args()
    malformed = os.path.join(options.corpus, "malformed.jsonl")
    good = os.path.join(options.corpus, "observed")
    if not os.path.exists(malformed):
        print(f"skipped: {malformed} does not exist")
        sys.exit(77)
    with tempfile.TemporaryDirectory(prefix="commresolve-malformed-") as folder:
        def call(*words):
            return subprocess.run([options.program, "--data-dir", folder + "/data", "--json", *words],
                                  capture_output=True, text=True, timeout=120)

        def status():
            return json.loads(call("index", "status", "--check").stdout.splitlines()[0])

        call("import", good)
        before = status()
        begin = time.monotonic()
        done = call("import", malformed)
        seconds = time.monotonic() - begin
        if done.returncode not in (0, 1):
            sys.exit(f"exit code {done.returncode}: {done.stderr}")
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        summary = next(row for row in rows if row["kind"] == "import_summary")
        refusals = [row for row in rows if row["kind"] == "refusal"]
        after = status()
        with open(malformed, encoding="utf-8") as file:
            total = sum(1 for _ in file)
        if after["certificates"] < before["certificates"] or after["endpoints"] < before["endpoints"]:
            sys.exit("something stored before is lost")
        if any(not row["reason"] or row["line"] == 0 for row in refusals):
            sys.exit("a refusal without line or reason")
        if summary["read"] + summary["left_out"] + summary["refused"] < total:
            sys.exit(f"{total} rows, but only {summary}")
        print(f"{total} malformed rows in {seconds:.1f} s: {summary['new']} new certificates, "
              f"{summary['known']} known, {summary['left_out']} left out, {summary['refused']} refused; "
              f"{before['certificates']} certificates before, {after['certificates']} after")


if __name__ == "__main__":
    main()
