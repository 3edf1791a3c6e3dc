#!/usr/bin/env python3
# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# `commresolve nss enable` on systems with many an nsswitch.conf: names work at once, and go again.

"""Sets names in every program up and takes that back, on an overlay of this machine's root.

    tests/system/nss_setup.py --build build/dev

Each shape of /etc/nsswitch.conf is enabled, looked up through, examined by `doctor`, and disabled; then it
has to be what it was in bytes, mode and owner. A program that runs all the time has to see the name too.
The maintainer scripts of the Debian package work on the same line, if dh-nss is installed, and the
AppArmor files are compiled, if AppArmor's parser is. This machine's files stay untouched. Needs root;
exits with 77 if that, or an overlay, is not to be had.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time

from nss_clients import NAME
from world import (INSIDE, PATIENCE, SKIP, Dns, make_certificate, set_loopback, tls_page_server,
                   wait_for)

SOURCE = pathlib.Path(__file__).resolve().parents[2]
HEAD = "# /etc/nsswitch.conf\n\npasswd:         files systemd\nshadow:\tfiles\n\n"
TAIL = "networks:       files\n\nnetgroup:       nis\n"
SHAPES = [
    ("Debian", HEAD + "hosts:          files dns\n" + TAIL),
    ("systemd-resolved", HEAD + "hosts: files resolve [!UNAVAIL=return] dns\n" + TAIL),
    ("systemd's own order", "hosts: mymachines resolve [!UNAVAIL=return] files myhostname dns\n"),
    ("mdns", HEAD + "hosts: files mdns4_minimal [NOTFOUND=return] dns\n" + TAIL),
    ("myhostname first", "hosts: myhostname files dns\n"),
    ("tabs and comments", HEAD + "#hosts: dns\n\thosts :\tfiles\tdns # ours\n" + TAIL),
    ("CRLF", (HEAD + "hosts: files dns\n" + TAIL).replace("\n", "\r\n")),
    ("end without newline", HEAD + "hosts: files dns\n" + TAIL[:-1]),
    ("hosts without newline", HEAD + TAIL + "hosts: files dns"),
    ("two lines", "hosts: files\n" + HEAD + "hosts: files dns\n"),
    ("no line", HEAD + TAIL),
    ("empty", ""),
]
# Answers a line with the addresses of the name in it; lives through all changes of nsswitch.conf.
RESIDENT = """
import socket, sys
for name in sys.stdin:
    try:
        print(*{a[4][0] for a in socket.getaddrinfo(name.strip(), None)}, flush=True)
    except OSError as error:
        print("-", error, flush=True)
"""


def enter_namespaces():
    """Runs this program again in mount and network namespaces of its own."""
    probe = ["unshare", "-mn", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    if os.geteuid() != 0 or subprocess.run(probe, stderr=subprocess.DEVNULL,
                                           check=False).returncode != 0:
        skip("root with namespaces of its own is needed")
    os.environ[INSIDE] = "1"
    os.execvp("unshare", ["unshare", "-mn", sys.executable, "-B", *sys.argv])


def skip(why):
    print(f"nss_setup: skipped: {why}")
    sys.exit(SKIP)


class System:
    """A copy of this machine's root that may be written to, with a life of its own in it."""

    def __init__(self, folder, build):
        self.root, self.build = folder / "root", build
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], check=True)
        for name in ("root", "upper", "work"):
            (folder / name).mkdir()
        options = f"lowerdir=/,upperdir={folder}/upper,workdir={folder}/work"
        if subprocess.run(["mount", "-t", "overlay", "overlay", "-o", options, self.root],
                          check=False).returncode != 0:
            skip("no overlay of the root can be mounted here")
        for name in ("proc", "run", "tmp"):
            kind = "proc" if name == "proc" else "tmpfs"
            subprocess.run(["mount", "-t", kind, kind, self.root / name], check=True)
        subprocess.run(["mount", "--rbind", "/dev", self.root / "dev"], check=True)
        for program in ("cli/commresolve", "grpc/daemon/commresolved"):
            shutil.copy(build / program, self.root / "usr/bin")
        for name in ("srv/home", "run/user/0"):
            (self.root / name).mkdir(parents=True, mode=0o700)
        self.env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/srv/home", "LC_ALL": "C.UTF-8",
                    "XDG_RUNTIME_DIR": "/run/user/0"}
        self.nsswitch = self.root / "etc/nsswitch.conf"
        for name in ("nsswitch.conf", "resolv.conf"):  # Both may be links.
            (self.root / "etc" / name).unlink(missing_ok=True)
        (self.root / "etc/resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:1\n")

    def install_module(self):
        libc = self.run("ldconfig", "-p").stdout
        place = next(line.split(" => ")[1] for line in libc.splitlines() if "libc.so.6 (" in line
                     and "x32" not in line and "libc6)" not in line)
        shutil.copy(self.build / "nss-module/libnss_commresolve.so.2",
                    self.root / pathlib.Path(place).parent.relative_to("/"))

    def run(self, *command, user=None):
        user = [] if user is None else ["setpriv", f"--reuid={user}", "--clear-groups"]
        return subprocess.run(["chroot", self.root, *user, *command], env=self.env, text=True,
                              capture_output=True, timeout=PATIENCE, check=False)

    def must(self, *command):
        done = self.run(*command)
        if done.returncode != 0:
            sys.exit(f"nss_setup: error: {' '.join(command)}: {done.stdout}{done.stderr}")
        return done.stdout

    def start(self, *command, **more):
        return subprocess.Popen(["chroot", self.root, *command], env=self.env, **more)

    def finds(self):
        return "127.0.0.1" in self.run("getent", "ahosts", NAME).stdout

    def stamp(self):
        info = self.nsswitch.stat()
        return self.nsswitch.read_bytes(), info.st_mode, info.st_uid, info.st_gid


