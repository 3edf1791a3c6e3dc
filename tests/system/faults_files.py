#!/usr/bin/env python3
# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Faults of processes, disks and files.

"""Kills, full disks, read-only folders, and everything that can stand where the snapshot was."""

import glob
import os
import random
import shutil
import signal
import struct
import subprocess
import time

import world
from faults_stage import PORT, SERVERS, expect

UNAVAILABLE = 4


def names_in(path):
    """The names of a snapshot, or None if there is none. Fails if it is not whole."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except FileNotFoundError:
        return None
    magic, size, slots, count = data[:8], *struct.unpack_from("=Q", data, 16), *(
        struct.unpack_from("=I", data, offset)[0] for offset in (64, 72))
    expect(magic == b"CRSNAP01" and size == len(data), "the snapshot is not whole")
    names = []
    for slot in range(slots + 32):
        unit = struct.unpack_from("=I", data, 128 + 8 * slot + 4)[0]
        if unit:
            v4, v6 = data[8 * unit + 6:8 * unit + 8]
            start = 8 * unit + 24 + 4 * v4 + 16 * v6
            names.append(data[start:start + data[8 * unit + 16]].decode())
    expect(len(names) == count, f"{len(names)} of {count} names are in the snapshot")
    return names


def every_name_is_right(stage, names):
    """Each name that the snapshot holds is answered with the address of its server."""
    env = {**stage.env, "COMMRESOLVE_NSS_SOCKET": "0"}
    done = subprocess.run(["getent", "-s", "hosts:commresolve", "ahosts", *names], env=env,
                          capture_output=True, text=True, check=False, timeout=world.PATIENCE)
    found = {}
    for line in done.stdout.splitlines():
        fields = line.split()
        if len(fields) == 3:
            found[fields[2]] = fields[0]
    for name in names:
        word = next(word for word in SERVERS if word in name or stage.keys[word] in name)
        expect(found.get(name) == SERVERS[word], f"{name} is {found.get(name)}")


def killed(stage, quick):
    rounds, held = (12, 0) if quick else (60, 0)
    stage.bind_many(SERVERS, 300 if quick else 1500)
    for _ in range(rounds):
        stage.start(ready=False)
        time.sleep(random.uniform(0, 2.5))
        stage.kill()
        names = names_in(stage.snapshot)
        if names:
            held += 1
            every_name_is_right(stage, names)
    stage.start()
    world.wait_for("all names", lambda: len(names_in(stage.snapshot)) > (1200 if quick else 6000))
    every_name_is_right(stage, names_in(stage.snapshot))
    left = set(glob.glob(stage.snapshot + "?*")) - {stage.snapshot + ".changed"}
    expect(not left, f"{len(left)} temporary files are left")
    return f"{rounds} kills, {held} left names"


def fill(folder):
    with open(f"{folder}/filler", "wb", buffering=0) as file:
        for piece in (4096, 1):
            try:
                while True:
                    file.write(b"x" * piece)
            except OSError:
                pass


def change_is_not_published(stage):
    """Binds a name that cannot be published; the daemon must say so, and serve the old names."""
    stage.commresolve("bind", "debian", "late", "--key", stage.keys["debian"])
    world.wait_for("a word in the log", lambda: stage.logged("event=publish_failed"))
    expect(stage.published("debian-late") is None, "published where there is no room")
    expect(stage.published("debian-bugs") == SERVERS["debian"], "the old snapshot is gone")
    if stage.has_clock:
        stage.step_clock(130, f"{stage.folder}/later")
        later = {"STEPPED_CLOCK": f"{stage.folder}/later"}
        expect(stage.published("debian-bugs", **later) is None, "the old snapshot has no end")


def change_is_published(stage):
    world.wait_for("the late name", lambda: stage.published("debian-late") == SERVERS["debian"])
    world.wait_for("the good word in the log", lambda: stage.logged("event=publish_recovered"))
    stage.commresolve("unbind", "debian", "late")


def full_runtime(stage, _):
    os.makedirs(stage.runtime, mode=0o700, exist_ok=True)
    with stage.mounted("-t", "tmpfs", "-o", "size=256k,mode=700", "none", stage.runtime):
        stage.start()
        fill(stage.runtime)
        change_is_not_published(stage)
        os.unlink(f"{stage.runtime}/filler")
        change_is_published(stage)
        stage.memory_peak = stage.memory()
        stage.stop()


def observe_other(stage):
    """Observes a certificate that was not seen before, if it can be recorded."""
    stage.serve("ubuntu", "other")
    code = stage.status("observe", f"{SERVERS['ubuntu']}:{PORT}")
    stage.serve("ubuntu")
    return code


def no_room_is_told(stage):
    """Without room nothing is recorded, and nothing that stands is called damaged.

    The ledger has old room for some of the daemon's own proofs, so its log may have nothing to tell."""
    with open(f"{stage.data}/known_certs", "rb") as file:
        known = file.read()
    stage.commresolve("bind", "debian", "late", "--key", stage.keys["debian"], check=False)
    with open(f"{stage.data}/known_certs", "rb") as file:
        expect(file.read() == known, "known_certs was changed without room")
    world.make_certificate(f"{stage.folder}/other", "other.server.example")
    code = observe_other(stage)
    expect(code == UNAVAILABLE, f"observe ended with {code}")
    expect(stage.daemon.poll() is None, f"the daemon ended with {stage.daemon.poll()}")


