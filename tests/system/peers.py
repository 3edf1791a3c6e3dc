#!/usr/bin/env python3
# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""commresolve next to openssl s_client, gnutls-cli --tofu and ssh-keygen, on the same servers.

    tests/system/peers.py --program build/dev/cli/commresolve \\
        --server build/dev/tests/fakes/commresolve-test-server

Prints one table: a situation a line, a program a column, "accept" or "refuse" in the cells. Fails if a
program does not say what the table expects of it. Exit status 77 if a peer is not installed.

openssl verifies with the test's CA as the only root and compares the host name. gnutls-cli trusts on first
use and refuses changes (--tofu --strict-tofu). Both are asked for an exit status, nothing else.
"""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HOST = "peer.example"
WORDS = ["peer", "example"]


class Server:
    def __init__(self, options, folder, protocol):
        self.files = {kind: os.path.join(folder, f"{protocol}.{kind}") for kind in ("cert", "key")}
        self.program = options.server
        self.protocol = protocol
        self.process = None
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]

    def show(self, certificate):
        for kind, path in self.files.items():
            shutil.copy(certificate[kind], path)
        if self.process is None:
            self.process = subprocess.Popen(
                [self.program, "--listen", f"127.0.0.1:{self.port}", "--protocol", self.protocol,
                 "--cert", self.files["cert"], "--key", self.files["key"]],
                stdout=subprocess.PIPE, text=True)
            for line in self.process.stdout:
                if line.strip() == "ready":
                    return
            sys.exit("the test server did not start")
        self.process.send_signal(signal.SIGHUP)
        if self.process.stdout.readline().strip() != "reloaded":
            sys.exit("the test server did not take the certificate")

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait()


class Peers:
    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.environment = dict(os.environ, HOME=folder, LC_ALL="C", XDG_CONFIG_HOME=folder,
                                XDG_DATA_HOME=folder)
        with open(folder + "/config.toml", "w", encoding="ascii") as file:
            file.write(f'ca_file = "{folder}/ca.cert"\ndns_hints = false\n')

    def status(self, *command, text=""):
        return subprocess.run(command, input=text, text=True, capture_output=True, timeout=60,
                              env=self.environment).returncode

    def ours(self, *words):
        return self.status(self.options.program, "--config", self.folder + "/config.toml",
                           "--data-dir", self.folder + "/data", *words)

    def openssl(self, server):
        starttls = ["-starttls", "xmpp"] if server.protocol != "tls" else []
        return self.status("openssl", "s_client", "-connect", f"127.0.0.1:{server.port}",
                           "-servername", HOST, "-verify_hostname", HOST, "-verify_return_error",
                           "-CAfile", self.folder + "/ca.cert", "-no-CApath", "-no-CAstore",
                           "-xmpphost", HOST, *starttls)

    def gnutls(self, server, learn=False):
        starttls = ["--starttls-proto=xmpp"] if server.protocol != "tls" else []
        mode = ["--tofu"] if learn else ["--tofu", "--strict-tofu"]
        return self.status("gnutls-cli", *mode, *starttls, "-p", str(server.port),
                           "--x509cafile=" + self.folder + "/ca.cert",
                           "--sni-hostname=" + HOST, "--verify-hostname=" + HOST, "127.0.0.1",
                           text="y\n" if learn else "")


def make_certificates(folder):
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True)

    def key(name):
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out",
                f"{folder}/{name}.key")

    def certificate(name, key_name, issuer=""):
        sign = ["-CA", f"{folder}/ca.cert", "-CAkey", f"{folder}/ca.key"] if issuer else []
        openssl("req", "-x509", "-key", f"{folder}/{key_name}.key", "-days", "30", "-subj",
                f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}", "-addext",
                "basicConstraints=CA:FALSE", *sign, "-out", f"{folder}/{name}.cert")
        return {"cert": f"{folder}/{name}.cert", "key": f"{folder}/{key_name}.key"}

    key("ca")
    openssl("req", "-x509", "-key", f"{folder}/ca.key", "-days", "30", "-subj", "/CN=Peer CA/O=Peer",
            "-out", f"{folder}/ca.cert")
    key("first")
    key("second")
    return {"self": certificate("self", "first"), "renewed": certificate("renewed", "first"),
            "other": certificate("other", "second"),
            "other-ca": certificate("other-ca", "second", "ca")}


class Table:
    def __init__(self):
        self.rows = []
        self.wrong = 0

    def add(self, situation, statuses, expected):
        cells = ["-" if status is None else "accept" if status == 0 else "refuse"
                 for status in statuses]
        bad = cells != expected
        self.wrong += bad
        self.rows.append([situation, *cells, f"expected {', '.join(expected)}" if bad else ""])

    def print(self, head):
        rows = [head, *self.rows]
        widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
        for row in rows:
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())


def tls_rows(peers, table, certificates, protocol):
    server = Server(peers.options, peers.folder, protocol)
    where = [] if protocol == "tls" else ["--protocol", protocol]
    starttls = [] if protocol == "tls" else ["--starttls", protocol]
    prefix = "" if protocol == "tls" else "XMPP STARTTLS: "

    def row(situation, *expected):
        table.add(prefix + situation,
                  [peers.ours("resolve", "--prove=always", *where, *WORDS), peers.gnutls(server),
                   peers.openssl(server), None], list(expected) + ["-"])

    try:
        server.show(certificates["self"])
        peers.ours("unbind", *WORDS)
        row("self-signed server, never seen", "refuse", "refuse", "refuse")
        target = f"127.0.0.1:{server.port}"
        peers.ours("observe", target, "--sni", HOST, *starttls)
        row("seen, but not chosen by the user", "refuse", "refuse", "refuse")
        peers.ours("bind", *WORDS, "--at", target, "--name", HOST, *starttls)
        peers.gnutls(server, learn=True)
        row("its key chosen by the user", "accept", "accept", "refuse")
        server.show(certificates["renewed"])
        row("same key, new certificate", "accept", "accept", "refuse")
        server.show(certificates["other"])
        row("another key", "refuse", "refuse", "refuse")
        if protocol == "tls":
            server.show(certificates["other-ca"])
            row("another key, certificate of a trusted CA", "refuse", "refuse", "accept")
        server.show(certificates["self"])
        row("the old key again", "accept", "accept", "refuse")
        peers.ours("revoke", *WORDS)
        row("its key revoked by the user", "refuse", "accept", "refuse")
        key = subprocess.run(
            [peers.options.program, "--data-dir", peers.folder + "/data", "known", *WORDS],
            capture_output=True, text=True, env=peers.environment).stdout.split("key")[1].split()[0]
        peers.ours("revoke", "--undo", key)
    finally:
        server.stop()


def lookup_rows(peers, table):
    """known_certs next to known_hosts: find, remove, and find again; plain and hashed."""
    hosts = peers.folder + "/known_hosts"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", peers.folder + "/host"],
                   check=True)
    with open(peers.folder + "/host.pub", encoding="ascii") as file:
        public = " ".join(file.read().split()[:2])
    key = "a" * 52
    for hashed in (False, True):
        form = "hashed" if hashed else "plain"
        with open(hosts, "w", encoding="ascii") as file:
            file.write(f"lookup.example {public}\n")
        if hashed:
            peers.status("ssh-keygen", "-H", "-f", hosts)
        with open(peers.folder + "/config.toml", "a", encoding="ascii") as file:
            file.write("hash_known_certs = true\n" if hashed else "")
        peers.ours("bind", "lookup", "example", "--key", key, "--name", "lookup.example")

        def row(situation, words, host, expected):
            table.add(f"{form} line: {situation}",
                      [peers.ours("known", *words), None, None,
                       peers.status("ssh-keygen", "-F", host, "-f", hosts)],
                      [expected, "-", "-", expected])

        row("find", ["lookup", "example"], "lookup.example", "accept")
        row("find another", ["other", "example"], "other.example", "refuse")
        peers.ours("unbind", "lookup", "example")
        peers.status("ssh-keygen", "-R", "lookup.example", "-f", hosts)
        row("find after removal", ["lookup", "example"], "lookup.example", "refuse")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--server", required=True)
    options = parser.parse_args()
    for peer in ("openssl", "gnutls-cli", "ssh-keygen"):
        if not shutil.which(peer):
            print(f"skipped: {peer} is not installed")
            sys.exit(77)
    begin = time.monotonic()
    table = Table()
    with tempfile.TemporaryDirectory(prefix="commresolve-peers-") as folder:
        certificates = make_certificates(folder)
        peers = Peers(options, folder)
        tls_rows(peers, table, certificates, "tls")
        tls_rows(peers, table, certificates, "xmpp-client")
        lookup_rows(peers, table)
    table.print(["situation", "commresolve", "gnutls-cli --tofu", "openssl s_client", "ssh-keygen -F",
                 ""])
    print(f"{len(table.rows)} situations in {time.monotonic() - begin:.0f} s, {table.wrong} unexpected")
    sys.exit(1 if table.wrong else 0)


if __name__ == "__main__":
    main()
