#!/usr/bin/env python3
# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A network of machines with public addresses of their own, each a network namespace with a daemon.

"""Namespaces that a router joins, daemons and TLS servers in them, and their health."""

import argparse
import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import world

DHT_PORT = 4222
LISTEN = {"46": ["0.0.0.0", "[::]"], "4": ["0.0.0.0"], "6": ["[::]"]}


def address4(number):
    """Each machine lives in a /24 and a /48 of its own, and nobody uses them for private purposes."""
    return f"9.9.{number}.2"


def address6(number):
    return f"2620:fe:{number}::2"


def write(path, text):
    pathlib.Path(path).write_text(text, encoding="utf-8")


def ip(*words):
    subprocess.run(["ip", *map(str, words)], check=True, stdin=subprocess.DEVNULL)


def become_router():
    """This program's own network namespace forwards between the machines."""
    world.set_loopback(True)
    for knob in ("ipv4/ip_forward", "ipv6/conf/all/forwarding"):
        write(f"/proc/sys/net/{knob}", "1")
    for scope in ("all", "default"):  # No waiting for addresses that somebody else might have.
        write(f"/proc/sys/net/ipv6/conf/{scope}/accept_dad", "0")


class Host:
    """A network namespace with one link to the router; `families` is "46", "4" or "6"."""

    def __init__(self, number, families="46"):
        self.number, self.families = number, families
        self.name = f"h{number}"
        ip("netns", "add", self.name)
        ip("link", "add", f"r{number}", "type", "veth", "peer", "name", "eth0", "netns", self.name)
        ip("link", "set", f"r{number}", "up")
        self.ip("link", "set", "lo", "up")
        self.run(["sh", "-c", "echo 0 >/proc/sys/net/ipv6/conf/eth0/accept_dad"], check=True)
        self.ip("link", "set", "eth0", "up")
        if "4" in families:
            ip("addr", "add", f"9.9.{number}.1/24", "dev", f"r{number}")
            self.ip("addr", "add", f"{address4(number)}/24", "dev", "eth0")
            self.ip("route", "add", "default", "via", f"9.9.{number}.1")
        if "6" in families:
            ip("-6", "addr", "add", f"2620:fe:{number}::1/48", "dev", f"r{number}", "nodad")
            self.ip("-6", "addr", "add", f"{address6(number)}/48", "dev", "eth0", "nodad")
            self.ip("-6", "route", "add", "default", "via", f"2620:fe:{number}::1")

    def ip(self, *words):
        ip("-n", self.name, *words)

    def inside(self, command):
        return ["ip", "netns", "exec", self.name, *map(str, command)]

    def run(self, command, **more):
        return subprocess.run(self.inside(command), **more)

    def start(self, command, **more):
        return subprocess.Popen(self.inside(command), **more)


class Servers:
    """TLS servers of one certificate on a host, each a process that can be killed."""

    def __init__(self, host, certificate, places):
        serve = os.path.join(os.path.dirname(__file__), "world.py")
        self.processes = [host.start([sys.executable, "-B", serve, certificate, address, port],
                                     stderr=subprocess.DEVNULL) for address, port in places]
        for address, port in places:
            world.wait_for(f"a server at {address} {port}",
                           lambda a=address, p=port: is_open(host, a, p))

    def kill(self):
        for process in self.processes:
            process.kill()
            process.wait()
        self.processes = []


def is_open(host, address, port):
    probe = f"import socket; socket.create_connection(('{address}', {port}), 1)"
    return host.run([sys.executable, "-c", probe], stderr=subprocess.DEVNULL,
                    check=False).returncode == 0


P256 = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
RSA = ["-newkey", "rsa:2048"]


def make_certificate(path, *names, key=None):
    """A self-signed certificate with `names` and its key, by default P-256: `path`.pem, `path`.key."""
    alternative = ",".join(f"DNS:{name}" for name in names)
    subprocess.run(["openssl", "req", "-x509", *(key or P256), "-nodes", "-keyout",
                    f"{path}.key", "-out", f"{path}.pem", "-subj", f"/CN={names[0]}", "-addext",
                    f"subjectAltName={alternative}", "-days", "30"],
                   check=True, capture_output=True)
    os.chmod(f"{path}.key", 0o600)


