#!/usr/bin/env python3
# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small TLS server for trying things out on one machine.

Answers every line, and a GET of HTTP, with a greeting, prints its port when it listens, shows a new certificate after
SIGHUP (the files are read again, and "reloaded" is printed), and ends at SIGTERM. With --starttls xmpp TLS starts inside an XMPP
stream (RFC 6120, section 5).
"""

import argparse
import signal
import socket
import ssl
import threading

STREAM = (
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' id='1' version='1.0' "
    "xmlns:stream='http://etherx.jabber.org/streams' from='local'><stream:features>"
    "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>"
)
PROCEED = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"


def read_until(connection, marker):
    received = b""
    while marker not in received and len(received) < 65536:
        data = connection.recv(4096)
        if not data:
            raise ConnectionError("closed before TLS")
        received += data


def speak_xmpp(connection):
    read_until(connection, b"version=")
    connection.sendall(STREAM.encode())
    read_until(connection, b"urn:ietf:params:xml:ns:xmpp-tls")
    connection.sendall(PROCEED.encode())


class Server:
    def __init__(self, options):
        self.options = options
        self.reload()
        self.listener = socket.create_server((options.address, options.port))

    def reload(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.options.cert, self.options.key)
        self.context = context

    def on_hangup(self, *_):
        self.reload()
        print("reloaded", flush=True)

    def serve(self, connection):
        with connection:
            try:
                connection.settimeout(30)
                if self.options.starttls == "xmpp":
                    speak_xmpp(connection)
                with self.context.wrap_socket(connection, server_side=True) as secure:
                    self.greet(secure)
                    secure.unwrap()
            except OSError:
                pass  # The client left, or did not like the certificate: its affair.

    def greet(self, secure):
        hello = f"hello from {self.options.greeting}\n"
        while received := secure.recv(4096):
            if received.startswith(b"GET "):
                head = f"HTTP/1.0 200 OK\r\nContent-Length: {len(hello)}\r\n\r\n"
                return secure.sendall((head + hello).encode())
            secure.sendall(hello.encode())
        return None

    def run(self):
        signal.signal(signal.SIGHUP, self.on_hangup)
        print(self.listener.getsockname()[1], flush=True)
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--cert", required=True, help="PEM, leaf first")
    parser.add_argument("--key", required=True, help="PEM")
    parser.add_argument("--starttls", choices=["xmpp"])
    parser.add_argument("--greeting", default="a local server")
    Server(parser.parse_args()).run()


if __name__ == "__main__":
    main()
