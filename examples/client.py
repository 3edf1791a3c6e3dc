#!/usr/bin/python3
# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Asks commresolved for the proved address of a name, over gRPC.
#
#   client.py SOCKET NAME        client.py $XDG_RUNTIME_DIR/commresolve/grpc.sock debian-bugs
#   client.py SOCKET             tells what changes, until Ctrl-C
#
# Needs the packages python3-grpcio, python3-protobuf, protobuf-compiler and
# protobuf-compiler-grpc. The classes are made in a checkout, into a folder beside this file:
#
#   protoc -I grpc/proto --python_out=examples --grpc_out=examples \
#     --plugin=protoc-gen-grpc=/usr/bin/grpc_python_plugin \
#     commresolve/v1/types.proto commresolve/v1/resolver_service.proto

import sys

import grpc
from commresolve.v1 import resolver_service_pb2, resolver_service_pb2_grpc, types_pb2


def detail_of(error):
    """Why it was refused, and the next step, as commresolve says it."""
    trailers = dict(error.trailing_metadata() or ())
    status = types_pb2.StatusDetails.FromString(trailers.get("grpc-status-details-bin", b""))
    for any_detail in status.details:
        detail = types_pb2.ErrorDetail.FromString(any_detail.value)
        return f"{detail.message}\n{detail.hint}"
    return error.details()


def resolve(resolver, name):
    request = resolver_service_pb2.ResolveRequest(name=name)
    endpoint = resolver.Resolve(request, timeout=10).answer.endpoint
    print(endpoint.address, endpoint.port)


def watch(resolver):
    for event in resolver.Watch(resolver_service_pb2.WatchRequest()):
        verdict = "unbound" if event.unbound else types_pb2.Verdict.Name(event.verdict)
        print(event.words, verdict, event.refusal.message, flush=True)


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: client.py SOCKET [NAME]")
    with grpc.insecure_channel("unix:" + sys.argv[1]) as channel:
        resolver = resolver_service_pb2_grpc.ResolverServiceStub(channel)
        try:
            resolve(resolver, sys.argv[2]) if len(sys.argv) == 3 else watch(resolver)
        except grpc.RpcError as error:
            sys.exit(detail_of(error))
        except KeyboardInterrupt:
            sys.exit(130)


main()
