// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Parsed: commands and options with CLI11. This is the only file that includes it.

#ifndef COMMRESOLVE_CLI_COMMAND_PARSER_H_
#define COMMRESOLVE_CLI_COMMAND_PARSER_H_

#include <CLI/CLI.hpp>
#include <string>

#include "cli/command_line.h"
#include "cli/options.h"

namespace commresolve::cli {

/// Everything the options are parsed into, and the command that was named.
struct Parsed {
  Invocation invocation;
  ImportOptions import;
  ObserveOptions observe;
  SearchOptions search;
  CompleteOptions complete;
  NameOptions name;
  BindOptions bind;
  KnownOptions known;
  RevokeOptions revoke;
  InspectOptions inspect;
  IndexOptions index;
  NssOptions nss;
  DhtOptions dht;
  ObserverOptions observer;
};

/// A command with its help.
inline CLI::App* Command(CLI::App& app, const std::string& name, const std::string& about,
                         const std::string& examples) {
  CLI::App* command = app.add_subcommand(name, about);
  command->footer("\nExamples:\n" + examples);
  command->fallthrough();
  return command;
}

/// What it does with the options that it finds parsed.
template <class Options>
void Runs(CLI::App* command, Parsed& parsed, ExitCode (*run)(Context&, const Options&),
          Options Parsed::* options) {
  command->callback([&parsed, run, options] {
    parsed.invocation.run = [run, chosen = parsed.*options](Context& context) {
      return run(context, chosen);
    };
  });
}

/// `dht` and `observers`.
void AddSharing(CLI::App& app, Parsed& parsed);

}  // namespace commresolve::cli

#endif  // COMMRESOLVE_CLI_COMMAND_PARSER_H_
