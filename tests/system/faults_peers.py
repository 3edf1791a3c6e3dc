#!/usr/bin/env python3
# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Faults of whoever talks to the daemon, and whom it talks to.

"""Clients that misuse its sockets, servers with another key, DNS and network that are gone."""

import contextlib
import socket
import struct
import subprocess
import sys
import time

import hostile
import world
from faults_stage import SERVERS, expect

MATCH = 1


def answers(path, method, message, patience=5.0):
    """The messages that a gRPC call brings within that time, each as bytes, as they come."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(patience)
        client.connect(path)
        client.sendall(hostile.PREFACE + hostile.frame(4, 0, 0, b"")
                       + hostile.call(1, method, message))
        buffer, body = b"", b""
        while True:
            with contextlib.suppress(socket.timeout, ConnectionError):
                piece = client.recv(65536)
                if not piece:
                    return
                buffer += piece
                while len(buffer) >= 9 and len(buffer) >= 9 + (size := hostile.size_of(buffer)):
                    kind, flags, payload = buffer[3], buffer[4], buffer[9:9 + size]
                    buffer = buffer[9 + size:]
                    if kind == 4 and not flags & 1:
                        client.sendall(hostile.frame(4, 1, 0, b""))
                        yield b""  # The server is there.
                    if kind == 0:
                        body += payload
                        while len(body) >= 5 and len(body) >= 5 + struct.unpack(">I", body[1:5])[0]:
                            end = 5 + struct.unpack(">I", body[1:5])[0]
                            yield body[5:end]
                            body = body[end:]
                    if kind == 1 and flags & 1:
                        return
                continue
            return


def resolves(stage):
    """True if a gRPC call is answered."""
    with contextlib.suppress(OSError):
        return any(answers(f"{stage.runtime}/grpc.sock", "Resolve", b"\x0a\x0bdebian bugs"))
    return False


def publishes_changes(stage):
    stage.commresolve("bind", "debian", "late", "--key", stage.keys["debian"])
    world.wait_for("the late name", lambda: stage.published("debian-late") == SERVERS["debian"])
    stage.commresolve("unbind", "debian", "late")
    world.wait_for("its end", lambda: stage.published("debian-late") is None)


def socket_answers(stage):
    """True if another user is told at the socket that a name does not exist, and in time."""
    # As bytes, because the user need not have the right to read more of Python.
    look = (f"import os, socket\nos.setuid({stage.user(1)})\n"
            "try: socket.getaddrinfo(b'nobody-bound-this.cert.alt', 1)\n"
            "except socket.gaierror as error: print(error.errno == socket.EAI_NONAME)")
    done = subprocess.run([sys.executable, "-c", look], env=stage.env, check=True, text=True,
                          capture_output=True, timeout=world.PATIENCE)
    return done.stdout.strip() == "True"


def nss_clients_misbehave(kind, count):
    def case(stage, _):
        stage.start(system=stage.many_users)
        with stage.hostile(kind, f"{stage.runtime}/nss.sock", count, user=stage.user(2)) as opened:
            # Without another user there is only the one whose connections are used up.
            told = [socket_answers(stage) for _ in range(20)] if stage.many_users else []
            publishes_changes(stage)
            expect(resolves(stage), "gRPC does not answer")
            expect(all(told), f"{told.count(False)} of {len(told)} questions had no answer")
        world.wait_for("an answer at the socket", lambda: socket_answers(stage))
        return f"{opened} {'connections' if kind == 'idle' else 'questions'}"
    return case


def idle_grpc(stage, _):
    stage.start(system=stage.many_users, descriptors=1024)
    socket_of_all = f"{stage.runtime}/grpc.sock"
    with stage.hostile("idle-grpc", socket_of_all, 2000, user=stage.user(2)) as opened:
        time.sleep(1)
        told = [socket_answers(stage) for _ in range(20)]
        expect(all(told), f"{told.count(False)} of {len(told)} questions had no answer")
        expect(not stage.many_users or resolves(stage), "gRPC does not answer other users")
        publishes_changes(stage)
    world.wait_for("an answer to a gRPC call", lambda: resolves(stage))
    return f"{opened} connections, 1024 descriptors"


def deaf_grpc(kind, calls):
    def case(stage, _):
        stage.start(system=stage.many_users)
        socket_of_all = f"{stage.runtime}/grpc.sock"
        with stage.hostile(kind, socket_of_all, calls, user=stage.user(2)) as sent:
            time.sleep(2)
            threads = stage.threads()
            stage.memory_peak = stage.memory()
            expect(socket_answers(stage), "nss.sock does not answer")
            expect(not stage.many_users or resolves(stage), "gRPC does not answer other users")
            publishes_changes(stage)
            stage.stop()  # Within its grace, whatever clients do.
        return f"{sent} calls, {threads} threads"
    return case


def fields_of(message):
    """The fields of a protobuf message: numbers as they are, the rest as bytes."""
    found, at = {}, 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(message):
        tag = varint()
        if tag & 7 == 0:
            found[tag >> 3] = varint()
        else:
            size = varint()
            found[tag >> 3] = message[at:at + size]
            at += size
    return found


def key_swapped(stage, _):
    max_age = 8
    world.make_certificate(f"{stage.folder}/other", "other.server.example")
    stage.start(max_age=f"{max_age}s")
    events = answers(f"{stage.runtime}/grpc.sock", "Watch", b"", patience=30)
    next(events)
    stage.serve("debian", "other")
    swapped = time.monotonic()
    told = next(event for event in map(fields_of, events)
                if event.get(2) == b"bugs debian" and event.get(3, 0) != MATCH)
    reason = fields_of(told.get(5, b"")).get(2, b"").decode()
    expect(reason, f"the watcher is told no reason: {told}")
    world.wait_for("the end of the name", lambda: stage.get("debian-bugs") is None)
    took = time.monotonic() - swapped
    expect(took < max_age + 2, f"the name was answered for {took:.0f} s")
    while time.monotonic() < swapped + max_age + 4:
        expect(stage.get("debian-bugs") is None, "the name of another key is answered")
    stage.serve("debian")
    world.wait_for("the name", stage.publishes_all)
    return f"ended after {took:.1f} s of {max_age}; told: verdict {told.get(3)}, {reason}"


def dns_gone(stage, _):
    stage.start(max_age="4s")
    stage.judge(dns_works=False)
    stage.dns.silent = True
    time.sleep(6)
    expect(stage.publishes_all(), "names end with DNS")
    stage.dns.silent, stage.dns.delay = False, 1.0
    time.sleep(6)
    expect(stage.publishes_all(), "names end with slow DNS")
    stage.dns.delay = 0
    stage.judge(dns_works=True)


def network_gone(stage, _):
    stage.start(max_age="4s")
    stage.judge(dns_works=False)
    world.set_loopback(False)
    world.wait_for("the end of the names",
                   lambda: not any(stage.get(f"{word}-bugs") for word in SERVERS))
    world.set_loopback(True)
    world.wait_for("the names", stage.publishes_all)
    stage.judge(dns_works=True)


CASES = [
    ("nss.sock: 10,000 that say nothing", nss_clients_misbehave("idle", 10_000)),
    ("nss.sock: clients that never read", nss_clients_misbehave("deaf", 1_000)),
    ("grpc.sock: all descriptors taken", idle_grpc),
    ("grpc.sock: Search, never read", deaf_grpc("deaf-grpc", 3_000)),
    ("grpc.sock: Watch, never read", deaf_grpc("deaf-watch", 200)),
    ("another key at a bound server", key_swapped),
    ("DNS silent, then slow", dns_gone),
    ("network down", network_gone),
]
