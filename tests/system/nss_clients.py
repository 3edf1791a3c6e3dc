#!/usr/bin/env python3
# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Real programs reach a bound server by NAME.cert.alt, through the real module and daemon.

"""Which programs find a bound local TLS server by name, and what DNS hears of it.

    tests/system/nss_clients.py --build build/dev

Runs in mount and network namespaces of its own, with an nsswitch.conf, a resolv.conf and a DNS server
of its own, which counts what it is asked. Prints a table; programs that are not installed are left
out. Needs root, or user namespaces; exits with 77 if neither is to be had.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading

import world

NAME = "debian-bugs.cert.alt"


def clients(port, folder):
    """Name, program, command, and what its output holds if it got there."""
    url, page = f"https://{NAME}:{port}/", world.PAGE.decode().strip()
    python = ("import ssl,urllib.request as u;"
              f"print(u.urlopen('{url}',context=ssl._create_unverified_context()).read())")
    perl = (f"use IO::Socket::IP; my $s = IO::Socket::IP->new(PeerHost => '{NAME}', "
            f"PeerPort => {port}) or die; print $s->peerhost")
    node = (f"fetch('{url}').then(r => r.text()).then(console.log)")
    java = ("public class Look { public static void main(String[] a) throws Exception {"
            "System.out.println(java.net.InetAddress.getByName(a[0]).getHostAddress()); } }")
    # Its sandbox does not start for root; the certificate is signed by nobody.
    chromium = ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
                "--ignore-certificate-errors", f"--user-data-dir={folder}/chromium"]
    return [
        ("getent", "getent", ["getent", "ahosts", NAME], "127.0.0.1"),
        ("getent, other order", "getent", ["getent", "hosts", "bugs-debian.cert.alt"], "127.0.0.1"),
        ("getent, bare", "getent", ["getent", "ahosts", "debian-bugs"], "127.0.0.1"),
        ("curl", "curl", ["curl", "-sSk", url], page),
        ("wget", "wget", ["wget", "-qO-", "--no-check-certificate", url], page),
        ("python3", "python3", ["python3", "-c", python], page),
        ("perl", "perl", ["perl", "-e", perl], "127.0.0.1"),
        ("ssh", "ssh", ["ssh", "-v", "-F", "none", "-o", "BatchMode=yes", "-o", "ConnectTimeout=2",
                        "-p", str(port), NAME], f"Connecting to {NAME} [127.0.0.1]"),
        ("node fetch", "node", ["node", "-e", node], page),
        ("java", "java", ["java", java, NAME], "127.0.0.1"),
        ("chromium", "chromium", [*chromium, "--dump-dom", url], page),
        ("chromium, AsyncDns off", "chromium",
         [*chromium, "--disable-features=AsyncDns", "--dump-dom", url], page),
    ]


def run(command, env, folder):
    if command[0] == "java":
        with open(f"{folder}/Look.java", "w", encoding="utf-8") as source:
            source.write(command[1])
        command = ["java", f"{folder}/Look.java", command[2]]
    done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=world.PATIENCE, check=False)
    return (done.stdout + done.stderr).decode(errors="replace")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True)
    build = os.path.abspath(parser.parse_args().build)
    world.enter_namespaces()
    with tempfile.TemporaryDirectory() as folder:
        problems = check(build, folder)
    sys.exit(1 if problems else 0)


def check(build, folder):
    world.set_loopback(True)
    world.bind_over_etc(folder, nsswitch_conf="hosts: files commresolve [!UNAVAIL=return] dns\n",
                        resolv_conf="nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    dns = world.Dns()
    dns.start()
    world.make_certificate(f"{folder}/server", "bugs.debian.example")
    server = world.tls_page_server(f"{folder}/server", "127.0.0.1", 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    os.mkdir(f"{folder}/run", 0o700)
    env = {**os.environ, "XDG_RUNTIME_DIR": f"{folder}/run", "HOME": folder, "XDG_DATA_HOME": folder,
           "XDG_CONFIG_HOME": folder, "LD_LIBRARY_PATH": f"{build}/nss-module",
           "NODE_TLS_REJECT_UNAUTHORIZED": "0"}
    env.pop("COMMRESOLVE_NSS_SOCKET", None)
    daemon = subprocess.Popen([f"{build}/grpc/daemon/commresolved"], env=env,
                              stderr=subprocess.PIPE)
    try:
        snapshot = f"{folder}/run/commresolve/hosts.snap"
        world.wait_for("the snapshot", lambda: os.path.exists(snapshot))
        program = f"{build}/cli/commresolve"
        subprocess.run([program, "observe", f"127.0.0.1:{port}"], env=env, check=True,
                       capture_output=True)
        key = subprocess.run([program, "search", "-1", "debian"], env=env, check=True,
                             capture_output=True).stdout.split()[0].decode()
        subprocess.run([program, "bind", "debian", "bugs", "--key", key], env=env, check=True,
                       capture_output=True)
        # The first question comes before the snapshot has it, and is proved at the socket.
        first = run(["getent", "ahosts", NAME], env, folder)
        problems = 0 if "127.0.0.1" in first else 1
        print(f"{'asked before it was published':32} {'ok' if not problems else 'FAILED'}")
        world.wait_for("the bare name", lambda: run(["getent", "ahosts", "debian-bugs"], env, folder))
        world.wait_for("the word for caches", lambda: os.path.exists(f"{snapshot}.changed"))
        for label, needed, command, expected in clients(port, folder):
            if shutil.which(needed) is None:
                print(f"{label:32} not installed")
                continue
            local = [part.replace(NAME, "localhost") for part in command]
            if needed in ("node", "java", "chromium") and expected not in run(local, env, folder):
                print(f"{label:32} does not do this here, even for localhost")
                continue
            output = run(command, env, folder)
            good = expected in output
            problems += 0 if good else 1
            print(f"{label:32} {'ok' if good else 'FAILED: ' + output[-300:]}")
        for label in ("alive", "dead"):
            for name in ("nobody-bound-this.cert.alt", "x.y.cert.alt", "cert.alt", "x" * 63 + ".cert.alt"):
                run(["getent", "ahosts", name], env, folder)
            run(["getent", "ahosts", "foreign.example"], env, folder)
            leaks = dns.leaks()
            problems += len(leaks)
            print(f"{'names of ours in DNS, daemon ' + label:32} {len(leaks)} {' '.join(leaks[:5])}")
            if label == "alive":
                daemon.send_signal(signal.SIGKILL)
                daemon.wait()
        if "foreign.example" not in dns.asked:
            print("the DNS server was never asked: this run says nothing")
            problems += 1
        return problems
    finally:
        daemon.kill()
        daemon.wait()


if __name__ == "__main__":
    main()
