// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The table, both ways.

#include "grpc/service/status.h"

#include "commresolve/v1/types.pb.h"
#include "grpc/service/unpack.h"

namespace commresolve::daemon {
namespace {

constexpr const char* kDetailType = "type.googleapis.com/commresolve.v1.ErrorDetail";

/// For a status that this program did not make.
Code NearestCode(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::NOT_FOUND:
    case grpc::StatusCode::UNIMPLEMENTED:
      return Code::kNotFound;
    case grpc::StatusCode::INVALID_ARGUMENT:
    case grpc::StatusCode::OUT_OF_RANGE:
      return Code::kInvalidArgument;
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return Code::kDeadlineExceeded;
    case grpc::StatusCode::CANCELLED:
      return Code::kInterrupted;
    case grpc::StatusCode::PERMISSION_DENIED:
    case grpc::StatusCode::UNAUTHENTICATED:
    case grpc::StatusCode::FAILED_PRECONDITION:
      return Code::kUntrusted;
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
    case grpc::StatusCode::ABORTED:
      return Code::kBusy;
    case grpc::StatusCode::DATA_LOSS:
      return Code::kCorrupt;
    case grpc::StatusCode::UNAVAILABLE:
      return Code::kUnavailable;
    default:
      return Code::kInternal;
  }
}

}  // namespace

grpc::StatusCode StatusCodeOf(Code code) {
  switch (code) {
    case Code::kNotFound:
      return grpc::StatusCode::NOT_FOUND;
    case Code::kInvalidArgument:
      return grpc::StatusCode::INVALID_ARGUMENT;
    case Code::kAmbiguous:
    case Code::kUntrusted:
      return grpc::StatusCode::FAILED_PRECONDITION;
    case Code::kUnavailable:
      return grpc::StatusCode::UNAVAILABLE;
    case Code::kDeadlineExceeded:
      return grpc::StatusCode::DEADLINE_EXCEEDED;
    case Code::kBusy:
      return grpc::StatusCode::RESOURCE_EXHAUSTED;
    case Code::kCorrupt:
      return grpc::StatusCode::DATA_LOSS;
    case Code::kInterrupted:
      return grpc::StatusCode::CANCELLED;
    case Code::kInternal:
      return grpc::StatusCode::INTERNAL;
  }
  return grpc::StatusCode::INTERNAL;
}

grpc::Status ToGrpc(const Error& error) {
  proto::ErrorDetail detail;
  Fill(error, &detail);
  proto::StatusDetails details;
  details.set_code(StatusCodeOf(error.code));
  details.set_message(detail.message());
  proto::AnyDetail* any = details.add_details();
  any->set_type_url(kDetailType);
  any->set_value(detail.SerializeAsString());
  return {StatusCodeOf(error.code), detail.message(), details.SerializeAsString()};
}

Error FromGrpc(const grpc::Status& status) {
  Error error{NearestCode(status.error_code()), status.error_message()};
  proto::StatusDetails details;
  if (!details.ParseFromString(status.error_details())) return error;
  for (const proto::AnyDetail& any : details.details()) {
    proto::ErrorDetail detail;
    if (any.type_url() != kDetailType || !detail.ParseFromString(any.value())) continue;
    error = Unpack(detail);
  }
  return error;
}

}  // namespace commresolve::daemon
