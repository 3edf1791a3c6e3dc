// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// RequestFrom: the command line of resolve, connect, verify, open and why as a ResolveRequest.

#ifndef COMMRESOLVE_CLI_REQUEST_H_
#define COMMRESOLVE_CLI_REQUEST_H_

#include <string>

#include "cli/context.h"

namespace commresolve::cli {

/// kInvalidArgument for a name, protocol or --prove that makes no sense. With port_word a last word
/// that is a number is the port if other words come before it and --port is not given.
Result<ResolveRequest> RequestFrom(const Context& context, const NameOptions& options,
                                   Prove default_prove);

/// "VERIFIED", "NEW", "CHANGED", "REVOKED", "HOLD".
std::string LoudVerdict(Verdict verdict);

}  // namespace commresolve::cli

#endif  // COMMRESOLVE_CLI_REQUEST_H_
