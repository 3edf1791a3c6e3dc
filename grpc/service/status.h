// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Errors as gRPC statuses, with commresolve.v1.ErrorDetail inside.

#ifndef COMMRESOLVE_GRPC_SERVICE_STATUS_H_
#define COMMRESOLVE_GRPC_SERVICE_STATUS_H_

#include <grpcpp/support/status.h>

#include "resolver/base/result.h"

namespace commresolve::daemon {

/// The one table from error codes to gRPC codes.
grpc::StatusCode StatusCodeOf(Code code);

/// The message is the error's; code and hint are in the detail (grpc-status-details-bin).
grpc::Status ToGrpc(const Error& error);

/// The error that ToGrpc() was made of; of another status one with the nearest code.
Error FromGrpc(const grpc::Status& status);

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SERVICE_STATUS_H_