class Machine:
    """A host with a home and a daemon."""

    def __init__(self, root, build, host, bootstrap, **settings):
        self.host, self.build = host, build
        self.home = pathlib.Path(root, host.name)
        (self.home / "commresolve").mkdir(parents=True, mode=0o700)
        self.env = {**os.environ, "HOME": str(self.home), "XDG_RUNTIME_DIR": str(self.home),
                    "XDG_DATA_HOME": str(self.home), "XDG_CONFIG_HOME": str(self.home),
                    "NO_COLOR": "1", "LD_LIBRARY_PATH": f"{build}/nss-module"}
        self.env.pop("COMMRESOLVE_NSS_SOCKET", None)
        listen = [f"{address}:{DHT_PORT}" for address in LISTEN[host.families]]
        settings = {"dns_hints": False, "dht_listen": listen, "dht_bootstrap": bootstrap, **settings}
        write(self.home / "commresolve/config.toml",
              "".join(f"{key} = {json.dumps(value)}\n" for key, value in settings.items()))
        self.daemon = None

    def start(self):
        with open(self.home / "log", "ab") as log:
            self.daemon = self.host.start([f"{self.build}/grpc/daemon/commresolved"], env=self.env,
                                          stderr=log)

    def is_up(self):
        if self.daemon.poll() is not None:
            raise RuntimeError((self.home / "log").read_text())
        return "event=started" in (self.home / "log").read_text()

    def stop(self):
        """Whether it ended as it should."""
        if self.daemon is None:
            return True
        daemon, self.daemon = self.daemon, None
        daemon.terminate()
        return daemon.wait(timeout=world.PATIENCE) == 0

    def run(self, *words):
        return self.host.run([f"{self.build}/cli/commresolve", *words], env=self.env,
                             stdin=subprocess.DEVNULL, capture_output=True, text=True,
                             timeout=world.PATIENCE, check=False)

    def must(self, *words):
        done = self.run(*words)
        if done.returncode != 0:
            raise RuntimeError(f"{self.host.name}: {' '.join(map(str, words))}: exit "
                               f"{done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout

    def json(self, *words):
        return [json.loads(line) for line in self.run(*words, "--json").stdout.splitlines()]

    def status(self):
        return self.json("dht", "status")[0]

    def has_peers(self, least):
        health = self.status()["health"]
        return health["connected"] and health["peers_ipv4"] + health["peers_ipv6"] >= least

    def has_published(self):
        """Nothing is waiting to be put."""
        status = self.status()
        queue = status["queue"]
        return (sum(kind["entries"] for kind in queue) > 0 and
                not any(kind["unpublished"] or kind["failing"] for kind in queue))

    def getent(self, name):
        """The addresses of a name as any program sees them, in order."""
        done = self.host.run(["getent", "ahosts", name], env=self.env, stdin=subprocess.DEVNULL,
                             capture_output=True, text=True, timeout=world.PATIENCE, check=False)
        return list(dict.fromkeys(line.split()[0] for line in done.stdout.splitlines()))


def start_all(machines):
    for machine in machines:
        machine.start()
    for machine in machines:
        world.wait_for(f"{machine.host.name} started", machine.is_up)


def set_up(folder):
    """The router, and names through the module; call world.enter_namespaces() first."""
    world.cover_run()
    become_router()
    world.bind_over_etc(folder, resolv_conf="nameserver 127.0.0.1\noptions timeout:1 attempts:1\n",
                        nsswitch_conf="hosts: files commresolve [!UNAVAIL=return] dns\n")


class Table:
    """One line for each thing that has to be so, with a time or another figure."""

    def __init__(self):
        self.problems = 0

    def row(self, what, good, figure=""):
        self.problems += 0 if good else 1
        print(f"{what:58} {'ok' if good else 'FAILED'}  {figure}".rstrip(), flush=True)

    def timed(self, what, condition, patience=world.PATIENCE, since=None):
        """Waits for it; how long it took is the figure."""
        since = time.monotonic() if since is None else since
        try:
            world.wait_for(what, condition, patience)
            self.row(what, True, f"{time.monotonic() - since:.1f} s")
        except TimeoutError:
            self.row(what, False, f"not within {patience} s")

    def timed_all(self, conditions, patience, since):
        """Waits for several at once, each with its time since `since`."""
        took = {}

        def all_true():
            for what, condition in conditions.items():
                if what not in took and condition():
                    took[what] = time.monotonic() - since
            return len(took) == len(conditions)

        try:
            world.wait_for("all of them", all_true, patience)
        except TimeoutError:
            pass
        for what in conditions:
            self.row(what, what in took,
                     f"{took[what]:.1f} s" if what in took else f"not within {patience} s")


def arguments(about):
    parser = argparse.ArgumentParser(description=about,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, type=os.path.abspath)
    return parser


def run(check):
    """Ends the program: with 1 if `check(root, stack)`, in namespaces of its own, counted problems."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        print("skipped: root and ip are needed")
        sys.exit(world.SKIP)
    world.enter_namespaces()
    with tempfile.TemporaryDirectory() as root, contextlib.ExitStack() as stack:
        set_up(root)
        problems = check(root, stack)
    sys.exit(1 if problems else 0)