class Table:
    def __init__(self):
        self.problems = 0

    def row(self, label, good, text=""):
        self.problems += 0 if good else 1
        print(f"{label:38} {'ok' if good else 'FAILED'}{'  ' + text if text else ''}", flush=True)


def ask(resident):
    resident.stdin.write(NAME + "\n")
    resident.stdin.flush()
    return resident.stdout.readline().strip()


def check_shape(system, resident, dns, text):
    """One system from before `enable` to after `disable`. Returns what went wrong, and a figure."""
    system.nsswitch.write_bytes(text.encode())
    os.chown(system.nsswitch, 0, 12)
    system.nsswitch.chmod(0o664)
    before, wrong = system.stamp(), []

    def expect(what, good):
        if not good:
            wrong.append(what)

    expect("found too early", not system.finds() and "127.0.0.1" not in ask(resident))
    status = system.run("commresolve", "nss", "status")
    expect(f"status before: {status.returncode}", status.returncode == 1)
    dry = system.run("commresolve", "nss", "enable", "--dry-run")
    expect("the dry run wrote", dry.returncode == 0 and system.stamp() == before)
    done = system.run("commresolve", "nss", "enable")
    expect(f"enable: {done.stderr}", done.returncode == 0 and done.stdout == dry.stdout)
    enabled, asked, since = system.stamp(), len(dns.asked), time.monotonic()
    expect("not found", system.finds())
    took = time.monotonic() - since
    expect("not found by a program that was running", "127.0.0.1" in ask(resident))
    for name in ("nobody-bound-this.cert.alt", "foreign.example"):
        expect(f"{name} was found", system.run("getent", "ahosts", name).returncode == 2)
    leaks = [name for name in dns.asked[asked:] if name.endswith("alt")]
    expect(f"asked of DNS: {leaks}", not leaks)
    expect("DNS was not asked for a foreign name",
           "dns" not in text or "foreign.example" in dns.asked[asked:])
    expect("mode or owner", enabled[1:] == before[1:])
    system.must("commresolve", "nss", "enable")
    expect("a second enable wrote", system.stamp() == enabled)
    expect("status after", system.run("commresolve", "nss", "status").returncode == 0)
    doctor = system.run("commresolve", "doctor", "--json")
    failed = [line for line in doctor.stdout.splitlines() if json.loads(line)["health"] == "fail"]
    expect(f"doctor: {failed} {doctor.stderr}", doctor.returncode == 0 and not failed)
    system.must("commresolve", "nss", "disable")
    expect("not what it was", system.stamp() == before)
    expect("still found", not system.finds() and "127.0.0.1" not in ask(resident))
    left = [path.name for path in system.nsswitch.parent.glob("nsswitch.conf*")]
    expect(f"left behind: {left}", left == ["nsswitch.conf"])
    return wrong, f"{took * 1000:.0f} ms to the first answer"


def check_refusals(system, table):
    """Before the module is there, and for those who may not."""
    system.nsswitch.write_text("hosts: files dns\n")
    before = system.stamp()
    done = system.run("commresolve", "nss", "enable")
    table.row("no module: refused", done.returncode == 1 and "libnss-commresolve" in done.stderr and
              system.stamp() == before)
    doctor = system.run("commresolve", "doctor")
    fails = [line.split()[1] for line in doctor.stdout.splitlines() if line.startswith("FAIL")]
    table.row("doctor names what is missing", doctor.returncode == 1 and
              fails == ["nsswitch", "module", "daemon"], " ".join(fails))
    system.install_module()
    done = system.run("commresolve", "nss", "enable", user=65534)
    table.row("not root: refused", done.returncode == 4 and "sudo" in done.stderr and
              system.stamp() == before, done.stderr.partition("\n")[0])
    subprocess.run(["mount", "--bind", system.nsswitch, system.nsswitch], check=True)
    done = system.run("commresolve", "nss", "enable")
    subprocess.run(["umount", system.nsswitch], check=True)
    table.row("a mount point: refused", done.returncode == 4 and system.stamp() == before,
              done.stderr.partition("\n")[0])


def check_link(system, table):
    target = system.root / "srv/nsswitch"
    target.write_text("hosts: files dns\n")
    system.nsswitch.unlink()
    system.nsswitch.symlink_to("/srv/nsswitch")
    system.must("commresolve", "nss", "enable")
    good = system.nsswitch.is_symlink() and "commresolve" in target.read_text() and system.finds()
    system.must("commresolve", "nss", "disable")
    table.row("a link: its target is edited", good and system.nsswitch.is_symlink() and
              target.read_text() == "hosts: files dns\n")
    system.nsswitch.unlink()


