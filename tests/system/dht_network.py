#!/usr/bin/env python3
# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Twenty daemons with public addresses of their own: announced, found, bound, moved, gone.

"""A key's way through a network of daemons, with times.

    tests/system/dht_network.py --build build/dev [--nodes 20]

Makes a network namespace for each machine, in a /24 and a /48 of its own, joined by a router; some have IPv4
or IPv6 alone. An owner announces his server, a machine that saw the server publishes its words, strangers find it by
these words, bind it and reach it through the NSS module; then it moves, and ends. Debian's dhtnode takes part
all the while, once in this network and twice in one of its own. Nothing leaves the machine. Needs root; exits with
77 if there are no namespaces. Prints a table; exits with 1 if a line failed.
"""

import os
import shutil
import subprocess
import time

import dht_world
import world
from dht_world import Host, Machine, Servers, Table, address4, address6

NETWORK = 0x636d7273  # dht_network
NAME = "bluefin-harbour.org"
WORDS = ("bluefin", "harbour")
TYPED = "bluefin-harbour.cert.alt"
RSA_NAME = "amber-lighthouse.org"
RSA_WORDS = ("amber", "lighthouse")
RSA_TYPED = "amber-lighthouse.cert.alt"
MAX_AGE = 30  # Seconds that a proof answers; an hour would make the test long.
NEW_HOME, RSA_HOME, STRANGE = 60, 61, 70  # Numbers of hosts without daemons.


class DhtNode:
    """Debian's dhtnode on a host."""

    def __init__(self, host, network, peer):
        self.process = host.start(["dhtnode", "-n", network, "-p", dht_world.DHT_PORT, "-b",
                                   f"{address4(peer)}:{dht_world.DHT_PORT}"],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True)
        os.set_blocking(self.process.stdout.fileno(), False)
        self.heard = ""

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def hears(self, text):
        self.heard += self.process.stdout.read() or ""
        return text in self.heard

    def asks(self, key, text):
        self.say(f"g {key}")
        time.sleep(0.2)
        return self.hears(text)

    def ends(self):
        self.say("x")
        return self.process.wait(timeout=world.PATIENCE) == 0


def families(number):
    """The last six machines have one family alone."""
    return {15: "6", 16: "6", 17: "6", 18: "4", 19: "4", 20: "4"}.get(number, "46")


def make_machines(root, build, count, table):
    begin = time.monotonic()
    first = [f"{address4(1)}:{dht_world.DHT_PORT}", f"[{address6(1)}]:{dht_world.DHT_PORT}"]
    machines = [Machine(root, build, Host(number, families(number)), first if number > 1 else [],
                        max_age=f"{MAX_AGE}s") for number in range(1, count + 1)]
    dht_world.start_all(machines)
    table.row(f"{count} daemons started", True, f"{time.monotonic() - begin:.1f} s")
    return machines


