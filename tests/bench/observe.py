#!/usr/bin/env python3
# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""commresolve observe of many loopback addresses next to openssl s_time -new, on one server.

    tests/bench/observe.py --program build/dev/cli/commresolve

One `openssl s_server` listens on every address of 127.0.0.0/8. In turn, `openssl s_time -new` makes full
handshakes with it for some seconds, and commresolve observes --endpoints addresses of it, storing
certificates and proofs. Prints handshakes a second of both and their ratio, round by round.
"""

import argparse
import os
import re
import socket
import statistics
import subprocess
import tempfile
import time


def start_server(folder):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
         "-days", "30", "-subj", "/CN=bench.example", "-addext", "subjectAltName=DNS:bench.example",
         "-keyout", folder + "/key.pem", "-out", folder + "/cert.pem"],
        check=True, capture_output=True)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        ["openssl", "s_server", "-accept", f"0.0.0.0:{port}", "-cert", folder + "/cert.pem", "-key",
         folder + "/key.pem", "-quiet", "-www"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return server, port
        except ConnectionRefusedError:
            time.sleep(0.05)
    raise SystemExit("openssl s_server did not start")


def baseline(port, seconds):
    done = subprocess.run(
        ["openssl", "s_time", "-connect", f"127.0.0.1:{port}", "-new", "-time", str(seconds)],
        capture_output=True, text=True, check=True)
    count, real = re.search(r"(\d+) connections in (\d+) real seconds", done.stdout).groups()
    return int(count) / int(real)


def observe(options, folder, port, number):
    targets = "\n".join(f"127.1.{i // 250}.{i % 250 + 1}:{port}" for i in range(options.endpoints))
    begin = time.monotonic()
    done = subprocess.run(
        [options.program, "--data-dir", f"{folder}/data{number}", "observe", "--from", "-", "--sni",
         "bench.example"],
        input=targets, capture_output=True, text=True)
    seconds = time.monotonic() - begin
    seen = len(re.findall(r"^(new|known)", done.stdout, re.MULTILINE))
    return seen, seen / seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--endpoints", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5, help="of openssl s_time a round")
    options = parser.parse_args()
    ratios = []
    with tempfile.TemporaryDirectory(prefix="commresolve-observe-") as folder:
        server, port = start_server(folder)
        try:
            print(f"machine: {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
            for number in range(options.rounds):
                base = baseline(port, options.seconds)
                seen, rate = observe(options, folder, port, number)
                ratios.append(rate / base)
                print(f"round {number + 1}: observe {seen} of {options.endpoints} endpoints, "
                      f"{rate:.0f}/s; openssl s_time -new {base:.0f}/s; ratio {ratios[-1]:.2f}")
        finally:
            server.terminate()
            server.wait()
    print(f"median ratio {statistics.median(ratios):.2f} over {len(ratios)} rounds")


if __name__ == "__main__":
    main()
