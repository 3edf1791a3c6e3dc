#!/usr/bin/env python3
# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A DNS server that lies: it answers every question for an IPv4 address with the one it was given.

Prints its UDP port on 127.0.0.1 when it listens. Ends at SIGTERM.
"""

import argparse
import socket
import struct

TYPE_A = 1


def answer(query, address):
    end = 12
    while query[end] != 0:
        end += query[end] + 1
    (kind,) = struct.unpack_from("!H", query, end + 1)
    question = query[12 : end + 5]
    count = 1 if kind == TYPE_A else 0
    head = query[:2] + struct.pack("!HHHHH", 0x8580, 1, count, 0, 0)
    record = b"\xc0\x0c" + struct.pack("!HHIH", TYPE_A, 1, 60, 4) + socket.inet_aton(address)
    return head + question + record * count


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", help="the IPv4 address of every name")
    options = parser.parse_args()
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))
    print(server.getsockname()[1], flush=True)
    while True:
        query, client = server.recvfrom(4096)
        try:
            server.sendto(answer(query, options.address), client)
        except (IndexError, struct.error):
            pass  # Not a question.


if __name__ == "__main__":
    main()
