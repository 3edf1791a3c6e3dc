# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The world of a scenario: a home of its own, certificates, servers and DNS, all on loopback.
#
#   @ config KEY = VALUE          puts it into the settings file
#   @ cert NAME dns=A,B [cn=..] [o=..] [days=N] [self]
#                                 NAME.pem and NAME.key, by the scenario's own public CA or self-signed
#   @ server NAME CERT [PROTO]    starts a server that echoes
#   @ show NAME CERT              it shows another certificate
#   @ stop NAME
#   @ witness NAME CERT           starts an independent server, at the same port if there was one,
#                                 that keeps what it receives inside TLS
#   @ received NAME [TEXT]        exactly this was received, by default nothing
#   @ silent NAME                 starts a server that never says a word
#   @ await NAME                  waits until somebody has connected to it
#   @ dns HOST ADDRESS            DNS says so; every other name does not exist
#   @ asked [HOST ...]            these names, and no others, were asked of DNS so far
#   @ until MEMBER N              waits until commresolve status --json shows at least N

import base64
import hashlib
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import threading
import time

PATIENCE = 120  # Seconds for anything; only failures take so long.
LOOPBACK = "127.0.0.1"


class Failure(Exception):
    pass


class Dns:
    """A DNS server that knows A records, over UDP."""

    def __init__(self):
        self.addresses = {}
        self.asked = set()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((LOOPBACK, 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        while True:
            query, client = self.socket.recvfrom(1500)
            self.socket.sendto(self._answer(query), client)

    def _answer(self, query):
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1:at + 1 + query[at]].decode().lower())
            at += 1 + query[at]
        name, question = ".".join(labels), query[12:at + 5]
        self.asked.add(name)
        is_a = question[-4:-2] == b"\0\1"
        found = [socket.inet_aton(self.addresses[name])] if is_a and name in self.addresses else []
        flags = 0x8180 if name in self.addresses else 0x8183
        head = query[:2] + struct.pack(">HHHHH", flags, 1, len(found), 0, 0)
        return head + question + b"".join(b"\xc0\x0c\0\1\0\1\0\0\0\0\0\4" + ip for ip in found)


def free_port():
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return probe.getsockname()[1]


def openssl(*arguments, folder, **more):
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, check=False, **more)
    if done.returncode != 0:
        raise Failure(f"openssl {' '.join(arguments)}: {done.stderr.decode()}")
    return done.stdout


