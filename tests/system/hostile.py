#!/usr/bin/env python3
# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Programs that misuse the daemon's sockets.

"""hostile.py KIND SOCKET COUNT USER: says "ready N" when it has done its worst, and stays.

idle        COUNT connections to nss.sock that say nothing, opened again when they are closed
idle-grpc   COUNT connections to grpc.sock that say nothing
deaf        COUNT questions at nss.sock, whose answers are not read, asked again and again
deaf-grpc   COUNT calls of Search, 64 on each connection, whose answers have no room to be sent
deaf-watch  COUNT calls of Watch, likewise
"""

import errno
import os
import errno
import os
import resource
import socket
import struct
import sys
import time

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
CALLS_OF_CONNECTION = 64
SERVICE = "/commresolve.v1.ResolverService/"


def connect(path, kind):
    client = socket.socket(socket.AF_UNIX, kind)
    client.setblocking(False)
    try:
        client.connect(path)
    except OSError as error:
        client.close()
        if error.errno not in (errno.EAGAIN, errno.ECONNREFUSED, errno.ENOENT):
            raise
        return None
    return client


def open_many(path, kind, count):
    """As many as can be had: a listener has a finite queue, so it is tried again for a while."""
    clients, deadline = [], time.monotonic() + 10
    while len(clients) < count and time.monotonic() < deadline:
        client = connect(path, kind)
        if client is None:
            time.sleep(0.001)
        else:
            clients.append(client)
    return clients


def idle(path, count):
    clients = open_many(path, socket.SOCK_SEQPACKET, count)
    print("ready", len(clients), flush=True)
    at = 0
    while True:  # Those that the daemon has closed are opened again.
        clients[at].close()
        clients[at] = connect(path, socket.SOCK_SEQPACKET) or socket.socket()
        at = (at + 1) % len(clients)
        time.sleep(0.001)


def idle_grpc(path, count):
    clients = open_many(path, socket.SOCK_STREAM, count)
    print("ready", len(clients), flush=True)
    time.sleep(3600)
    return clients


def deaf(path, count):
    name = b"debian-bugs.cert.alt"
    question = struct.pack("=HBBHBBQ", 16 + len(name), 1, 1, 250, len(name), 0, 7) + name
    clients = []
    asked = 0
    while True:
        if len(clients) >= count:
            clients.pop(0).close()
        client = connect(path, socket.SOCK_SEQPACKET)
        if client is not None:
            clients.append(client)
            try:
                client.send(question)
            except OSError:
                pass
        asked += 1
        if asked == 2 * count:
            print("ready", asked, flush=True)
        time.sleep(0.001)


def frame(kind, flags, stream, payload):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def size_of(data):
    """Of the payload of the frame that begins `data`."""
    return int.from_bytes(data[:3], "big")


def header(name, value):
    """HPACK: a literal that is not indexed and not compressed."""
    return b"\0" + b"".join(bytes([len(text)]) + text.encode() for text in (name, value))


def call(stream, method, message):
    headers = b"".join(header(*pair) for pair in (
        (":method", "POST"), (":scheme", "http"), (":path", SERVICE + method),
        (":authority", "localhost"), ("te", "trailers"), ("content-type", "application/grpc")))
    body = b"\0" + struct.pack(">I", len(message)) + message
    return frame(1, 4, stream, headers) + frame(0, 1, stream, body)


def deaf_grpc(path, count, method, message):
    no_room = struct.pack(">HI", 4, 0)  # SETTINGS_INITIAL_WINDOW_SIZE
    clients, sent = [], 0
    while sent < count and len(clients) < 100:
        client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        client.settimeout(1)
        clients.append(client)
        try:
            client.connect(path)
            client.sendall(PREFACE + frame(4, 0, 0, no_room))
            for number in range(CALLS_OF_CONNECTION):
                client.sendall(call(2 * number + 1, method, message))
                sent += 1
        except OSError:
            pass  # It takes no more.
    print("ready", sent, flush=True)
    time.sleep(3600)


def main():
    kind, path, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    os.setuid(int(sys.argv[4]))
    if kind == "deaf-grpc":
        deaf_grpc(path, count, "Search", b"\x0a\x06debian")
    elif kind == "deaf-watch":
        deaf_grpc(path, count, "Watch", b"")
    else:
        {"idle": idle, "idle-grpc": idle_grpc, "deaf": deaf}[kind](path, count)


if __name__ == "__main__":
    main()
