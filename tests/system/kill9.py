#!/usr/bin/env python3
# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills commresolve at random instants of imports and binds, and checks that nothing is lost.

    tests/system/kill9.py --program build/dev/cli/commresolve --rounds 200

Each round imports a part of --certificates synthetic certificates and binds words, and kills one of the two
with SIGKILL. After every kill: the stores open, the ledger's own check passes, no certificate that was
committed before is gone, every bind that reported success is there, and the next import catches up. At the
end everything is imported once more and every certificate must be found by search.
"""

import argparse
import base64
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

# One real certificate is the template, in which the name is replaced. The signature does not verify any
# more, which an import does not ask for.
NAME = b"host-000000.kill.example"


def make_template(folder):
    path = os.path.join(folder, "template")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
         "-subj", "/CN=kill test", "-addext", f"subjectAltName=DNS:{NAME.decode()}",
         "-addext", "basicConstraints=CA:FALSE", "-keyout", path + ".key", "-out", path + ".der",
         "-outform", "DER"],
        check=True, capture_output=True)
    with open(path + ".der", "rb") as file:
        return file.read()


def certificate(template, number):
    return template.replace(NAME, b"host-%06d.kill.example" % number)


class Run:
    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.data = os.path.join(folder, "data")
        self.random = random.Random(options.seed)
        self.certificates = 0  # Committed, as status told after the last kill.
        self.status = {}
        self.bound = {}

    def command(self, *words):
        return [self.options.program, "--data-dir", self.data, *words]

    def call(self, *words):
        return subprocess.run(self.command(*words), capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=300)

    def must(self, *words):
        done = self.call(*words)
        if done.returncode != 0:
            sys.exit(f"{' '.join(words)}: exit code {done.returncode}: {done.stderr}")
        return done.stdout

    def kill_during(self, *words):
        """Runs the command, kills it at a random instant; true if it had succeeded before."""
        process = subprocess.Popen(self.command(*words), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + self.random.uniform(0, self.options.longest)
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.0005)
        process.send_signal(signal.SIGKILL)
        return process.wait() == 0

    def check(self):
        status = json.loads(self.must("--json", "index", "status", "--check").splitlines()[0])
        if status["certificates"] < self.certificates:
            sys.exit(f"{self.certificates} certificates were committed, {status['certificates']} are left")
        self.status, self.certificates = status, status["certificates"]
        known = {}
        for line in self.call("--json", "known").stdout.splitlines():
            row = json.loads(line)
            if row["kind"] == "binding":
                known[row["words"]] = row["keys"]
        for words, key in self.bound.items():
            if known.get(words) != [key]:
                sys.exit(f"the binding of '{words}' was reported and is not there")

    def bind(self, number, kill):
        key = hashlib.sha256(b"%d" % number).digest()
        text = base64.b32encode(key).decode().lower().rstrip("=")
        words = f"kill round{number}"
        arguments = ["bind", *words.split(), "--key", text, "--name", "kill.example"]
        if kill:
            done = self.kill_during(*arguments)
        else:
            self.must(*arguments)
            done = True
        if done:
            self.bound[words] = text


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--certificates", type=int, default=100_000)
    parser.add_argument("--longest", type=float, default=0.5, help="seconds until the kill, at most")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="commresolve-kill9-") as folder:
        run = Run(options, folder)
        template = make_template(folder)
        part = max(1, options.certificates // options.rounds)
        files = []
        for first in range(0, options.certificates, part):
            path = os.path.join(folder, f"part-{first}.jsonl")
            with open(path, "w", encoding="ascii") as file:
                for number in range(first, min(first + part, options.certificates)):
                    der = base64.b64encode(certificate(template, number)).decode()
                    file.write(json.dumps({"der_b64": der}) + "\n")
            files.append(path)
        kills = {"import": 0, "bind": 0}
        for number in range(options.rounds):
            path = files[number % len(files)]
            if number % 3 == 2:
                run.must("import", path)
                run.bind(number, True)
                kills["bind"] += 1
            else:
                run.kill_during("import", path, files[(number + 1) % len(files)])
                run.bind(number, False)
                kills["import"] += 1
            run.check()
            print(f"round {number + 1}: {run.certificates} certificates, {len(run.bound)} bindings",
                  end="\r" if sys.stdout.isatty() else "\n", flush=True)
        run.must("import", *files)
        run.check()
        if run.certificates != options.certificates:
            sys.exit(f"{run.certificates} of {options.certificates} certificates after the last import")
        for number in run.random.sample(range(options.certificates), min(200, options.certificates)):
            found = run.must("--json", "search", f"san:host-{number:06d}.kill.example")
            wanted = hashlib.sha256(certificate(template, number)).hexdigest()
            if wanted not in found:
                sys.exit(f"certificate {number} is not found by search")
    print(f"{sum(kills.values())} kills ({kills['import']} during import, {kills['bind']} during bind), "
          f"{options.certificates} certificates, {len(run.bound)} bindings: nothing committed was lost, "
          "no store needed repair")


if __name__ == "__main__":
    main()
