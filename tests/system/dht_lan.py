#!/usr/bin/env python3
# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Daemons on one link find each other without being told of anybody.

"""Machines on a bridge, with dht_lan and without a bootstrap node.

    tests/system/dht_lan.py --build build/dev

Makes a network namespace for each machine, joined by a bridge: two with IPv4 and IPv6, one with IPv6 alone, one without
dht_lan, and one on another link. Needs root; exits with 77 if there are no namespaces. Prints a table; exits with 1 if a
line failed.
"""

import time

import dht_world
import world
from dht_world import Machine, Table, ip, write

BRIDGE, OTHER_BRIDGE = "lan0", "lan1"
QUIET = 10  # Seconds in which nobody finds those who do not want to be found.


class LanHost(dht_world.Host):
    """A network namespace whose link is a port of a bridge."""

    def __init__(self, number, families="46", bridge=BRIDGE):  # pylint: disable=super-init-not-called
        self.number, self.families, self.name = number, families, f"l{number}"
        ip("netns", "add", self.name)
        ip("link", "add", f"p{number}", "type", "veth", "peer", "name", "eth0", "netns", self.name)
        ip("link", "set", f"p{number}", "master", bridge, "up")
        self.ip("link", "set", "lo", "up")
        self.run(["sh", "-c", "echo 0 >/proc/sys/net/ipv6/conf/eth0/accept_dad"], check=True)
        self.ip("link", "set", "eth0", "up")
        if "4" in families:
            self.ip("addr", "add", f"192.168.7.{number}/24", "dev", "eth0")
        if "6" in families:
            self.ip("-6", "addr", "add", f"fd00:7::{number}/64", "dev", "eth0", "nodad")


def make_bridge(name):
    ip("link", "add", name, "type", "bridge", "mcast_snooping", "0")
    ip("link", "set", name, "up")


def peers(machine):
    health = machine.status()["health"]
    return health["peers_ipv4"] + health["peers_ipv6"]


def check(root, build, stack):
    table = Table()
    for name in (BRIDGE, OTHER_BRIDGE):
        make_bridge(name)
    hosts = [LanHost(1), LanHost(2), LanHost(3, "6"), LanHost(4), LanHost(5, bridge=OTHER_BRIDGE)]
    first, second, v6_only, silent, elsewhere = machines = [
        Machine(root, build, host, [], dht_lan=host.number != 4) for host in hosts]
    for machine in machines:
        stack.callback(machine.stop)
    dht_world.start_all(machines)
    for machine in machines:
        machine.must("dht", "join")
    since = time.monotonic()
    table.timed_all({"two machines of a link find each other":
                     lambda: first.has_peers(1) and second.has_peers(1),
                     "one with IPv6 alone too": lambda: v6_only.has_peers(1)}, world.PATIENCE, since)
    time.sleep(QUIET)  # Nothing must happen, so there is nothing to wait for.
    table.row("who does not say so is not found, and finds nobody", peers(silent) == 0)
    table.row("nor is somebody on another link", peers(elsewhere) == 0)
    config = silent.home / "commresolve/config.toml"
    write(config, config.read_text().replace("dht_lan = false", "dht_lan = true"))
    silent.daemon.send_signal(1)
    table.timed("with the setting changed, at once", lambda: silent.has_peers(1))
    table.row("no error", all(machine.status()["problem"] == "" for machine in machines))
    table.row("all daemons end well", all([machine.stop() for machine in machines]))
    return table.problems


def main():
    build = dht_world.arguments(__doc__).parse_args().build
    dht_world.run(lambda root, stack: check(root, build, stack))


if __name__ == "__main__":
    main()
