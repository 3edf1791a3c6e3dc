#!/usr/bin/env python3
# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What leaves a machine, by all of its packets: nothing for bound words, one bucket for others, no private name.

"""Captures every packet of a machine while its user looks names up and publishes.

    tests/system/dht_privacy.py --build build/dev

Makes machines with daemons in network namespaces, as dht_network.py does, and listens at the link of one. Needs
root; exits with 77 if there are no namespaces. Prints a table; exits with 1 if a line failed.
"""

import base64
import hashlib
import hmac
import ipaddress
import os
import pathlib
import socket
import struct
import sys
import time
import uuid

import dht_world
import world
from dht_world import Host, Machine, Servers, Table, address4

BOUND, BOUND_WORDS = "bluefin-harbour.org", ("bluefin", "harbour", "org")
ASKED, ASKED_WORDS = "walnut-observatory.org", ("walnut", "observatory")
NOBODY = ("quixotic", "zeppelin")
PUBLIC = "amber-lighthouse.org"
PRIVATE = ["attic-server.internal", "laserjet-printer.local", "nas-basement.home.arpa"]
RARE = "rare-kingfisher.org"
MIXED = ("copper-gallery.org", "wine-cellar.internal")
INDOORS = "orchid-ledger.org"
INDOOR_ADDRESSES = ["10.9.8.7", "fc00::7"]
MANY = 1_000_000
MAX_AGE = 20  # Seconds that a proof answers.
LOOK_FOR = 20  # Seconds of look-ups.
SERVER, SHARED_PORTS = 50, (443, 8443, 5443)


# Listening.

def capture(path):
    """Writes what passes eth0 to `path`: direction, length, frame."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.ntohs(3)) as link:
        link.setsockopt(socket.SOL_SOCKET, 33, 1 << 24)  # SO_RCVBUFFORCE
        link.bind(("eth0", 0))
        with open(path, "wb", buffering=0) as file:
            while True:
                frame, (_, _, kind, *_) = link.recvfrom(65536)
                file.write(struct.pack("!BI", kind == socket.PACKET_OUTGOING, len(frame)) + frame)


class Listener:
    def __init__(self, host, path):
        self.host, self.path = host, path
        self.process = host.start([sys.executable, "-B", __file__, "--capture", path])
        world.wait_for("the capture", lambda: os.path.exists(path))
        self.at = 0
        self.window()

    def window(self):
        """What was sent since the last call: pairs of the UDP payload, or nothing, and the frame."""
        mark = uuid.uuid4().hex
        say = ("import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM)"
               f".sendto(b'{mark}', ('{address4(1)}', 9))")
        self.host.run([sys.executable, "-c", say], check=True)
        world.wait_for("the mark", lambda: mark.encode() in pathlib.Path(self.path).read_bytes())
        data = pathlib.Path(self.path).read_bytes()
        sent = []
        while self.at + 5 <= len(data):
            outgoing, size = struct.unpack_from("!BI", data, self.at)
            frame = data[self.at + 5:self.at + 5 + size]
            self.at += 5 + size
            if outgoing and mark.encode() not in frame:
                sent.append((dht_payload(frame), frame))
        return sent

    def stop(self):
        self.process.kill()
        self.process.wait()


def dht_payload(frame):
    """Of a datagram of the DHT; None for everything else."""
    kind = frame[12:14]
    if kind == b"\x08\0" and frame[23] == 17:
        udp = 14 + 4 * (frame[14] & 15)
    elif kind == b"\x86\xdd" and frame[20] == 17:
        udp = 54
    else:
        return None
    ports = struct.unpack_from("!HH", frame, udp)
    return frame[udp + 8:] if dht_world.DHT_PORT in ports else None


def datagrams(sent):
    return [payload for payload, _ in sent if payload is not None]


def holding(packets, needles):
    """Which of the needles are in a packet, by name."""
    return sorted({name for name, needle in needles.items() for packet in packets
                   if needle in packet.lower() or needle in packet})


# What words and keys become in the network: docs/formats/dht-record.md.

def hashed_key(context, text):
    return hashlib.sha256(context + b"\0" + text).digest()[:20]


def bucket_hash(word):
    return hashlib.sha256(b"commresolve dht bucket hash v1\0" + word.encode()).digest()[:2]


def bucket(word):
    return hashed_key(b"commresolve dht bucket v1", b"\x10" + bucket_hash(word))


def shards(word):
    return {f"shard {i} of {word}": hashed_key(b"commresolve dht hot word v1",
                                               bytes([i]) + word.encode()) for i in range(64)}


def buckets(words):
    return {f"bucket of {word}": bucket(word) for word in words}


def subjects(key):
    return {f"{kind}s of the key": hashed_key(b"commresolve dht %s v1 key" % kind.encode(), key[:16])
            for kind in ("owner", "observation", "rollover")}


def plain(words):
    return {word: word.encode() for word in words}


def addresses(texts):
    return {text: ipaddress.ip_address(text).packed for text in texts}


def key_of(machine, certificate):
    text = machine.json("inspect", f"{certificate}.pem")[0]["key"].upper()
    return base64.b32decode(text + "=" * (-len(text) % 8))


def words_of(names):
    return sorted({word for name in names for label in name.split(".")[:-1]
                   for word in (*label.split("-"), label.replace("-", ""))})


def posting_blocks(packets):
    """Key and record of every posting block that was put; by msgpack's marks, as OpenDHT has them."""
    for packet in packets:
        place, data = packet.find(b"\xa1h\xc4\x14"), packet.find(b"\xa4data")
        if b"\xa3put" not in packet or place < 0 or data < 0:
            continue
        head = {0xc4: 2, 0xc5: 3}[packet[data + 5]]
        begin = data + 5 + head
        record = packet[begin:begin + int.from_bytes(packet[data + 6:begin], "big")]
        if record[:2] == b"\xc1\x01":
            yield packet[place + 4:place + 24], record


