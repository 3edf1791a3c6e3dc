// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Entry point of `commresolve`.

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>

#include "cli/command_line.h"
#include "cli/json.h"

namespace {

/// With --json, what is printed when a signal ends a command that does not listen.
std::atomic<const std::string*> last_object{nullptr};

void Write(int fd, std::string_view text) {
  [[maybe_unused]] const ssize_t written = ::write(fd, text.data(), text.size());
}

/// The first signal asks the command to stop, if it listens; a second one ends the program at once.
void OnSignal(int signal) {
  using namespace commresolve::cli;
  const bool second = stop_requested.exchange(true);
  if (second) std::_Exit(128 + signal);
  if (stop_is_watched) return;
  if (const std::string* object = last_object) Write(STDOUT_FILENO, *object);
  Write(STDERR_FILENO, "commresolve: error: interrupted\n");
  std::_Exit(static_cast<int>(ExitCode::kInterrupted));
}

void HandleSignals() {
  struct sigaction action{};
  action.sa_handler = OnSignal;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  action.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &action, nullptr);
}

/// A file opened later must not take the number of a closed standard stream, or output would go
/// into it. What stands there instead fails to be written or read.
void KeepStandardStreams() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (::fcntl(fd, F_GETFD) != -1) continue;
    if (::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd) std::_Exit(70);
  }
}

/// Output that cannot be written is a failure too.
int EndOf(commresolve::cli::ExitCode exit_code) {
  std::cout.flush();
  return static_cast<int>(std::cout ? exit_code : commresolve::cli::ExitCode::kNetwork);
}

int Run(int argc, char** argv) {
  using namespace commresolve::cli;
  using commresolve::Code;
  KeepStandardStreams();
  HandleSignals();
  ExitCode exit_code = ExitCode::kFound;
  const auto invocation = ParseCommandLine(argc, argv, exit_code);
  if (!invocation) return static_cast<int>(exit_code);
  static const std::string interrupted = ErrorJson({Code::kInterrupted, "interrupted"}) + "\n";
  if (invocation->global.json) last_object = &interrupted;
  if (invocation->run_without_context) {
    exit_code = invocation->run_without_context(invocation->global);
    return EndOf(exit_code);
  }
  auto context = Context::Make(invocation->global);
  if (!context.ok()) {
    const Terminal terminal(invocation->global.color, false);
    if (invocation->global.json) terminal.Line(ErrorJson(context.error()));
    terminal.Error(context.error());
    return static_cast<int>(ExitCodeOf(context.error().code));
  }
  exit_code = invocation->run(**context);
  (*context)->CatchUp();
  return EndOf(exit_code);
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