class World:
    def __init__(self, root, program, server_program, daemon_program=None):
        self.folder = root / "work"
        self.program = program
        self.server_program = server_program
        self.variables = {"dir": str(self.folder)}
        self.servers, self.ports, self.silent = {}, {}, {}
        self.dns = Dns()
        self.config = root / "home" / ".config" / "commresolve" / "config.toml"
        self.config.parent.mkdir(parents=True)
        self.folder.mkdir()
        self._make_authority(root)
        self.settings = {"ca_file": f'"{root}/ca.pem"', "dns_servers": f'["{LOOPBACK}:{self.dns.port}"]'}
        self._write_settings()
        kept = ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS")
        self.env = {name: os.environ[name] for name in kept if name in os.environ}
        self.env |= {"PATH": f"{program.resolve().parent}:/usr/bin:/bin", "HOME": str(root / "home"),
                     "NO_COLOR": "1", "TZ": "UTC", "LC_ALL": "C.UTF-8", "TERM": "xterm"}
        self.daemon_program = daemon_program
        self.daemon = None
        self._start_daemon(root)

    def _start_daemon(self, root):
        """With a daemon on the same data every command must print the same."""
        if self.daemon_program is None:
            return
        self.env["XDG_RUNTIME_DIR"] = str(root)
        with (root / "daemon.log").open("w") as log:
            self.daemon = subprocess.Popen([str(self.daemon_program.resolve())], env=self.env,
                                           stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self._await_daemon("event=started", 0)

    def _daemon_log(self):
        return (self.folder.parent / "daemon.log").read_text()

    def _await_daemon(self, event, before):
        self._await(lambda: self._daemon_log().count(event) > before or self.daemon.poll() is not None,
                    event)
        if self.daemon.poll() is not None:
            raise Failure(f"the daemon ended: {self._daemon_log()}")

    def _reload_daemon(self):
        if self.daemon is None:
            return
        event = "level="  # Reloaded, or refused to.
        before = self._daemon_log().count(event)
        self.daemon.send_signal(signal.SIGHUP)
        self._await_daemon(event, before)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.daemon is not None:
            self.daemon.terminate()
            self.daemon.wait(timeout=PATIENCE)
        for name in list(self.servers):
            self.do_stop(name)
        for listener in self.silent.values():
            listener.close()

    def expand(self, line):
        def value(match):
            return self.variables.get(match[1], match[0])
        return re.sub(r"\{([a-z]+(?::[a-z0-9_]+)?)\}", value, line)

    def do(self, words):
        action = getattr(self, "do_" + words[0], None)
        if action is None:
            raise Failure(f"no such directive: {words[0]}")
        action(*words[1:])

    def do_config(self, key, _, *value):
        self.settings[key] = " ".join(value)
        self._write_settings()
        self._reload_daemon()

    def _write_settings(self):
        self.config.write_text("".join(f"{key} = {value}\n" for key, value in self.settings.items()))

    def _make_authority(self, root):
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-keyout", "ca.key", "-out", "ca.pem", "-days", "3650",
                "-subj", "/O=Scenario Trust/CN=Scenario Root", folder=root)

    def do_cert(self, name, *words):
        given = dict(word.split("=", 1) for word in words if "=" in word)
        dns = given.get("dns", "").split(",")
        subject = f"/CN={given.get('cn', dns[0])}"
        if "o" in given:
            subject = f"/O={given['o'].replace('_', ' ')}" + subject
        extensions = "basicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\n"
        if dns[0]:
            extensions += "subjectAltName=" + ",".join("DNS:" + host for host in dns) + "\n"
        (self.folder / f"{name}.ext").write_text(extensions)
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                f"{name}.key", "-out", f"{name}.csr", "-subj", subject, folder=self.folder)
        signer = ["-signkey", f"{name}.key"] if "self" in words else [
            "-CA", "../ca.pem", "-CAkey", "../ca.key"]
        openssl("x509", "-req", "-in", f"{name}.csr", *signer, "-days", given.get("days", "90"),
                "-extfile", f"{name}.ext", "-out", f"{name}.pem", folder=self.folder)
        for scrap in ("ext", "csr"):
            (self.folder / f"{name}.{scrap}").unlink()
        self._name_digests(name)

    def _name_digests(self, name):
        der = openssl("x509", "-in", f"{name}.pem", "-outform", "DER", folder=self.folder)
        public = openssl("x509", "-in", f"{name}.pem", "-pubkey", "-noout", folder=self.folder)
        spki = openssl("pkey", "-pubin", "-outform", "DER", folder=self.folder, input=public)
        key = base64.b32encode(hashlib.sha256(spki).digest()).decode().lower().rstrip("=")
        self.variables |= {f"key:{name}": key, f"short:{name}": key[:10],
                           f"cert:{name}": hashlib.sha256(der).hexdigest()}

    def _start(self, name, command, ready):
        log = (self.folder.parent / f"{name}.log").open("w+")
        process = subprocess.Popen(command, cwd=self.folder, stdin=subprocess.PIPE, stdout=log,
                                   stderr=subprocess.STDOUT, env=self.env)
        self.servers[name] = process, log
        self._await_log(name, ready)
        self.variables[name] = str(self.ports[name])

    def _log(self, name):
        return (self.folder.parent / f"{name}.log").read_text(errors="replace")

    def _await(self, condition, what):
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                raise Failure(f"waited in vain: {what}\n" + "".join(map(self._log, self.servers)))
            time.sleep(0.01)

    def _await_log(self, name, text):
        process = self.servers[name][0]
        self._await(lambda: text in self._log(name) or process.poll() is not None, f"{name} {text}")
        if text not in self._log(name):
            raise Failure(f"server {name} ended: {self._log(name)}")

    def _present(self, name, cert):
        for suffix in ("pem", "key"):
            shutil.copy(self.folder / f"{cert}.{suffix}", self.folder.parent / f"{name}.{suffix}")

    def do_server(self, name, cert, protocol="tls"):
        self._present(name, cert)
        port = self.ports.setdefault(name, free_port())
        self._start(name, [str(self.server_program.resolve()), "--listen", f"{LOOPBACK}:{port}",
                           "--protocol", protocol, "--cert", f"../{name}.pem",
                           "--key", f"../{name}.key"], "ready")

    def do_show(self, name, cert):
        self._present(name, cert)
        before = self._log(name).count("reloaded")
        self.servers[name][0].send_signal(signal.SIGHUP)
        self._await(lambda: self._log(name).count("reloaded") > before, f"{name} reloaded")

    def do_stop(self, name):
        process, log = self.servers.pop(name)
        process.terminate()
        process.communicate(timeout=PATIENCE)
        log.close()

    def do_witness(self, name, cert):
        if name in self.servers:
            self.do_stop(name)
        port = self.ports.setdefault(name, free_port())
        self._start(name, ["openssl", "s_server", "-accept", f"{LOOPBACK}:{port}", "-cert",
                           f"{cert}.pem", "-key", f"{cert}.key", "-naccept", "1000"], "ACCEPT")

    def do_received(self, name, *words):
        """s_server prints what it receives between the report on a handshake and its end."""
        end = r"(?:DONE|ERROR)\n"
        self._await(lambda: 0 < self._log(name).count("BEGIN SSL SESSION") ==
                    len(re.findall(end, self._log(name))), f"{name} has seen its connections end")
        received = re.findall(r"Secure Renegotiation IS[^\n]*\n(.*?)" + end, self._log(name), re.S)
        if "".join(received).strip() != " ".join(words):
            raise Failure(f"{name} received {received}")

    def do_silent(self, name):
        listener = socket.create_server((LOOPBACK, 0))
        listener.settimeout(PATIENCE)
        self.silent[name] = listener
        self.variables[name] = str(listener.getsockname()[1])

    def do_await(self, name):
        self.accepted = self.silent[name].accept()

    def do_dns(self, host, address):
        self.dns.addresses[host] = address

    def do_asked(self, *hosts):
        if self.dns.asked != set(hosts):
            raise Failure(f"DNS was asked for {sorted(self.dns.asked)}")

    def do_until(self, member, number):
        def reached():
            status = subprocess.run([str(self.program), "status", "--json"], env=self.env,
                                    cwd=self.folder, capture_output=True, check=False)
            return status.returncode == 0 and json.loads(status.stdout)[member] >= int(number)
        self._await(reached, f"{member} >= {number}")
