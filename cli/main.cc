// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Entry point of `commresolve`.

#include <csignal>
#include <exception>
#include <iostream>

#include "cli/command_line.h"

namespace {

/// The first signal asks the command to stop; a second one ends the program at once.
void OnSignal(int signal) {
  if (commresolve::cli::stop_requested.exchange(true)) std::_Exit(128 + signal);
}

void HandleSignals() {
  struct sigaction action{};
  action.sa_handler = OnSignal;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  action.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &action, nullptr);
}

int Run(int argc, char** argv) {
  using namespace commresolve::cli;
  HandleSignals();
  ExitCode exit_code = ExitCode::kFound;
  const auto invocation = ParseCommandLine(argc, argv, exit_code);
  if (!invocation) return static_cast<int>(exit_code);
  auto context = Context::Make(invocation->global);
  if (!context.ok()) {
    Terminal(invocation->global.color, false).Error(context.error());
    return static_cast<int>(ExitCodeOf(context.error().code));
  }
  exit_code = invocation->run(**context);
  std::cout.flush();
  if (!std::cout) return static_cast<int>(ExitCode::kNetwork);
  return static_cast<int>(exit_code);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return Run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "commresolve: error: " << error.what() << " (this is a bug)\n";
    return static_cast<int>(commresolve::cli::ExitCode::kBug);
  }
}
