#!/usr/bin/env python3
# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills bulk imports at every stage of their work, and checks that nothing is lost and all resume.

    tests/system/kill9_bulk.py --program build/dev/cli/commresolve --rounds 100

Imports one file of --certificates synthetic certificates again and again, and kills each import with SIGKILL: every
second one at a random instant, the others when files in the data folder tell that the work has come to a certain
stage. After every kill: the ledger's own check passes, xapian-check finds no error in the live database and in the
shards of the search index, no certificate that was committed or searchable before is gone, and what is searchable
is found. An import that runs through has to leave everything searchable, and nothing besides; then a new data
folder is begun. Prints the kills of each stage. Exit status 77 without xapian-check (package xapian-tools).
"""

import argparse
import base64
import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

import kill9

# In the order of the work, and how long a kill aimed there waits at most when the stage has begun, in parts of the
# time that an import takes.
STAGES = {"reading": 0.3, "building shards": 0.2, "compacting": 0.03, "listing the shard": 0.001,
          "removing its parts": 0.001, "words": 0.01, "emptying the live database": 0.005, "switching": 0.003,
          "live documents": 0.01}
ORDER = list(STAGES)
AIMS = ORDER[:-1]  # Most imports leave too much new for the last stage.
PARTS = {".raw": "building shards", ".new": "compacting"}
EVERY = 20  # So many certificates are followed by one from before, seen at a port.
PORT = 8443
LIVE = 20_000  # So many listings may stand in the live database until they are sealed.


def folders(path):
    with contextlib.suppress(FileNotFoundError), os.scandir(path) as entries:
        return [entry.path for entry in entries if entry.is_dir()]
    return []


def changed(path):
    """When a file, or a file in a folder, was changed last; 0 if there is none."""
    with contextlib.suppress(FileNotFoundError):
        if not os.path.isdir(path):
            return os.stat(path).st_mtime_ns
        return max([os.stat(path).st_mtime_ns] + [entry.stat().st_mtime_ns for entry in os.scandir(path)])
    return 0


def listed(index):
    """The names of the sealed shards."""
    with contextlib.suppress(FileNotFoundError), open(index + "/shards", encoding="ascii") as file:
        return file.read().splitlines()[1:]
    return []


def stage_of(data, begun):
    """The stage that an import has come to which began at `begun`: the newest change tells."""
    ledger = changed(data + "/ledger/data.mdb")
    found = [(ledger, "reading")]
    for index in folders(data + "/search"):
        shards, words = listed(index), changed(index + "/words")
        parts = [(changed(entry), PARTS.get(os.path.splitext(entry)[1], "listing the shard"))
                 for entry in folders(index) if os.path.basename(entry) not in shards]
        removing = any(time_of > begun for time_of, _ in parts)
        live = "building shards" if not words else "switching" if words > ledger else "live documents"
        found += parts + [(changed(index + "/shards"), "removing its parts" if removing else "words"),
                          (words, "emptying the live database"), (changed(index + "/iamglass"), live)]
    recent = [(time_of, ORDER.index(stage)) for time_of, stage in found if time_of > begun]
    return ORDER[max(recent)[1]] if recent else ORDER[0]


class BulkRun(kill9.Run):
    """One data folder after another, each with the imports of one file."""

    def __init__(self, options, folder):
        super().__init__(options, folder)
        self.template = kill9.make_template(folder)
        self.total = options.certificates
        self.few = self.total // 100
        self.files = [self.write("first", 0, self.few), self.write("second", self.few, 2 * self.few),
                      self.write("all", 0, self.total)]
        self.kills = dict.fromkeys(STAGES, 0)
        self.begun_folders = 0
        self.last = ""
        self.usual = self.longest = self.longest_check = 0.0
        self.begin_folder()

    def write(self, name, begin, end):
        path = os.path.join(self.folder, name + ".jsonl")
        with open(path, "w", encoding="ascii") as file:
            for number in range(begin, end):
                der = base64.b64encode(kill9.certificate(self.template, number)).decode()
                file.write(json.dumps({"der_b64": der}) + "\n")
                if number % EVERY == EVERY - 1:
                    der = base64.b64encode(kill9.certificate(self.template, number // 2)).decode()
                    file.write(json.dumps({"der_b64": der, "ip": "192.0.2.1", "port": PORT}) + "\n")
        return path

    def begin_folder(self):
        """Every second one has an index and live documents before the file is imported."""
        shutil.rmtree(self.data, ignore_errors=True)
        self.certificates = self.documents = 0
        if self.begun_folders % 2 == 1:
            self.must("import", self.files[0])
            self.must("import", self.files[1])
        self.begun_folders += 1

    def import_until(self, kill_now):
        """Imports the file; kills that when `kill_now` says so. False if it was through before."""
        begun, begin = time.time_ns(), time.monotonic()
        process = subprocess.Popen(self.command("import", self.files[2]), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        while process.poll() is None and not kill_now(begun):
            time.sleep(0.001)
        process.kill()
        code = process.wait()
        if code >= 0:
            if code != 0:
                sys.exit(f"an import ended with exit code {code}")
            self.longest = max(self.longest, time.monotonic() - begin)
            return False
        stage = stage_of(self.data, begun)
        self.kills[stage] += 1
        self.last = f"{stage}, {time.monotonic() - begin:.1f} s after its begin"
        return True

    def at_random(self):
        end = time.monotonic() + self.random.uniform(0, self.usual)
        return lambda begun: time.monotonic() >= end

    def at_stage(self, stage):
        """Some time after `stage`, or a later one, has begun."""
        wait = self.random.uniform(0, STAGES[stage] * self.usual)
        reached = []

        def kill_now(begun):
            if not reached and ORDER.index(stage_of(self.data, begun)) >= ORDER.index(stage):
                reached.append(time.monotonic())
            return bool(reached) and time.monotonic() >= reached[0] + wait

        return kill_now

    @contextlib.contextmanager
    def nobody_writes(self):
        """Meanwhile commands find the index as the kill has left it: without this lock they do not catch up."""
        with open(self.data + "/lock", "a", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def check(self):
        begin = time.monotonic()
        if not os.path.exists(self.data + "/lock"):
            return  # It was killed before there was anything.
        with self.nobody_writes():
            super().check()
            if self.status["search_documents"] < self.documents:
                sys.exit(f"{self.documents} listings were searchable, {self.status['search_documents']} are left")
            self.documents = self.status["search_documents"]
            self.check_databases()
            if self.certificates > 0:
                self.check_found(self.random.randrange(self.certificates))
        self.longest_check = max(self.longest_check, time.monotonic() - begin)

    def index(self):
        return f"{self.data}/search/{self.status['search_number']}"

    def check_databases(self):
        if self.status["search_number"] == 0:
            return
        for database in [self.index()] + [f"{self.index()}/{name}" for name in listed(self.index())]:
            done = subprocess.run(["xapian-check", database], capture_output=True, text=True)
            if done.returncode != 0 or "No errors found" not in done.stdout:
                sys.exit(f"xapian-check {database}: {done.stdout}{done.stderr}")

    def check_found(self, number, *more):
        """Certificates are committed and indexed in the order of the file."""
        done = self.call("--json", "search", f"san:host-{number:06d}.kill.example", *more)
        if hashlib.sha256(kill9.certificate(self.template, number)).hexdigest() in done.stdout:
            return
        if number < self.documents:
            sys.exit(f"certificate {number} is not found by search: {done.stdout}{done.stderr}")
        honest = ("index rebuild" in done.stderr if self.status["search_number"] == 0
                  else done.returncode == 1 and self.status["search_behind"] > 0)
        if not honest:
            sys.exit(f"certificate {number} is said to be searchable and is not: {done.stdout}{done.stderr}")

    def check_complete(self):
        """What an import that ran through must have done."""
        self.check()
        wanted = {"certificates": self.total, "listings": self.total, "search_documents": self.total,
                  "search_behind": 0}
        for name, number in wanted.items():
            if self.status[name] != number:
                sys.exit(f"after an import {name} is {self.status[name]}, not {number}")
        for number in self.random.sample(range(self.total), min(20, 1 + self.total // 5_000)):
            self.check_found(number)
        for number in self.random.sample(range(self.total // EVERY), min(5, 1 + self.total // 20_000)):
            self.check_found((number * EVERY + EVERY - 1) // 2, f"port:{PORT}")
        other = [name for name in os.listdir(self.data + "/search") if name != str(self.status["search_number"])]
        shards = listed(self.index())
        other += [name for name in os.listdir(self.index())
                  if name not in shards and name not in ("shards", "words", "iamglass", "flintlock")
                  and not name.endswith(".glass")]
        if other:
            sys.exit(f"left over: {' '.join(other)}")
        live = subprocess.run(["xapian-delve", self.index()], capture_output=True, text=True, check=True)
        live = int(re.search(r"number of documents = (\d+)", live.stdout)[1])
        if live >= LIVE + self.total // EVERY:
            sys.exit(f"{live} documents are live, which should be sealed")

    def import_through(self):
        if self.import_until(lambda begun: False):
            sys.exit("an import was killed by somebody else")
        self.check_complete()

    def round(self, number):
        """Kills one import, unless it is through before that: false. If all is done, begins a new data folder."""
        how = self.at_random() if number % 2 == 0 else self.at_stage(AIMS[number // 2 % len(AIMS)])
        killed = self.import_until(how)
        if killed:
            self.check()
            if self.documents < self.total:
                return True
            self.import_through()
        else:
            self.check_complete()
        self.begin_folder()
        return killed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--rounds", type=int, default=100, help="kills")
    parser.add_argument("--certificates", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if shutil.which("xapian-check") is None:
        print("skipped: there is no xapian-check (package xapian-tools)")
        sys.exit(77)
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="commresolve-kill9-") as folder:
        run = BulkRun(options, folder)
        run.import_through()
        run.usual, run.longest = run.longest, 0.0
        run.begin_folder()
        done = tries = 0
        while done < options.rounds:
            if run.round(tries):
                done += 1
                print(f"kill {done}: {run.last}", flush=True)
            tries += 1
        run.import_through()
    print(f"{'kills':>6}  stage")
    for stage, kills in run.kills.items():
        print(f"{kills:6}  {stage}")
    print(f"{done:6}  in all, with {options.certificates} certificates, in {run.begun_folders} data folders, "
          f"{time.monotonic() - begin:.0f} s\n"
          f"an import without kills took {run.usual:.1f} s, the longest that resumed one {run.longest:.1f} s, "
          f"the longest check {run.longest_check:.1f} s; nothing was lost, no store needed repair")


if __name__ == "__main__":
    main()
