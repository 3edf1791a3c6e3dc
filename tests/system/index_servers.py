#!/usr/bin/env python3
# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# One daemon that asks two index servers, each of which comes and goes.

"""Searches through an ordinary daemon while its index servers are killed, stopped and impersonated."""

import argparse
import contextlib
import hashlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time

from world import make_certificate, wait_for

LONGEST_ANSWER = 5  # Seconds; index_timeout is 1, the rest is for a busy machine.


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Machine:
    """A home with settings, a data folder, and a daemon that can be started."""

    def __init__(self, root, name, build):
        self.name = name
        self.home = pathlib.Path(root, name)
        self.home.mkdir()
        self.build = build
        self.daemon = None
        self.starts = 0
        self.settings = {}
        self.port = free_port()
        self.env = {**os.environ, "HOME": str(self.home), "XDG_RUNTIME_DIR": str(self.home),
                    "XDG_DATA_HOME": str(self.home), "XDG_CONFIG_HOME": str(self.home), "NO_COLOR": "1"}
        make_certificate(self.home / "self", f"{name}.example")
        self.key = self.key_of("self")

    def key_of(self, stem):
        done = self.run("inspect", "--json", self.home / f"{stem}.pem")
        return json.loads(done.stdout.splitlines()[0])["key"]

    def run(self, *words):
        return subprocess.run([f"{self.build}/cli/commresolve", *map(str, words)], env=self.env,
                              timeout=60, capture_output=True, text=True, check=False)

    def add(self, host):
        make_certificate(self.home / host, host)
        done = self.run("--no-daemon", "import", self.home / f"{host}.pem")
        if done.returncode != 0:
            raise RuntimeError(done.stderr)

    def start(self, *options):
        folder = self.home / "commresolve"
        folder.mkdir(exist_ok=True)
        with (folder / "config.toml").open("w", encoding="utf-8") as file:
            for key, value in self.settings.items():
                file.write(f"{key} = {value}\n")
        log = self.home / "log"
        self.starts += 1
        with log.open("a", encoding="utf-8") as out:
            self.daemon = subprocess.Popen([f"{self.build}/grpc/daemon/commresolved", *options],
                                           env=self.env, stderr=out)
        wait_for(f"{self.name} started", lambda: self.daemon.poll() is not None or
                 log.read_text().count("event=started") == self.starts)
        if self.daemon.poll() is not None:
            raise RuntimeError(log.read_text())

    def stop(self):
        if self.daemon is not None:
            self.daemon.send_signal(signal.SIGCONT)
            self.daemon.terminate()
            self.daemon.wait(timeout=60)
            self.daemon = None

    def digest_of_index(self):
        digest = hashlib.sha256()
        for path in sorted((self.home / "commresolve/search").rglob("*")):
            digest.update(f"{path.name} {path.stat().st_mtime_ns}\n".encode())
        return digest.hexdigest()


class Hub(Machine):
    """The daemon that asks the others."""

    def name_servers(self, **servers):
        """servers: name=(port, key)"""
        tables = ", ".join(f'{{name = "{name}", address = "127.0.0.1:{port}", key = "{key}"}}'
                           for name, (port, key) in servers.items())
        self.settings |= {"index_servers": f"[{tables}]",
                          "index_client_certificate": f'"{self.home}/self.pem"',
                          "index_client_key": f'"{self.home}/self.key"'}

    def search(self, words="wiki"):
        """({name: origin}, {server: code}) of what was found and what was missing."""
        start = time.monotonic()
        done = self.run("search", "--json", words)
        took = time.monotonic() - start
        if took > LONGEST_ANSWER:
            raise RuntimeError(f"an answer after {took:.1f} s")
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        rows = [line for line in lines if line["kind"] == "search_result"]
        for row in rows:
            if row["index_server"] and (row["tier"] != "claimed" or row["public_chain"]):
                raise RuntimeError(f"believed: {row}")
        parts = {line["index_server"]: line["error"]["code"] for line in lines
                 if line["kind"] == "missing_part"}
        if done.returncode != (0 if rows else 1) or len(parts) != done.stderr.count("did not answer"):
            raise RuntimeError(f"exit code {done.returncode}: {done.stderr}")
        return {row["names"][0]: row["index_server"] for row in rows}, parts


def expect(what, found, wanted):
    if found != wanted:
        raise RuntimeError(f"{what}: {found}, not {wanted}")
    print(f"ok  {what}", flush=True)


