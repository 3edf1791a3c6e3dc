// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Usage: what is said about a command line that cannot be run.

#ifndef COMMRESOLVE_CLI_USAGE_H_
#define COMMRESOLVE_CLI_USAGE_H_

#include <optional>
#include <string>
#include <vector>

#include "cli/exit_code.h"

namespace commresolve::cli {

using Arguments = std::vector<std::string>;

/// The error for an option that needs a path and has none, as in --config= or --config ''.
std::optional<Error> EmptyValue(const Arguments& arguments);

/// The error for `word` where one of `names` was expected after `path` ("commresolve index ").
Error NoSuchCommand(const std::string& word, const std::string& path,
                    const std::vector<std::string>& names);

/// The next step after a mistake in the arguments of `command` ("dht join"; empty if there is
/// none), of which `left` were not understood.
std::string UsageHint(const std::string& command, const Arguments& left);

/// Prints `error`, as an object too if --json is among the arguments.
ExitCode RefuseUsage(const Error& error, const Arguments& arguments);

}  // namespace commresolve::cli

#endif  // COMMRESOLVE_CLI_USAGE_H_
