#!/usr/bin/env python3
# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What the whole-program tests share: namespaces, a DNS server, TLS servers, waiting.

"""Namespaces of its own and loopback servers for a test of whole programs."""

import fcntl
import http.server
import os
import pathlib
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time

INSIDE = "COMMRESOLVE_INSIDE_NAMESPACE"
PATIENCE = 60
SKIP = 77
PAGE = b"the bound server\n"
STATEMENT = "/.well-known/commresolve-publishing-key"


def enter_namespaces():
    """Runs this program again in namespaces of its own; returns when it is there."""
    if INSIDE in os.environ:
        return
    for flags in (["-mn"], ["-rmn"]):
        mount = ["mount", "--bind", "/etc/resolv.conf", "/etc/resolv.conf"]
        if subprocess.run(["unshare", *flags, *mount], stderr=subprocess.DEVNULL,
                          check=False).returncode == 0:
            os.environ[INSIDE] = "1"
            os.execvp("unshare", ["unshare", *flags, sys.executable, "-B", *sys.argv])
    print("skipped: no namespaces here (root or user namespaces are needed)")
    sys.exit(SKIP)


def set_loopback(up):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        flags = struct.pack("16sH14s", b"lo", 0x41 if up else 0x40, b"")
        fcntl.ioctl(control, 0x8914, flags)  # SIOCSIFFLAGS


def cover_run():
    """An empty /run, in which the machine's own services are not to be found."""
    resolv_conf = os.path.realpath("/etc/resolv.conf")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "none", "/run"], check=True)
    if resolv_conf.startswith("/run/"):
        os.makedirs(os.path.dirname(resolv_conf), exist_ok=True)
        with open(resolv_conf, "x", encoding="utf-8"):
            pass


def bind_over_etc(folder, **texts):
    """bind_over_etc(folder, resolv_conf="...") puts a file of ours over /etc/resolv.conf."""
    for name, text in texts.items():
        name = name.replace("_", ".")
        with open(f"{folder}/{name}", "w", encoding="utf-8") as file:
            file.write(text)
        subprocess.run(["mount", "--bind", f"{folder}/{name}", f"/etc/{name}"], check=True)


class Dns(threading.Thread):
    """Answers A questions from a dictionary, the rest with NXDOMAIN, and remembers the names."""

    def __init__(self, addresses=None):
        super().__init__(daemon=True)
        self.addresses = addresses or {}
        self.asked = []
        self.silent = False
        self.delay = 0
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 53))

    def run(self):
        while True:
            query, client = self.socket.recvfrom(4096)
            labels, at = [], 12
            while at < len(query) and query[at]:
                labels.append(query[at + 1:at + 1 + query[at]].decode("latin-1"))
                at += 1 + query[at]
            name = ".".join(labels).lower()
            self.asked.append(name)
            if self.silent:
                continue
            time.sleep(self.delay)
            self.socket.sendto(self.answer(name, query, at + 5), client)

    def answer(self, name, query, end):
        known = name in self.addresses
        wants_v4 = query[end - 4:end - 2] == b"\0\1"
        head = query[:2] + (b"\x81\x80" if known else b"\x81\x83") + b"\0\1\0"
        if not known or not wants_v4:
            return head + b"\0" * 5 + query[12:end]
        record = b"\xc0\x0c\0\1\0\1\0\0\0\1\0\4" + socket.inet_aton(self.addresses[name])
        return head + b"\1" + b"\0" * 4 + query[12:end] + record

    def leaks(self):
        return [name for name in self.asked if name.endswith("alt")]


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = PAGE
        if self.path == STATEMENT and self.server.statement.exists():
            body = self.server.statement.read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def make_certificate(path, name):
    """A new key and a self-signed certificate: `path`.key and `path`.pem."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{path}.key", "-out",
                    f"{path}.pem", "-subj", f"/CN={name}", "-days", "30"],
                   check=True, capture_output=True)


def tls_page_server(path, address, port):
    """Serves PAGE, and `path`.statement if it exists, with the certificate at `path`.

    Returns the server, not yet running.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{path}.pem", f"{path}.key")
    http.server.ThreadingHTTPServer.request_queue_size = 128
    http.server.ThreadingHTTPServer.address_family = (
        socket.AF_INET6 if ":" in address else socket.AF_INET)
    server = http.server.ThreadingHTTPServer((address, port), Page)
    server.statement = pathlib.Path(f"{path}.statement")
    server.handle_error = lambda *_: None  # Not every client speaks TLS.
    server.socket = context.wrap_socket(server.socket, server_side=True,
                                        do_handshake_on_connect=False)
    return server


def wait_for(what, condition, patience=PATIENCE):
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {patience} s")
        time.sleep(0.05)


if __name__ == "__main__":  # A TLS server in a process of its own, which can be killed.
    tls_page_server(sys.argv[1], sys.argv[2], int(sys.argv[3])).serve_forever()
