#!/usr/bin/env python3
# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The stage on which faults.py plays: a daemon, two bound servers, DNS, and a program that watches.

"""Everything that a fault needs, in a folder and in namespaces of its own."""

import contextlib
import json
import os
import resource
import shutil
import signal
import struct
import subprocess
import sys

import asker
import world

HERE = os.path.dirname(os.path.abspath(__file__))
PORT = 4433
SERVERS = {"debian": "127.0.1.1", "ubuntu": "127.0.1.2"}
SUFFIX = ".cert.alt"


class Fault(Exception):
    """The product did not do what it must."""


def expect(condition, text):
    if not condition:
        raise Fault(text)


class Seen:
    """Adds up what the watching program tells."""

    def __init__(self):
        self.reports = []

    def clear(self):
        self.reports.clear()

    def total(self):
        answered = [sum(report["answered"].values()) for report in self.reports]
        return {"foreign": sum(report["foreign"] for report in self.reports),
                "answered": sum(answered),
                "refused": sum(report["refused"] for report in self.reports),
                "wrong": [text for report in self.reports for text in report["wrong"]],
                "slowest": {kind: max(report["slowest"][kind] for report in self.reports)
                            for kind in ("foreign", "own")}}


class Stage:
    def __init__(self, build, folder):
        self.build, self.folder = build, folder
        self.data, self.log = f"{folder}/data", f"{folder}/daemon.log"
        self.use_folder(system=False)
        self.daemon, self.seen = None, Seen()
        self.memory_before = self.memory_peak = None
        self.servers, self.keys, self.bindings = {}, {}, ""
        with open("/proc/self/uid_map", encoding="utf-8") as users:
            self.many_users = int(users.read().split()[2]) > 65534
        world.set_loopback(True)
        world.cover_run()
        world.bind_over_etc(
            folder, nsswitch_conf="hosts: files commresolve [!UNAVAIL=return] dns\n",
            resolv_conf="nameserver 127.0.0.1\noptions timeout:5 attempts:2\n",
            hosts="127.0.0.1 localhost\n" + "".join(f"{address} {name}\n" for name, address
                                                    in asker.HOSTS.items()))
        self.dns = world.Dns(asker.DNS)
        self.dns.start()
        os.mkdir(f"{folder}/run", 0o700)
        os.mkdir(f"{folder}/lib", 0o755)  # Where every user may read it.
        shutil.copy(f"{build}/nss-module/libnss_commresolve.so.2", f"{folder}/lib")
        self.env = {**os.environ, "XDG_RUNTIME_DIR": f"{folder}/run", "HOME": folder,
                    "LD_LIBRARY_PATH": f"{folder}/lib"}
        self.env.pop("COMMRESOLVE_NSS_SOCKET", None)
        self.has_clock = self.make_clock()
        self.bind_servers()
        self.asker = subprocess.Popen([sys.executable, "-B", f"{HERE}/asker.py"], env=self.env,
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def reset(self):
        """Undoes what a fault may have left."""
        shutil.rmtree(self.runtime, ignore_errors=True)
        self.write_bindings(self.bindings)
        self.dns.silent, self.dns.delay = False, 0
        world.set_loopback(True)
        if self.has_clock:
            self.step_clock(0)

    def close(self):
        for process in (self.asker, self.daemon, *self.servers.values()):
            if process is not None:
                process.kill()
                process.wait()

    def make_clock(self):
        compiler = shutil.which("cc")
        if compiler is None:
            return False
        subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", f"{self.folder}/clock.so",
                        f"{HERE}/stepped_clock.c"], check=True)
        self.step_clock(0)
        self.env.update(LD_PRELOAD=f"{self.folder}/clock.so",
                        STEPPED_CLOCK=f"{self.folder}/ahead")
        return True

    def step_clock(self, seconds, path=None):
        """All programs of the stage are ahead of the machine's clock by `seconds` from now on."""
        path = path or f"{self.folder}/ahead"
        with open(path, "r+b" if os.path.exists(path) else "wb") as file:
            file.write(struct.pack("=q", seconds))

    # Servers and bindings.

    def serve(self, word, certificate=None):
        """Starts the server of `word`, or starts it again with another certificate."""
        if word in self.servers:
            self.servers[word].kill()
            self.servers[word].wait()
        address = SERVERS[word]
        self.servers[word] = subprocess.Popen(
            [sys.executable, "-B", f"{HERE}/world.py", f"{self.folder}/{certificate or word}",
             address, str(PORT)])
        world.wait_for("the TLS server", lambda: self.connects(address))

    @staticmethod
    def connects(address):
        with contextlib.suppress(OSError), world.socket.create_connection((address, PORT), 1):
            return True
        return False

    def bind_servers(self):
        self.configure()
        for word, address in SERVERS.items():
            world.make_certificate(f"{self.folder}/{word}", f"{word}.server.example")
            self.serve(word)
            self.commresolve("observe", f"{address}:{PORT}")
            self.keys[word] = self.commresolve("search", "-1", word).split()[0]
            self.commresolve("bind", word, "bugs", "--key", self.keys[word])
        with open(f"{self.data}/known_certs", encoding="utf-8") as file:
            self.bindings = file.read()

    def bind_many(self, words, count):
        """`count` more bindings for the key of each of `words`."""
        self.write_bindings(self.bindings + "".join(
            f"{word}+n{number} keys={self.keys[word]} tier=pinned\n"
            for word in words for number in range(count)))

    def write_bindings(self, text):
        with open(f"{self.data}/known_certs.new", "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(f"{self.data}/known_certs.new", f"{self.data}/known_certs")

    # Programs.

    def configure(self, max_age="1h"):
        with open(f"{self.folder}/config.toml", "w", encoding="utf-8") as file:
            file.write(f'data_dir = "{self.data}"\nmax_age = "{max_age}"\ntimeout = "2s"\n')
        self.env["COMMRESOLVE_CONFIG"] = f"{self.folder}/config.toml"

    def run(self, *arguments):
        return subprocess.run([f"{self.build}/cli/commresolve", *arguments], env=self.env,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
                              timeout=world.PATIENCE)

    def status(self, *arguments):
        return self.run(*arguments).returncode

    def commresolve(self, *arguments, check=True):
        done = self.run(*arguments)
        if check and done.returncode != 0:
            raise RuntimeError(f"commresolve {' '.join(arguments)}: {done.stderr}")
        return done.stdout

    def use_folder(self, system):
        self.runtime = "/run/commresolve" if system else f"{self.folder}/run/commresolve"
        self.snapshot = f"{self.runtime}/hosts.snap"

    def user(self, number):
        """A user other than the daemon's; the daemon's own if there can be no other."""
        return 65534 - number if self.many_users else os.getuid()

    def start(self, max_age="1h", descriptors=None, ready=True, system=False):
        """A new daemon with a new log; by default waits until it has published all bound names."""
        self.configure(max_age)
        if system:  # A user's folder is looked in first.
            shutil.rmtree(self.runtime, ignore_errors=True)
        self.use_folder(system)
        command = [f"{self.build}/grpc/daemon/commresolved"]
        command += ["--system", "--runtime-dir", self.runtime] if system else []

        def limit():
            if descriptors is not None:
                resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))

        with open(self.log, "wb") as log:
            self.daemon = subprocess.Popen(command, env=self.env, stderr=log, preexec_fn=limit)
        if ready:
            world.wait_for("the daemon", lambda: self.logged("event=started"))
            world.wait_for("the daemon's names", self.publishes_all)
            self.memory_before = self.memory()

    def publishes_all(self):
        return all(self.published(word + "-bugs") for word in SERVERS)

    def published(self, label, **env):
        """The address that the snapshot alone gives to the name, or None."""
        return self.get(label, COMMRESOLVE_NSS_SOCKET="0", **env)

    def get(self, label, **env):
        done = subprocess.run(["getent", "ahosts", label + SUFFIX], env={**self.env, **env},
                              capture_output=True, text=True, check=False, timeout=world.PATIENCE)
        return done.stdout.split()[0] if done.returncode == 0 else None

    def kill(self):
        self.daemon.kill()
        self.daemon.wait()

    def stop(self):
        """A daemon that does not end by itself within its grace has failed."""
        if self.daemon is None or self.daemon.poll() is not None:
            return
        self.daemon.send_signal(signal.SIGCONT)  # A fault may have left it stopped.
        self.daemon.send_signal(signal.SIGTERM)
        try:
            self.daemon.wait(timeout=world.PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Fault("the daemon does not stop") from None

    def logged(self, text):
        with open(self.log, encoding="utf-8") as log:
            return text in log.read()

    def threads(self):
        return len(os.listdir(f"/proc/{self.daemon.pid}/task"))

    def memory(self):
        """Megabytes that the daemon has in memory."""
        if self.daemon is None or self.daemon.poll() is not None:
            return None
        with open(f"/proc/{self.daemon.pid}/status", encoding="utf-8") as status:
            for line in status:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) / 1024
        return None

    @contextlib.contextmanager
    def hostile(self, kind, path, count, user=0):
        """A program that misuses a socket, while the block runs. Gives what it says is done."""
        process = subprocess.Popen([sys.executable, "-B", f"{HERE}/hostile.py", kind, path,
                                    str(count), str(user)], stdout=subprocess.PIPE, text=True)
        try:
            yield int(process.stdout.readline().split()[1])
        finally:
            process.kill()
            process.wait()

    @contextlib.contextmanager
    def mounted(self, *arguments):
        """A mount while the block runs; the last argument is where."""
        subprocess.run(["mount", *arguments], check=True)
        try:
            yield
        finally:
            subprocess.run(["umount", "-l", arguments[-1]], check=True)

    def judge(self, dns_works=True):
        """Notes what the watching program has seen since the last time."""
        self.asker.stdin.write("dns\n" if dns_works else "no-dns\n")
        self.asker.stdin.flush()
        self.seen.reports.append(json.loads(self.asker.stdout.readline()))