def full_data(stage, _):
    copy = f"{stage.folder}/copy"
    shutil.copytree(stage.data, copy)
    used = int(subprocess.run(["du", "-sk", copy], check=True, capture_output=True,
                              text=True).stdout.split()[0])
    with stage.mounted("-t", "tmpfs", "-o", f"size={used + 400}k,mode=700", "none", stage.data):
        shutil.copytree(copy, stage.data, dirs_exist_ok=True)
        stage.start(max_age="6s")
        fill(stage.data)
        no_room_is_told(stage)
        # Whether the name ends depends on the old room: proofs that can be recorded are.
        os.unlink(f"{stage.data}/filler")
        world.wait_for("the names", stage.publishes_all)
        for what in ("record", "index"):
            world.wait_for("the good word in the log", lambda what=what: (
                stage.logged(f"event={what}_recovered") or not stage.logged(f"event={what}_failed")))
        code = observe_other(stage)
        expect(code == 0, f"observe with room again ended with {code}")
        world.wait_for("the other name", lambda: stage.status("search", "other") == 0)
        stage.memory_peak = stage.memory()
        stage.stop()
    shutil.rmtree(copy)


def read_only(stage, folder):
    return stage.mounted("--bind", "-o", "ro", folder, folder)


def refuses_to_start(stage):
    stage.start(ready=False)
    code = stage.daemon.wait(timeout=world.PATIENCE)
    expect(code == 4 and stage.logged("error:"), f"a start without the right to write: {code}")


def read_only_runtime(stage, _):
    stage.start()
    with read_only(stage, stage.runtime):
        change_is_not_published(stage)
    change_is_published(stage)
    stage.stop()
    with read_only(stage, stage.runtime):
        refuses_to_start(stage)
    stage.start()


def read_only_data(stage, _):
    stage.start(max_age="4s")
    with read_only(stage, stage.data):
        expect("late" not in stage.commresolve("bind", "debian", "late", "--key",
                                               stage.keys["debian"], check=False), "bound")
        time.sleep(6)
        expect(stage.daemon.poll() is None, f"the daemon ended with {stage.daemon.poll()}")
    world.wait_for("the names", stage.publishes_all)
    stage.stop()
    with read_only(stage, stage.data):
        refuses_to_start(stage)
    stage.start()


def put(path, data, size=None):
    clear(path)
    with open(path, "wb") as file:
        file.write(data)
        if size is not None:
            file.truncate(size)


def clear(path):
    if os.path.isdir(path) and not os.path.islink(path):
        os.rmdir(path)
    elif os.path.lexists(path):
        os.unlink(path)


def refused(stage, what):
    start = time.monotonic()
    answer = stage.published("debian-bugs")
    expect(answer is None, f"{what}: answered with {answer}")
    expect(time.monotonic() - start < 2, f"{what}: took {time.monotonic() - start:.1f} s")