def join(machines, table):
    begin = time.monotonic()
    table.row("before joining, status says so", machines[1].run("dht", "status").returncode == 1)
    for machine in machines:
        machine.must("dht", "join")
    least = min(8, len(machines) // 2)
    for machine in machines:
        wanted = least if machine.host.families == "46" else least // 2
        world.wait_for(f"{machine.host.name} has peers",
                       lambda m=machine, w=wanted: m.has_peers(w))
    table.row(f"all have {least} peers or more", True, f"{time.monotonic() - begin:.1f} s")
    health = machines[1].status()["health"]
    table.row("different networks seen", health["networks"] >= least,
              f"{health['networks']} networks, size estimated {health['estimated_size']}")


def announce(owner, signer, name, addresses, table, what):
    """The time at which it was announced."""
    at = [f"{f'[{address}]' if ':' in address else address}:443" for address in addresses]
    since = time.monotonic()
    owner.must("dht", "announce", *signer, "--name", name,
               *[word for place in at for word in ("--at", place)])

    def confirmed():
        state = owner.status()["announcements"]
        return len(state) == 1 and state[0]["confirmed"]

    table.timed(what, confirmed, since=since)
    replicas = owner.status()["announcements"][0]["replicas"]
    table.row("  kept by", replicas >= 5, f"{replicas} nodes")
    return since


def publish(finder, owner_host, name, table):
    since = time.monotonic()
    finder.must("observe", "--sni", name, *[f"{address4(owner_host.number)}:{port}"
                                            for port in (443, 8443, 5443)])
    report = finder.json("dht", "publish", "--postings", "yes", "--observations", "yes")[0]
    table.row("a machine that saw it publishes", report["posting_sets"] > 0,
              f"{report['posting_sets']} postings, {report['observations']} observations")
    table.timed("  all of it is put", finder.has_published, since=since)


def look_up(stranger, table, what):
    """The key that was found."""
    found = {}

    def finds():
        begin = time.monotonic()
        rows = stranger.json("dht", "lookup", *WORDS)
        found["took"] = time.monotonic() - begin
        found["row"] = next((row for row in rows if row["kind"] == "lookup_row"), None)
        return found["row"] is not None

    table.timed(what, finds)
    row = found["row"]
    if row is None:
        return None
    table.row("  one look-up and handshake", row["names"] == [NAME],
              f"{found['took'] * 1000:.0f} ms, told by {row['told_by']}, tier {row['tier']}")
    return row["key"]


def bind_and_use(stranger, key, address, table, what):
    table.row(f"{what}: unbound words have no address", stranger.getent(TYPED) == [])
    stranger.must("bind", *WORDS, "--key", key)
    table.timed(f"{what}: bound, getent answers {address}",
                lambda: address in stranger.getent(TYPED))
    table.row(f"{what}: bound words are not asked for", stranger.run("dht", "lookup", *WORDS)
              .returncode not in (0, 1))


def ask_by_itself(machine, table):
    """`resolve` and `search` of a machine that knows nothing, with peers."""
    rows = machine.json("resolve", "--no-peers", *WORDS)
    table.row("without peers nobody here knows the words", rows[0]["error"]["code"] == "not_found" and
              machine.status()["questions"] == 0)
    table.timed("`resolve --peers`: known, and left to the user", lambda: machine.json(
        "resolve", "--peers", *WORDS)[0]["error"]["code"] == "untrusted")
    table.row("  nothing is bound by what peers say", machine.json("known") == [])
    table.timed("  and can be found here", lambda: machine.run(
        "search", "--no-peers", *WORDS).returncode == 0)
    asked = machine.status()["questions"]
    machine.run("resolve", "--peers", *WORDS)
    table.row("  known here by now: nobody is asked again", machine.status()["questions"] == asked,
              f"{asked} questions")
    rows = machine.json("search", "--peers", *WORDS)
    keys = [row["key"] for row in rows if row["kind"] in ("search_result", "lookup_row")]
    table.row("`search --peers` shows the key once, as found here", len(keys) == 1 and
              rows[0]["kind"] == "search_result" and rows[-1]["kind"] == "lookup_summary" and
              rows[-1]["proved"] == 1)


def follow(machine, who, old, new):
    """What has to come true after a move."""
    yield f"{who}: {old} is no answer any more, after", lambda: old not in machine.getent(TYPED)
    yield f"{who}: {new} is the answer, after", lambda: new in machine.getent(TYPED)


def told_by(machine, words):
    """Whose word the place was, once a look-up proved a key there."""
    rows = machine.json("dht", "lookup", *words)
    return next((row["told_by"] for row in rows if row["kind"] == "lookup_row"), None)


def delegate(root, machines, table, stack):
    """An RSA key lets a publishing key speak for it; it is heard, and followed when it moves."""
    owner, finder, stranger = machines[6], machines[2], machines[7]
    certificate, old, new = f"{root}/rsa", address4(7), address4(RSA_HOME)
    dht_world.make_certificate(certificate, RSA_NAME, key=dht_world.RSA)
    table.row("an RSA key cannot announce by itself", owner.run(
        "dht", "announce", "--key", f"{certificate}.key", "--at", f"{old}:443").returncode == 2)
    owner.must("dht", "delegate", "--key", f"{certificate}.key", "--out", f"{certificate}.statement")
    server = Servers(owner.host, certificate, [(old, port) for port in (443, 8443, 5443)])
    stack.callback(server.kill)
    signer = ("--statement", f"{certificate}.statement")
    announce(owner, signer, RSA_NAME, [old], table, "its publishing key announces for it")
    publish(finder, owner.host, RSA_NAME, table)
    words = []
    table.timed("a stranger finds and proves it", lambda: words.append(
        told_by(stranger, RSA_WORDS)) or words[-1])
    # Whichever of the places proves the key first; observations name more of them.
    table.row("  told by somebody whom nobody checked", words[-1] in ("publishing_key", "stranger"),
              str(words[-1]))
    table.timed("  told by the owner, when the statement was fetched",
                lambda: told_by(stranger, RSA_WORDS) == "owner")
    rows = stranger.json("dht", "lookup", *RSA_WORDS)
    stranger.must("bind", *RSA_WORDS, "--key", rows[0]["key"])
    table.timed(f"  bound, getent answers {old}", lambda: old in stranger.getent(RSA_TYPED))
    home = Servers(Host(RSA_HOME), certificate, [(new, 443)])
    stack.callback(home.kill)
    server.kill()
    moved = announce(owner, signer, RSA_NAME, [new], table, "it moves; the announcement is confirmed")
    table.timed(f"  {new} is the answer, after", lambda: new in stranger.getent(RSA_TYPED),
                10 * MAX_AGE, since=moved)


def refuses(machine):
    done = machine.run("resolve", *WORDS)
    return done.returncode not in (0, 1) and "error:" in done.stderr


def check_dhtnodes(ours, foreign, machines, table):
    key, text = "ab" * 20, "hello-from-debian"
    foreign[0].say(f"p {key} {text}")
    table.timed("dhtnode finds what another put, in their network",
                lambda: foreign[1].asks(key, text))
    for _ in range(20):
        ours.say(f"p {key} {text}")
        ours.say(f"g {key}")
    table.timed("dhtnode is a neighbour in ours, its values are refused", lambda: any(
        drop["reason"] == "value" and drop["packets"] > 0 for machine in machines[:8]
        for drop in machine.status()["health"]["dropped"]))
    table.row("dhtnode was not disturbed: all three end well",
              all([node.ends() for node in (ours, *foreign)]))


def check_machines(machines, table):
    healths = [machine.status()["health"] for machine in machines]
    faults = sum(health["faults"] for health in healths)
    table.row("no daemon caught an error of the library", faults == 0, f"{faults}")
    packets = sum(health["sent"] for health in healths)
    size = sum(health["sent_bytes"] for health in healths) / 1e6
    table.row("sent by all", True, f"{packets} packets, {size:.1f} MB")
    table.row("all daemons end well", all([machine.stop() for machine in machines]))


def check(root, build, count, stack):
    table = Table()
    begin = time.monotonic()
    machines = make_machines(root, build, count, table)
    for machine in machines:
        stack.callback(machine.stop)
    join(machines, table)
    owner, finder, stranger, v6_only = machines[1], machines[2], machines[3], machines[14]
    nodes = []
    if shutil.which("dhtnode"):
        hosts = [Host(STRANGE + i) for i in range(3)]
        nodes = [DhtNode(hosts[0], NETWORK, 1), DhtNode(hosts[1], 0, 1),
                 DhtNode(hosts[2], 0, STRANGE + 1)]
        for node in nodes:
            stack.callback(node.process.kill)

    certificate = f"{root}/server"
    dht_world.make_certificate(certificate, NAME)
    old = Servers(owner.host, certificate,
                  [(address, port) for address in (address4(2), address6(2))
                   for port in (443, 8443, 5443)])
    stack.callback(old.kill)
    signer = ("--key", f"{certificate}.key")
    announce(owner, signer, NAME, [address4(2), address6(2)], table,
             "the owner's announcement is confirmed")
    publish(finder, owner.host, NAME, table)
    key = look_up(stranger, table, "a stranger finds it by its words")
    bind_and_use(stranger, key, address4(2), table, "stranger")
    table.row("  it is the same key", key == look_up(v6_only, table,
                                                     "a stranger with IPv6 alone finds it"))
    bind_and_use(v6_only, key, address6(2), table, "with IPv6 alone")

    home = Host(NEW_HOME)
    new = Servers(home, certificate, [(address, 443) for address in
                                      (address4(NEW_HOME), address6(NEW_HOME))])
    stack.callback(new.kill)
    old.kill()
    moved = announce(owner, signer, NAME, [address4(NEW_HOME), address6(NEW_HOME)], table,
                     "it moves; the announcement is confirmed")
    table.timed_all({
        what: condition for who, machine, address in (("stranger", stranger, address4),
                                                      ("with IPv6 alone", v6_only, address6))
        for what, condition in follow(machine, who, address(2), address(NEW_HOME))
    }, 10 * MAX_AGE, since=moved)
    ask_by_itself(machines[5], table)
    newcomer = machines[4]
    table.row("  it is the same key", key == look_up(newcomer, table,
                                                     "a newcomer finds it at its new place"))
    delegate(root, machines, table, stack)

    if nodes:
        check_dhtnodes(nodes[0], nodes[1:], machines, table)
    else:
        print("dhtnode is not installed: not looked at")
    new.kill()
    killed = time.monotonic()
    table.timed_all({
        "the server is killed: the name has no address, after":
            lambda: not stranger.getent(TYPED) and not v6_only.getent(TYPED),
        "  and resolve refuses with a reason, after": lambda: refuses(stranger)
    }, 2 * MAX_AGE, since=killed)
    table.row("  and stays so", stranger.getent(TYPED) == [] == v6_only.getent(TYPED))
    check_machines(machines, table)
    print(f"{time.monotonic() - begin:.0f} s in all; a proof answers for {MAX_AGE} s here")
    return table.problems


def main():
    parser = dht_world.arguments(__doc__)
    parser.add_argument("--nodes", type=int, default=20, help="20 to 50")
    options = parser.parse_args()
    dht_world.run(lambda root, stack: check(root, options.build, options.nodes, stack))


if __name__ == "__main__":
    main()
