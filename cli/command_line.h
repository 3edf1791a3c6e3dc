// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The command line: which commands and options there are, and what their help says.

#ifndef COMMRESOLVE_CLI_COMMAND_LINE_H_
#define COMMRESOLVE_CLI_COMMAND_LINE_H_

#include <functional>
#include <optional>

#include "cli/context.h"

namespace commresolve::cli {

/// What is to be done: a command with its options, ready to run. One of the functions is set.
struct Invocation {
  GlobalOptions global;
  std::function<ExitCode(Context&)> run;
  std::function<ExitCode(const GlobalOptions&)> run_without_context;
};

/// Parses. If there is nothing to run (help, version, or a mistake, which is explained on standard
/// error), the result is empty and `exit_code` says how to end.
std::optional<Invocation> ParseCommandLine(int argc, char** argv, ExitCode& exit_code);

}  // namespace commresolve::cli

#endif  // COMMRESOLVE_CLI_COMMAND_LINE_H_
