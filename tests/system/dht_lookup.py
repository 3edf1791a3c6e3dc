#!/usr/bin/env python3
# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What looking several words up among peers costs, until a handshake has proved the first result.

"""Look-ups of several words in a network of real sockets, with real proofs.

    tests/system/dht_lookup.py --build build/bench [--listings 100000 --publishers 50] [--json]

In a network namespace of its own, with addresses that are public elsewhere: nodes that store, publishers with
the listings, owners who announce, TLS servers with their keys (bench_dht_lookup); and on a host of its own a
daemon that knows nothing, as client. It is asked for two or three words of a random listing, again and again,
by the command `dht lookup`. One publisher lies: he claims that a server's certificate carries all words.

Packets and bytes are those of the client's link, handshakes included. Needs root; exits with 77 if there are no
namespaces, and with 1 if something was shown that does not carry the words, or a part found nothing.
--listings 1000 --publishers 5 is there to try it.
"""

import json
import os
import subprocess
import sys
import time

import dht_world
import world
from dht_world import Host, Machine

CLIENT = 1  # Number of its host.
LEAST_PEERS = 8
SHARES = (50, 90, 99)


def say(text):
    print(text, file=sys.stderr, flush=True)


class Network:
    """bench_dht_lookup, up to its last line before it waits."""

    def __init__(self, options):
        command = [f"{options.build}/tests/bench/bench_dht_lookup"]
        for name in ("listings", "publishers", "nodes", "questions"):
            command += [f"--{name}", str(getattr(options, name))]
        self.process = subprocess.Popen(command + ["--all"] * options.all, text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.claims, self.questions = [], []
        while True:
            line = self.read()
            if line["kind"] == "published":
                self.published = line
            elif line["kind"] == "claims":
                self.claims.append(line)
            elif line["kind"] == "question":
                self.questions.append(line)
            else:
                self.bootstrap = line["bootstrap"]
                return

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"bench_dht_lookup ended with {self.process.wait()}")
        return json.loads(line)

    def end(self):
        self.process.stdin.close()
        return self.read()


def traffic(host):
    """Packets and bytes of its link so far, both ways."""
    done = subprocess.run(["ip", "-n", host.name, "-s", "-j", "link", "show", "eth0"], check=True,
                          capture_output=True)
    counts = json.loads(done.stdout)[0]["stats64"]
    return [counts["rx"][what] + counts["tx"][what] for what in ("packets", "bytes")]


def look_up(client, question):
    """One command, from its start; the times are those at which its lines can be read."""
    before = traffic(client.host)
    begin = time.monotonic()
    process = client.host.start([f"{client.build}/cli/commresolve", "dht", "lookup", "--json",
                                 *question["words"]], env=client.env, text=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE)
    keys, first, summary = [], None, None
    for text in process.stdout:
        line = json.loads(text)
        if line["kind"] == "lookup_row":
            first = first or time.monotonic() - begin
            keys.append((line["key"], line["told_by"]))
        elif line["kind"] == "lookup_summary":
            summary = line
    end = time.monotonic() - begin
    if process.wait() not in (0, 1) or summary is None:
        raise RuntimeError(f"dht lookup {question['words']}: {process.stderr.read()}")
    packets, size = [b - a for a, b in zip(before, traffic(client.host))]
    right = set(question["provable"])
    return {"first": first, "end": end, "packets": packets, "bytes": size, "proved": len(keys),
            "wrong": sum(key not in right for key, _ in keys),
            "told_by": [who for _, who in keys], "summary": summary}


def look_all_up(root, options, network, stack):
    client = Machine(root, options.build, Host(CLIENT, "4"), [network.bootstrap], dht_client=True)
    stack.callback(client.stop)
    client.start()
    world.wait_for("the client started", client.is_up)
    client.must("dht", "join")
    world.wait_for("the client has peers", lambda: client.has_peers(LEAST_PEERS))
    results = []
    for number, question in enumerate(network.questions):
        results.append(look_up(client, question))
        if results[-1]["proved"] == 0:
            say(f"nothing proved for {question['words']}, which {question['right']} listings carry: "
                f"{results[-1]['summary']}")
        if (number + 1) % 10 == 0:
            say(f"{number + 1} of {len(network.questions)} look-ups are done")
    return results, client.status()["health"]["faults"]


def share(values, percent):
    """The value below which so many of them lie."""
    ranked = sorted(values)
    return ranked[round((len(ranked) - 1) * percent / 100)] if ranked else None


def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else 0


def summed(results, name):
    return sum(result["summary"][name] for result in results)


