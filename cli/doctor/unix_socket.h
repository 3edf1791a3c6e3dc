// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// UnixSocket: connections to local sockets for the checks.

#ifndef COMMRESOLVE_CLI_DOCTOR_UNIX_SOCKET_H_
#define COMMRESOLVE_CLI_DOCTOR_UNIX_SOCKET_H_

#include <string>

#include "resolver/base/result.h"
#include "resolver/base/unique_fd.h"

namespace commresolve::cli {

/// Connects without waiting. `type` is SOCK_STREAM or SOCK_SEQPACKET. kNotFound if there is no such
/// file; kInvalidArgument if the path is too long; kUnavailable otherwise.
Result<UniqueFd> ConnectUnix(const std::string& path, int type);

/// True if a stream socket at `path` takes connections.
bool SomebodyListens(const std::string& path);

}  // namespace commresolve::cli

#endif  // COMMRESOLVE_CLI_DOCTOR_UNIX_SOCKET_H_
