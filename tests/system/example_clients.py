#!/usr/bin/env python3
# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The example clients of gRPC, as their users would run them.

"""Asks a daemon with a bound server through the clients in examples/, in C++ and Python.

The Python client is left out, and the output says so, where its packages are not installed.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

from world import make_certificate, tls_page_server, wait_for

SOURCE = pathlib.Path(__file__).resolve().parents[2]
PROTOS = ("commresolve/v1/types.proto", "commresolve/v1/resolver_service.proto")
PLUGIN = "/usr/bin/grpc_python_plugin"


def python_client(folder):
    """The command and its environment; nothing if it cannot run here."""
    if not os.path.exists(PLUGIN):
        return None
    subprocess.run(["protoc", "-I", SOURCE / "grpc/proto", f"--python_out={folder}",
                    f"--grpc_out={folder}", f"--plugin=protoc-gen-grpc={PLUGIN}", *PROTOS], check=True)
    needed = ["/usr/bin/python3", "-c", "import google.protobuf, grpc"]
    if subprocess.run(needed, stderr=subprocess.DEVNULL, check=False).returncode != 0:
        return None
    return ["/usr/bin/python3", "-B", str(SOURCE / "examples/client.py")], {"PYTHONPATH": folder}


def ask(command, env, *arguments):
    done = subprocess.run([*command, *arguments], env={**os.environ, **env}, timeout=60,
                          capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.strip(), done.stderr.strip()


def check(name, client, socket, port):
    if client is None:
        print(f"{name:8} left out: python3-grpcio, python3-protobuf or protobuf-compiler-grpc is missing")
        return 0
    command, env = client
    found = ask(command, env, socket, "debian bugs")
    refused = ask(command, env, socket, "nobody")
    gone = ask(command, env, socket + ".none", "debian bugs")
    good = (found[:2] == (0, f"127.0.0.1 {port}") and refused[0] == 1 and
            "no certificate carries" in refused[2] and "commresolve search" in refused[2] and
            gone[0] == 1)
    print(f"{name:8} {'ok' if good else f'FAILED: {found} {refused} {gone}'}")
    return 0 if good else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True, help="build folder")
    build = os.path.abspath(parser.parse_args().build)
    with tempfile.TemporaryDirectory(prefix="commresolve-examples.") as folder:
        make_certificate(f"{folder}/server", "bugs.debian.example")
        server = tls_page_server(f"{folder}/server", "127.0.0.1", 0)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_address[1]
        env = {**os.environ, "XDG_RUNTIME_DIR": folder, "HOME": folder, "XDG_DATA_HOME": folder,
               "XDG_CONFIG_HOME": folder}
        daemon = subprocess.Popen([f"{build}/grpc/daemon/commresolved"], env=env)
        try:
            socket = f"{folder}/commresolve/grpc.sock"
            wait_for("the socket", lambda: os.path.exists(socket))
            subprocess.run([f"{build}/cli/commresolve", "bind", "debian", "bugs", "--at",
                            f"127.0.0.1:{port}"], env=env, check=True)
            failed = check("C++", ([f"{build}/examples/example-client"], {}), socket, port)
            failed += check("Python", python_client(folder), socket, port)
        finally:
            daemon.terminate()
            daemon.wait(timeout=60)
    sys.exit(1 if failed else 0)


main()