def readable(blocks, words):
    """Those of the words that open an entry of a block."""
    opened = set()
    for key, record in blocks:
        finder, number, entries = record[11:43], record[43], record[45:-64]
        for word in words:
            secret = hashlib.sha256(b"commresolve dht word secret v1\0" + word.encode()).digest()
            for place in range(len(entries) // 25):
                mask = hmac.digest(secret, finder + key + record[2:6] + bytes([number, place]),
                                   "sha256")
                if mask[:4] == entries[25 * place:25 * place + 4]:
                    opened.add(word)
    return sorted(opened)


# What is looked at.

class Stage:
    """Peers, servers, and the machine that is listened to."""

    def __init__(self, root, build, stack):
        self.root, self.stack = root, stack
        first = [f"{address4(1)}:{dht_world.DHT_PORT}"]
        self.peers = [Machine(root, build, Host(number), first) for number in range(1, 8)]
        self.finder, self.owner = self.peers[1], self.peers[2]
        self.client = Machine(root, build, Host(9), first, max_age=f"{MAX_AGE}s")
        for machine in (*self.peers, self.client):
            stack.callback(machine.stop)
        dht_world.start_all([*self.peers, self.client])
        for machine in self.peers:
            machine.must("dht", "join")
        for machine in self.peers:
            world.wait_for("peers", lambda m=machine: m.has_peers(6))
        self.server = Host(SERVER)
        self.certificates = {}

    def serve(self, number, ports, *names, host=None, at=None):
        """A server with a certificate of its own at address `number` of the server host."""
        certificate = f"{self.root}/{names[0]}"
        if names[0] not in self.certificates:
            dht_world.make_certificate(certificate, *names)
            self.certificates[names[0]] = certificate
        host = host or self.server
        address = at or f"9.9.{SERVER}.{number}"
        bits = 128 if ":" in address else 32
        host.ip("addr", "replace", f"{address}/{bits}", "dev", "lo" if at else "eth0", *(
            ["nodad"] if bits == 128 else []))
        servers = Servers(host, certificate, [(address, port) for port in ports])
        self.stack.callback(servers.kill)
        at = f"[{address}]" if ":" in address else address
        return [f"{at}:{port}" for port in ports], servers

    def shared(self, number, name):
        """Served, seen by the finder, published; its key."""
        places, servers = self.serve(number, SHARED_PORTS, name)
        self.finder.must("observe", "--sni", name, *places)
        self.finder.must("dht", "publish", "--postings", "yes", "--observations", "yes")
        world.wait_for("it is published", self.finder.has_published)
        return key_of(self.finder, self.certificates[name]), places, servers


def count(packets, of="packets to peers"):
    return f"{len(packets)} {of}"


def check_bound(stage, listener, key, places, table):
    client = stage.client
    client.must("observe", "--sni", BOUND, places[0])
    client.must("bind", "bluefin", "harbour", "--key",
                base64.b32encode(key).decode().lower().rstrip("="))
    world.wait_for("the name", lambda: client.getent("bluefin-harbour.cert.alt"))
    secrets = {**buckets(BOUND_WORDS), **{name: shard for word in BOUND_WORDS
                                          for name, shard in shards(word).items()},
               **subjects(key), **plain(BOUND_WORDS[:2]), "the key": key[:16]}

    def look_ups():
        begin, number = time.monotonic(), 0
        while time.monotonic() < begin + LOOK_FOR:
            client.getent("bluefin-harbour.cert.alt")
            client.getent("nobody-bound-this.cert.alt")
            client.must("resolve", "bluefin", "harbour")
            number += 3
        return number, datagrams(listener.window())

    listener.window()
    number, packets = look_ups()
    table.row(f"not joined: {number} look-ups of bound names", not packets, count(packets))
    client.must("dht", "join")
    number, packets = look_ups()
    found = holding(packets, secrets)
    table.row(f"joining, and {number} look-ups", bool(packets) and not found,
              f"{count(packets)}, none about them {found or ''}")
    world.wait_for("peers", lambda: client.has_peers(6))
    number, packets = look_ups()
    found = holding(packets, secrets)
    table.row(f"joined: {number} look-ups in {LOOK_FOR} s", not found,
              f"{count(packets)}, none about them {found or ''}")
    time.sleep(LOOK_FOR)
    idle = datagrams(listener.window())
    table.row("  in as long a time without any", not holding(idle, secrets), count(idle))
    refused = client.run("dht", "lookup", "bluefin", "harbour")
    found = holding(datagrams(listener.window()), secrets)
    table.row("joined: `dht lookup` of bound words is refused", refused.returncode not in (0, 1) and
              not found, f"exit {refused.returncode}, nothing sent about them {found or ''}")
    questions = client.status()["questions"]
    done = [client.run(command, "--peers", "bluefin", "harbour") for command in ("search", "resolve")]
    found = holding(datagrams(listener.window()), secrets)
    table.row("joined: `search --peers`, `resolve --peers` of bound words", not found and
              client.status()["questions"] == questions and
              all(one.returncode == 0 for one in done) and "could not be asked" in done[0].stderr,
              f"no question, nothing sent about them {found or ''}")


def check_lost(stage, listener, key, servers, table):
    """A bound name without an address: its owner is asked for, by the key."""
    servers.kill()
    stage.client.run("resolve", "--prove=always", "bluefin", "harbour")
    listener.window()
    packets = []

    def asked():
        packets.extend(datagrams(listener.window()))
        return holding(packets, {"owner": subjects(key)["owners of the key"]})

    table.timed("a bound name without address: its owner is asked for", asked)
    words = {**buckets(BOUND_WORDS), **plain(BOUND_WORDS[:2])}
    found = holding(packets, words)
    table.row("  by the key, never by words", not found, f"{count(packets)} {found or ''}")


def check_unbound(stage, listener, table):
    client = stage.client
    listener.window()
    rows = client.json("dht", "lookup", *ASKED_WORDS)
    packets = datagrams(listener.window())
    asked = holding(packets, buckets(ASKED_WORDS))
    spread = sum(rows[-1][name] for name in ("claimed", "values")) if rows else 0
    table.row("`dht lookup` of two words finds it", bool(rows) and rows[0]["kind"] == "lookup_row",
              f"{count(packets)}, {spread} claims and records")
    table.row("  no plain word in a packet to peers", not holding(packets, plain(ASKED_WORDS)))
    hot = {name: key for word in ASKED_WORDS for name, key in shards(word).items()}
    table.row("  one bucket is asked for", len(asked) == 1 and not holding(packets, hot),
              ", ".join(asked))
    client.run("dht", "lookup", *NOBODY)
    sent = [frame for _, frame in listener.window()]
    asked = holding(sent, buckets(NOBODY))
    table.row("`dht lookup` of words that nobody has: in all packets",
              len(asked) == 1 and not holding(sent, plain(NOBODY)),
              f"{count(sent, 'packets')}, {', '.join(asked)}, no plain word")
    word = asked[0].split()[-1] if asked else NOBODY[0]
    same = bucket_hash(word)
    alike = sum(bucket_hash(f"word{i}") == same for i in range(MANY))
    table.row(f"  of {MANY} words its bucket holds 6 or more", alike >= 6, f"{alike}")
    for private in ("attic.internal", "10.9.8.7", "printer.local"):
        listener.window()
        done = client.run("dht", "lookup", private)
        found = holding(datagrams(listener.window()), buckets(words_of([private])))
        table.row(f"`dht lookup {private}` is refused", done.returncode not in (0, 1) and not found,
                  f"exit {done.returncode} {found or ''}")
        questions = client.status()["questions"]
        for words in (("search", private), ("search", private, "x"), ("resolve", private),
                      ("resolve", f"{private} x")):
            client.run(words[0], "--peers", *words[1:])
        found = holding(datagrams(listener.window()), buckets(words_of([private])))
        table.row(f"  and with --peers nobody is asked for {private}", not found and
                  client.status()["questions"] == questions, f"{found or ''}")


def plant(stage):
    """Everything that the client sees; the keys of what shall stay at home, and of what may be told."""
    client, number = stage.client, 20
    hidden, told = [], []

    def see(names, ports, into, **where):
        places, _ = stage.serve(number, ports, *names, **where)
        client.must("observe", "--sni", names[0], *places)
        into.append(key_of(client, stage.certificates[names[0]]))

    for name in PRIVATE:
        see([name], SHARED_PORTS, hidden)
        number += 1
    see([RARE], [443], hidden)
    number += 1
    see(MIXED, SHARED_PORTS, told)
    number += 1
    see([PUBLIC], SHARED_PORTS, told)
    for address in INDOOR_ADDRESSES:
        see([INDOORS], SHARED_PORTS, hidden, host=client.host, at=address)
    return hidden[:-1], told


def check_publishing(stage, listener, table):
    client = stage.client
    hidden, told = plant(stage)
    private_names = [*PRIVATE, RARE, MIXED[1], INDOORS]
    public_words = set(words_of([PUBLIC, MIXED[0]]))
    private_words = [word for word in words_of(private_names) if word not in public_words]
    listener.window()
    report = client.json("dht", "publish", "--postings", "yes", "--observations", "yes")[0]
    world.wait_for("all of it is put", client.has_published)
    packets = datagrams(listener.window())
    blocks = list(posting_blocks(packets))
    table.row("publishing, with private things among what was seen", report["posting_sets"] > 0,
              f"{count(packets)}, {report['posting_sets']} postings, {report['observations']} "
              f"observations, {report['withheld']} of {report['listings']} listings at home")
    shown = holding(packets, buckets(["amber", "lighthouse"]))
    opened = readable(blocks, ["amber", "lighthouse", "copper", "gallery"])
    table.row("  what is public is there", len(shown) == 2 and len(opened) == 4,
              f"{len(blocks)} blocks put, opened by {', '.join(opened)}")
    seen = holding(packets, {**subjects(told[1]), "its key": told[1]})
    table.row("  and was observed", len(seen) == 2, ", ".join(seen))
    found = holding(packets, plain([*private_names, *private_words]))
    table.row("  no private or rare name in any packet", not found, ", ".join(found))
    found = holding(packets, buckets(private_words))
    table.row("  no bucket of their words", not found, ", ".join(found))
    found = readable(blocks, private_words)
    table.row("  no published record opens with one of them", not found, ", ".join(found))
    found = holding(packets, addresses(INDOOR_ADDRESSES))
    table.row("  no private address", not found, ", ".join(found))
    found = [name for key in hidden for name in
             holding(packets, {**subjects(key), "the key": key[:16]})]
    table.row("  no key of theirs", not found, ", ".join(found))
    table.row("  no error of the library", client.status()["health"]["faults"] == 0)


def check(root, build, stack):
    table = Table()
    begin = time.monotonic()
    stage = Stage(root, build, stack)
    bound_key, bound_places, bound_servers = stage.shared(10, BOUND)
    stage.shared(11, ASKED)
    listener = Listener(stage.client.host, f"{root}/packets")
    stack.callback(listener.stop)
    check_bound(stage, listener, bound_key, bound_places, table)
    check_unbound(stage, listener, table)
    check_publishing(stage, listener, table)
    check_lost(stage, listener, bound_key, bound_servers, table)
    print(f"{time.monotonic() - begin:.0f} s in all")
    return table.problems


def main():
    if sys.argv[1:2] == ["--capture"]:
        capture(sys.argv[2])
    build = dht_world.arguments(__doc__).parse_args().build
    dht_world.run(lambda root, stack: check(root, build, stack))


if __name__ == "__main__":
    main()