def spoilt(stage, quick):
    """No daemon runs: the file alone answers, or not."""
    stage.start()
    stage.kill()
    path = stage.snapshot
    with open(path, "rb") as file:
        good = file.read()
    table_end = 128 + 8 * (struct.unpack_from("=I", good, 64)[0] + 32)
    offsets = {0, 1, 7, 8, 64, 127, 128, 129, table_end - 1, table_end}
    offsets |= {random.randrange(len(good)) for _ in range(20 if quick else 300)}
    for offset in offsets:
        put(path, good[:offset])
        answer = stage.published("debian-bugs")
        expect(answer in (None, SERVERS["debian"]), f"cut at {offset}: {answer}")
        expect(offset > 128 or answer is None, f"cut at {offset}: answered")
        flipped = bytearray(good)
        flipped[min(offset, len(good) - 1)] ^= 1 << random.randrange(8)
        put(path, flipped)
        answer = stage.published("debian-bugs")
        expect(answer in (None, SERVERS["debian"]), f"flipped at {offset}: {answer}")
    spoilt_by_kind(stage, path, good)
    put(path, good)
    os.chmod(path, 0o644)
    expect(stage.published("debian-bugs") == SERVERS["debian"], "the whole file is refused")
    clear(path)
    os.mkdir(path)
    stage.start(ready=False)
    world.wait_for("a word in the log", lambda: stage.logged("event=publish_failed"))
    expect(stage.get("debian-bugs") == SERVERS["debian"], "the socket does not answer")
    os.rmdir(path)
    world.wait_for("the names", stage.publishes_all)
    return f"{len(offsets)} offsets"


def spoilt_by_kind(stage, path, good):
    put(path, random.randbytes(len(good)))
    refused(stage, "random bytes")
    put(path, good[:128] + random.randbytes(len(good) - 128))
    refused(stage, "a head before random bytes")
    put(path, b"", 1 << 40)
    refused(stage, "a terabyte of nothing")
    clear(path)
    os.mkdir(path)
    refused(stage, "a directory")
    clear(path)
    os.mkfifo(path)
    refused(stage, "a FIFO")
    clear(path)
    put(f"{stage.folder}/elsewhere", good)
    os.symlink(f"{stage.folder}/elsewhere", path)
    refused(stage, "a symbolic link")
    for mode in (0o666, 0o664, 0o646):
        put(path, good)
        os.chmod(path, mode)
        refused(stage, f"mode {mode:o}")
    os.chmod(path, 0o644)
    os.chmod(stage.runtime, 0o777)
    refused(stage, "a folder for everybody")
    os.chmod(stage.runtime, 0o700)
    if stage.many_users:
        os.chown(path, 65534, 65534)
        refused(stage, "the file of somebody else")


def clock_steps(stage, quick):
    if not stage.has_clock:
        return "left out: no C compiler"
    stage.start()
    stage.daemon.send_signal(signal.SIGSTOP)
    stage.step_clock(2 * 3600)
    expect(stage.get("debian-bugs") is None, "an old proof is answered after a step forth")
    stage.daemon.send_signal(signal.SIGCONT)
    world.wait_for("the names after a step forth", stage.publishes_all)
    for back in (0, -86400):
        stage.daemon.send_signal(signal.SIGSTOP)
        stage.step_clock(back)
        expect(stage.get("debian-bugs") is None, "a snapshot from the future is answered")
        stage.daemon.send_signal(signal.SIGCONT)
        world.wait_for("the names after a step back", stage.publishes_all)
    for ahead in (600, 0) if quick else (30, -30, 600, 0):
        stage.step_clock(ahead - 86400)
        world.wait_for("the names after a small step", stage.publishes_all)
    stage.kill()
    stage.step_clock(0)
    stage.start()
    return ""


CASES = [
    ("daemon killed while it publishes", killed),
    ("runtime folder: disk full", full_runtime),
    ("data folder: disk full", full_data),
    ("runtime folder: read-only", read_only_runtime),
    ("data folder: read-only", read_only_data),
    ("snapshot spoilt or exchanged", spoilt),
    ("clock stepped forth and back", clock_steps),
]
