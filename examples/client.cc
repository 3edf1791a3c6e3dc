// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Asks commresolved for the proved address of a name, over gRPC.
//
//   example-client SOCKET NAME        example-client $XDG_RUNTIME_DIR/commresolve/grpc.sock
//   debian-bugs

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <iostream>

#include "commresolve/v1/resolver_service.grpc.pb.h"
#include "commresolve/v1/types.pb.h"

namespace {

namespace v1 = commresolve::v1;

/// Why it was refused, and the next step, as commresolve says it.
v1::ErrorDetail DetailOf(const grpc::Status& status) {
  v1::ErrorDetail detail;
  v1::StatusDetails details;
  if (details.ParseFromString(status.error_details()) && details.details_size() > 0 &&
      detail.ParseFromString(details.details(0).value())) {
    return detail;
  }
  detail.set_message(status.error_message());
  return detail;
}

int Run(const std::string& socket, const std::string& name) {
  const auto channel = grpc::CreateChannel("unix:" + socket, grpc::InsecureChannelCredentials());
  const auto resolver = v1::ResolverService::NewStub(channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
  v1::ResolveRequest request;
  request.set_name(name);
  v1::ResolveResponse response;
  const grpc::Status status = resolver->Resolve(&context, request, &response);
  if (!status.ok()) {
    const v1::ErrorDetail detail = DetailOf(status);
    std::cerr << detail.message() << '\n' << detail.hint() << '\n';
    return 1;
  }
  const v1::Endpoint& endpoint = response.answer().endpoint();
  std::cout << endpoint.address() << ' ' << endpoint.port() << '\n';
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: example-client SOCKET NAME\n";
    return 2;
  }
  return Run(argv[1], argv[2]);
}