def settings_of_server(machine, client):
    return {"grpc_listen": f'"127.0.0.1:{machine.port}"',
            "grpc_certificate": f'"{machine.home}/self.pem"', "grpc_key": f'"{machine.home}/self.key"',
            "grpc_client_ca": f'"{client.home}/self.pem"'}


OWN, NORTH, SOUTH = {"wiki.own": None}, {"wiki.north": "north"}, {"wiki.south": "south"}


def kill_and_stop(hub, north):
    north.daemon.kill()
    north.daemon.wait()
    expect("one is killed", hub.search(), (OWN | SOUTH, {"north": "unavailable"}))
    expect("and why is told", "the index server 'north' did not answer: connection refused; "
           "results may be incomplete" in hub.run("search", "wiki").stderr, True)
    north.start("--index-server")
    wait_for("north is asked again", lambda: not hub.search()[1])
    expect("it is back", hub.search(), (OWN | NORTH | SOUTH, {}))
    north.daemon.send_signal(signal.SIGSTOP)
    expect("one is silent", hub.search(), (OWN | SOUTH, {"north": "deadline_exceeded"}))
    north.daemon.send_signal(signal.SIGCONT)
    wait_for("north answers again", lambda: not hub.search()[1])
    expect("it speaks again", hub.search(), (OWN | NORTH | SOUTH, {}))


def impersonate(hub, north, south, stranger):
    hub.stop()
    hub.name_servers(north=(south.port, north.key), south=(south.port, south.key))
    hub.start()
    expect("another key than pinned", hub.search(), (OWN | SOUTH, {"north": "untrusted"}))
    hub.stop()
    hub.name_servers(north=(north.port, north.key), south=(south.port, south.key))
    for name in ("certificate", "key"):
        ending = "pem" if name == "certificate" else "key"
        hub.settings[f"index_client_{name}"] = f'"{stranger.home}/self.{ending}"'
    hub.start()
    expect("a client that nobody knows", hub.search(),
           (OWN, {"north": "untrusted", "south": "untrusted"}))


def only_searches(north):
    """Neither sockets nor answers beyond those of an index server."""
    folder = north.home / "commresolve"
    there = {path.name for path in folder.iterdir()}
    expect("no other doors", there & {"keeper.sock", "nss.sock", "hosts.snap", "metrics.sock"}, set())
    at = ["--socket", folder / "grpc.sock"]
    expect("it searches", north.run(*at, "search", "wiki").returncode, 0)
    expect("it completes", north.run(*at, "complete", "wik").stdout.split(), ["wiki"])
    expect("commands work beside it", north.run("search", "wiki").returncode, 0)
    refused = [north.run(*at, "resolve", "wiki"), north.run(*at, "why", "wiki"),
               north.run(*at, "bind", "wiki", "--key", north.key), north.run(*at, "unbind", "wiki"),
               north.run(*at, "observe", "127.0.0.1:1")]
    expect("it does nothing else", [done.returncode for done in refused], [3] * 5)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True, help="build folder")
    build = os.path.abspath(parser.parse_args().build)
    with contextlib.ExitStack() as stack:
        root = stack.enter_context(tempfile.TemporaryDirectory(prefix="commresolve-servers."))
        hub, stranger = Hub(root, "hub", build), Machine(root, "stranger", build)
        north, south = Machine(root, "north", build), Machine(root, "south", build)
        for server in (north, south):
            stack.callback(server.stop)
            server.add(f"wiki.{server.name}")
            server.settings = settings_of_server(server, hub)
            server.start("--index-server")
        before = north.digest_of_index()
        hub.name_servers(north=(north.port, north.key), south=(south.port, south.key))
        stack.callback(hub.stop)
        hub.start()
        expect("nothing is held here", hub.search(), (NORTH | SOUTH, {}))
        hub.add("wiki.own")
        expect("here and there", hub.search(), (OWN | NORTH | SOUTH, {}))
        table = hub.run("search", "wiki").stdout
        expect("the table names servers", ("INDEX SERVER" in table, "north" in table), (True, True))
        alone = hub.run("--no-daemon", "search", "wiki")
        expect("alone it says what is missing", (alone.returncode, alone.stdout.count("wiki."),
               alone.stderr.count("did not answer: only the daemon asks it")), (0, 2, 2))
        only_searches(north)
        kill_and_stop(hub, north)
        impersonate(hub, north, south, stranger)
        expect("the index is as it was", north.digest_of_index(), before)
        expect("no word is in a log", "wiki" in (north.home / "log").read_text() +
               (hub.home / "log").read_text(), False)
    sys.exit(0)


main()
