#!/usr/bin/env python3
# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A program like any other that looks up hosts all the time, and judges each answer.

"""Looks up names until its input ends; each line of input asks for the counts since the last one.

A line is the state of the world from then on: "dns" if DNS works, "no-dns" if it does not.
"""

import json
import select
import socket
import sys
import time

HOSTS = {"hosts.example": "192.0.2.10"}
DNS = {"dns.example": "192.0.2.20", "bugs.hosting.example": "192.0.2.21"}
OWN = {"debian-bugs.cert.alt": "127.0.1.1", "bugs-debian.cert.alt": "127.0.1.1",
       "ubuntu-bugs.cert.alt": "127.0.1.2"}
UNBOUND = "nobody-bound-this.cert.alt"
BARE = {"debian-bugs": "127.0.1.1"}


def look_up(name):
    try:
        return {entry[4][0] for entry in socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)}
    except socket.gaierror as error:
        return error.errno


class Counts:
    def __init__(self):
        self.foreign = 0
        self.answered = {name: 0 for name in (*OWN, *BARE)}
        self.refused = 0
        self.wrong = []
        self.slowest = {"foreign": 0.0, "own": 0.0}

    def judge_foreign(self, name, found, expected):
        self.foreign += 1
        if found != expected:
            self.wrong.append(f"{name}: {found}")

    def judge_own(self, name, found, address):
        if isinstance(found, int):
            self.refused += 1
        elif found == {address}:
            self.answered[name] += 1
        else:
            self.wrong.append(f"{name}: {found}")


def one_round(counts, dns_works):
    def timed(kind, name):
        start = time.monotonic()
        found = look_up(name)
        counts.slowest[kind] = max(counts.slowest[kind], time.monotonic() - start)
        return found

    for name, address in HOSTS.items():
        counts.judge_foreign(name, timed("foreign", name), {address})
    if dns_works:
        for name, address in DNS.items():
            counts.judge_foreign(name, timed("foreign", name), {address})
        counts.judge_foreign("missing.example", timed("foreign", "missing.example"),
                             socket.EAI_NONAME)
        for name, address in BARE.items():
            counts.judge_own(name, look_up(name), address)
    for name, address in OWN.items():
        counts.judge_own(name, timed("own", name), address)
    if not isinstance(found := timed("own", UNBOUND), int):
        counts.wrong.append(f"{UNBOUND}: {found}")


def main():
    counts, dns_works = Counts(), True
    while True:
        one_round(counts, dns_works)
        if select.select([sys.stdin], [], [], 0.01)[0]:
            line = sys.stdin.readline()
            if not line:
                return
            dns_works = line.strip() == "dns"
            print(json.dumps(vars(counts)), flush=True)
            counts = Counts()


if __name__ == "__main__":
    main()
