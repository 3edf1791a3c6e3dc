// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// EndpointsOf: HOST[:PORT] from the command line as endpoints that can be tried.

#ifndef COMMRESOLVE_CLI_ENDPOINTS_H_
#define COMMRESOLVE_CLI_ENDPOINTS_H_

#include <string>
#include <vector>

#include "cli/context.h"

namespace commresolve::cli {

/// True if `text` names a server rather than words: an IP address, or a host with a port.
bool LooksLikeServer(const std::string& text);

/// The endpoints of `text`, asking DNS for a host name. `starttls` is a protocol name, or empty for
/// the default of the port. kInvalidArgument; kUnavailable if there is no address.
Result<std::vector<Endpoint>> EndpointsOf(Context& context, const std::string& text,
                                          const std::string& starttls);

}  // namespace commresolve::cli

#endif  // COMMRESOLVE_CLI_ENDPOINTS_H_