def figures(network, results, faults, end):
    """All that is printed."""
    shares = [{f"p{percent}": share(values, percent) for percent in SHARES}
              for values in ([r["first"] for r in results if r["first"] is not None],
                             [r["end"] for r in results])]
    told_by = [who for result in results for who in result["told_by"]]
    return {
        "published": network.published, "claims": network.claims,
        "lookups": {
            "lookups": len(results), "found": sum(r["proved"] > 0 for r in results),
            "first_proved": shares[0], "end": shares[1],
            "packets": mean(r["packets"] for r in results),
            "bytes": mean(r["bytes"] for r in results),
            "most_packets": max(r["packets"] for r in results),
            "most_bytes": max(r["bytes"] for r in results),
            "claimed": summed(results, "claimed"), "proved": summed(results, "proved"),
            "nowhere": summed(results, "nowhere"), "lied": summed(results, "lied"),
            "unreachable": summed(results, "unreachable"),
            "incomplete": sum(not r["summary"]["complete"] for r in results),
            "told_by": {who: told_by.count(who) for who in sorted(set(told_by))},
            "wrong": sum(r["wrong"] for r in results), "faults": faults,
            "handshakes": end["handshakes"], "handshakes_bait": end["handshakes_bait"],
        },
        "load": os.getloadavg()[0],
    }


def row(what, value):
    print(f"{what:58} {value}")


def seconds(times):
    return "  ".join(f"{name} {'-' if value is None else f'{value:.2f} s'}"
                     for name, value in times.items())


def show_published(published):
    row("listings, publishers, nodes that store", f"{published['listings']}, "
        f"{published['publishers']}, {published['nodes']}")
    row("posting blocks of all words", published["blocks_made"])
    row("  of these, put: what the questions may ask for", published["blocks_put"])
    row("owner records, observations", f"{published['owner_records']}, "
        f"{published['observations']}")
    row("put in", f"{published['seconds']:.0f} s, {published['packets']} packets, "
        f"{published['bytes'] / 1e6:.0f} MB")
    row("  sets and records that not all nodes took", published["unconfirmed"])
    row("values stored, refused for want of room", f"{published['stored_values']}, "
        f"{published['refused_for_room']}")


def show_claims(claims):
    print("claims, to who knows", {"nothing": "nothing beforehand:",
                                   "words": "the words of one publisher:"}[claims["who"]])
    row("  recall at 10, next to an index of all listings", f"{claims['recall']:.3f}")
    row("  recall of all claims; of all that was published",
        f"{claims['claimed']:.3f}; {claims['published']:.3f}")
    row("  of the first ten, right; look-ups with the bait in them",
        f"{claims['right']:.2f}; {claims['bait']:.2f}")
    row("  time", seconds({f"p{percent}": claims[f"p{percent}"] for percent in SHARES}))
    row("  packets, kilobytes, records of one", f"{claims['packets']:.0f}, "
        f"{claims['bytes'] / 1000:.1f}, {claims['values']:.0f}")
    row("  that went to shards; that a limit ended", f"{claims['hot']}; {claims['incomplete']}")


def show_lookups(lookups):
    print("`dht lookup`, to a daemon that knew nothing:")
    row("  look-ups; with a proved result", f"{lookups['lookups']}; {lookups['found']}")
    row("  to the first proved result", seconds(lookups["first_proved"]))
    row("  to the end", seconds(lookups["end"]))
    row("  packets of one, mean and most", f"{lookups['packets']:.0f}, {lookups['most_packets']}")
    row("  kilobytes of one, mean and most", f"{lookups['bytes'] / 1000:.1f}, "
        f"{lookups['most_bytes'] / 1000:.1f}")
    row("  results proved", ", ".join([str(lookups["proved"])] + [
        f"{count} told by {who}" for who, count in lookups["told_by"].items()]))
    row("  claims without place, unreachable, found out as lies",
        f"{lookups['nowhere']}, {lookups['unreachable']}, {lookups['lied']}")
    row("  look-ups that a limit ended", lookups["incomplete"])
    row("  handshakes at servers, of these at the bait", f"{lookups['handshakes']}, "
        f"{lookups['handshakes_bait']}")
    row("  shown, and wrong", lookups["wrong"])


def show(report):
    print(report["published"]["machine"], f"(at the end {report['load']:.1f})")
    show_published(report["published"])
    for claims in report["claims"]:
        show_claims(claims)
    show_lookups(report["lookups"])


def check(root, options, stack):
    for command in (["ip", "link", "set", "lo", "up"],
                    ["ip", "route", "add", "local", "11.0.0.0/8", "dev", "lo"]):
        subprocess.run(command, check=True)
    network = Network(options)
    stack.callback(network.process.kill)
    results, faults = look_all_up(root, options, network, stack)
    report = figures(network, results, faults, network.end())
    if options.json:
        print(json.dumps(report))
    else:
        show(report)
    lookups = report["lookups"]
    problems = {
        "something was shown that does not carry the words": lookups["wrong"],
        "nothing was proved": lookups["found"] == 0,
        "peers claimed nothing": not all(claims["recall"] for claims in report["claims"]),
        "a node caught an error of the library": faults + report["published"]["faults"],
    }
    for problem, there in problems.items():
        if there:
            say(f"FAILED: {problem}")
    return any(problems.values())


def main():
    parser = dht_world.arguments(__doc__)
    for name, count in (("listings", 100_000), ("publishers", 50), ("nodes", 24),
                        ("questions", 100)):
        parser.add_argument(f"--{name}", type=int, default=count, help=f"{count} unless told")
    parser.add_argument("--all", action="store_true",
                        help="put all words, not only those that may be asked for (hours)")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    dht_world.run(lambda root, stack: check(root, options, stack))


if __name__ == "__main__":
    main()
