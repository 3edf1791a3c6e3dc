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
import fcntl
import http.server
import os
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time

INSIDE = "COMMRESOLVE_INSIDE_NAMESPACE"
PATIENCE = 60
SKIP = 77
NAME = "debian-bugs.cert.alt"
PAGE = b"the bound server\n"


def enter_namespaces():
    """Runs this program again in namespaces of its own."""
    for flags in (["-mn"], ["-rmn"]):
        mount = ["mount", "--bind", "/etc/resolv.conf", "/etc/resolv.conf"]
        if subprocess.run(["unshare", *flags, *mount], stderr=subprocess.DEVNULL,
                          check=False).returncode == 0:
            os.environ[INSIDE] = "1"
            os.execvp("unshare", ["unshare", *flags, sys.executable, "-B", *sys.argv])
    print("nss_clients: skipped: no namespaces here (root or user namespaces are needed)")
    sys.exit(SKIP)


def loopback_up():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, 0x8914, struct.pack("16sH14s", b"lo", 0x41, b""))  # SIOCSIFFLAGS


class CountingDns(threading.Thread):
    """Answers everything with NXDOMAIN and remembers it."""

    def __init__(self):
        super().__init__(daemon=True)
        self.asked = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 53))

    def run(self):
        while True:
            query, client = self.socket.recvfrom(4096)
            labels, at = [], 12
            while at < len(query) and query[at]:
                labels.append(query[at + 1:at + 1 + query[at]].decode("latin-1"))
                at += 1 + query[at]
            self.asked.append(".".join(labels).lower())
            self.socket.sendto(query[:2] + b"\x81\x83" + query[4:6] + b"\0" * 6 + query[12:at + 5],
                               client)

    def leaks(self):
        return [name for name in self.asked if name.endswith("alt")]


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_):
        pass


def serve_tls(folder):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{folder}/key.pem", "-out",
                    f"{folder}/cert.pem", "-subj", "/CN=bugs.debian.example", "-days", "30"],
                   check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{folder}/cert.pem", f"{folder}/key.pem")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    server.handle_error = lambda *_: None  # ssh does not speak TLS.
    server.socket = context.wrap_socket(server.socket, server_side=True,
                                        do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def clients(port):
    """Name, program, command, and what its output holds if it got there."""
    url, page = f"https://{NAME}:{port}/", PAGE.decode().strip()
    python = ("import ssl,urllib.request as u;"
              f"print(u.urlopen('{url}',context=ssl._create_unverified_context()).read())")
    perl = (f"use IO::Socket::IP; my $s = IO::Socket::IP->new(PeerHost => '{NAME}', "
            f"PeerPort => {port}) or die; print $s->peerhost")
    node = (f"fetch('{url}').then(r => r.text()).then(console.log)")
    java = ("public class Look { public static void main(String[] a) throws Exception {"
            "System.out.println(java.net.InetAddress.getByName(a[0]).getHostAddress()); } }")
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
    ]


def run(command, env, folder):
    if command[0] == "java":
        with open(f"{folder}/Look.java", "w", encoding="utf-8") as source:
            source.write(command[1])
        command = ["java", f"{folder}/Look.java", command[2]]
    done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=PATIENCE, check=False)
    return (done.stdout + done.stderr).decode(errors="replace")


def wait_for(what, condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"nss_clients: error: {what} did not come")
        time.sleep(0.05)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True)
    build = os.path.abspath(parser.parse_args().build)
    if INSIDE not in os.environ:
        enter_namespaces()
    with tempfile.TemporaryDirectory() as folder:
        problems = check(build, folder)
    sys.exit(1 if problems else 0)


def check(build, folder):
    loopback_up()
    for name, text in (("nsswitch.conf", "hosts: files commresolve [!UNAVAIL=return] dns\n"),
                       ("resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")):
        with open(f"{folder}/{name}", "w", encoding="utf-8") as file:
            file.write(text)
        subprocess.run(["mount", "--bind", f"{folder}/{name}", f"/etc/{name}"], check=True)
    dns = CountingDns()
    dns.start()
    port = serve_tls(folder)
    os.mkdir(f"{folder}/run", 0o700)
    env = {**os.environ, "XDG_RUNTIME_DIR": f"{folder}/run", "HOME": folder, "XDG_DATA_HOME": folder,
           "XDG_CONFIG_HOME": folder, "LD_LIBRARY_PATH": f"{build}/nss-module",
           "NODE_TLS_REJECT_UNAUTHORIZED": "0"}
    env.pop("COMMRESOLVE_NSS_SOCKET", None)
    daemon = subprocess.Popen([f"{build}/grpc/daemon/commresolved"], env=env,
                              stderr=subprocess.PIPE)
    try:
        snapshot = f"{folder}/run/commresolve/hosts.snap"
        wait_for("the snapshot", lambda: os.path.exists(snapshot))
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
        wait_for("the bare name", lambda: run(["getent", "ahosts", "debian-bugs"], env, folder))
        for label, needed, command, expected in clients(port):
            if shutil.which(needed) is None:
                print(f"{label:32} not installed")
                continue
            local = [part.replace(NAME, "localhost") for part in command]
            if needed in ("node", "java") and expected not in run(local, env, folder):
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
