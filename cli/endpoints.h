// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// EndpointsOf: HOST[:PORT] from the command line as endpoints that can be tried.

#ifndef COMMRESOLVE_CLI_ENDPOINTS_H_
#define COMMRESOLVE_CLI_ENDPOINTS_H_

#include <optional>
#include <string>
#include <vector>

#include "cli/context.h"

namespace commresolve::cli {

/// True if `text` names a server rather than words: an IP address, or a host with a port.
bool LooksLikeServer(const std::string& text);

/// The protocol that an option names; nothing for an empty text. kInvalidArgument.
Result<std::optional<Protocol>> ProtocolFrom(const std::string& text);

/// The endpoints of `text`, asking DNS for a host name. Without a protocol that of the port.
/// kInvalidArgument; kUnavailable if there is no address.
Result<std::vector<Endpoint>> EndpointsOf(Context& context, const std::string& text,
                                          std::optional<Protocol> protocol);

}  // namespace commresolve::cli

#endif  // COMMRESOLVE_CLI_ENDPOINTS_H_