def maintainer_scripts(folder):
    """The snippets that dh-nss makes of debian/libnss-commresolve.nss, by name; None without it."""
    if shutil.which("dh_installnss") is None:
        return None
    (folder / "debian").mkdir()
    for name in ("control", "changelog", "libnss-commresolve.nss"):
        shutil.copy(SOURCE / "debian" / name, folder / "debian")
    subprocess.run(["dh_installnss", "-plibnss-commresolve"], cwd=folder, check=True)
    return {name: f"set -e\n{(folder / 'debian' / f'libnss-commresolve.{name}.debhelper').read_text()}"
            for name in ("preinst", "postinst", "postrm")}


def check_package(system, scripts, table):
    """The package and the command on the same line, in either order."""
    system.env |= {"DPKG_ROOT": "", "DPKG_MAINTSCRIPT_PACKAGE": "libnss-commresolve",
                   "DPKG_MAINTSCRIPT_PACKAGE_INSTCOUNT": "0"}

    def install():
        system.must("sh", "-c", scripts["preinst"], "preinst", "install")
        system.must("sh", "-c", scripts["postinst"], "postinst", "configure")

    for label, text in SHAPES[:2] + SHAPES[3:4]:
        system.nsswitch.write_text(text)
        install()
        packaged = system.nsswitch.read_text()
        status = system.run("commresolve", "nss", "status")
        system.must("commresolve", "nss", "enable")
        same = system.nsswitch.read_text() == packaged
        found = system.finds()
        taken = system.run("commresolve", "nss", "disable")
        table.row(f"package, then disable: {label}", status.returncode == 0 and same and
                  found and "only our words" in taken.stderr and
                  system.nsswitch.read_text() == text)
        system.must("commresolve", "nss", "enable")
        ours = system.nsswitch.read_text()
        install()
        unchanged = system.nsswitch.read_text() == ours == packaged
        system.must("sh", "-c", scripts["postrm"], "postrm", "remove")
        table.row(f"enable, then package: {label}", unchanged and
                  system.nsswitch.read_text() == text)


def check_apparmor(folder, table):
    if shutil.which("apparmor_parser") is None:
        print(f"{'AppArmor files':38} not checked: apparmor_parser is not installed")
        return
    profile = folder / "profile"
    profile.write_text("include <tunables/global>\nprofile example /usr/bin/example {\n"
                       "  include <abstractions/base>\n  include <abstractions/nameservice>\n}\n")
    parser = ["apparmor_parser", "-I", SOURCE / "debian/apparmor", "-I", "/etc/apparmor.d"]
    compiled = subprocess.run([*parser, "-Q", "-K", profile], capture_output=True, text=True,
                              check=False)
    read = subprocess.run([*parser, "-p", profile], capture_output=True, text=True, check=False)
    table.row("AppArmor files", compiled.returncode == 0 and
              "@{run}/commresolve/hosts.snap r," in read.stdout and
              "owner @{run}/user/*/commresolve/nss.sock rw," in read.stdout)


def bind_a_server(system, folder):
    make_certificate(f"{folder}/server", "bugs.debian.example")
    server = tls_page_server(f"{folder}/server", "127.0.0.1", 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    system.must("commresolve", "observe", f"127.0.0.1:{port}")
    key = system.must("commresolve", "search", "-1", "debian").split()[0]
    system.must("commresolve", "bind", "debian", "bugs", "--key", key)


def check(system, folder, dns):
    table = Table()
    check_refusals(system, table)
    log = open(folder / "daemon.log", "wb")
    daemon = system.start("commresolved", stderr=log)
    resident = system.start("python3", "-c", RESIDENT, stdin=subprocess.PIPE, text=True,
                            stdout=subprocess.PIPE)
    try:
        snapshot = system.root / "run/user/0/commresolve/hosts.snap"
        wait_for("the snapshot", snapshot.exists)
        bind_a_server(system, folder)
        for label, text in SHAPES:
            wrong, figure = check_shape(system, resident, dns, text)
            table.row(label, not wrong, "; ".join(wrong) if wrong else figure)
        check_link(system, table)
        scripts = maintainer_scripts(folder)
        if scripts is None:
            print(f"{'with the Debian package':38} not checked: dh-nss is not installed")
        else:
            check_package(system, scripts, table)
        check_apparmor(folder, table)
    finally:
        for process in (resident, daemon):
            process.kill()
            process.wait()
        log.close()
    return table.problems


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True)
    build = pathlib.Path(parser.parse_args().build).resolve()
    if INSIDE not in os.environ:
        enter_namespaces()
    set_loopback(True)
    with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryDirectory() as place:
        system = System(pathlib.Path(place), build)
        dns = Dns()
        dns.start()
        problems = check(system, pathlib.Path(scratch), dns)
        subprocess.run(["umount", "-l", place], check=True)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
