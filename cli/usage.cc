// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Errors and hints for mistakes on the command line.

#include "cli/usage.h"

#include <algorithm>

#include "cli/json.h"
#include "cli/terminal.h"
#include "resolver/config/nearest.h"

namespace commresolve::cli {

std::optional<Error> EmptyValue(const Arguments& arguments) {
  for (size_t i = 0; i < arguments.size() && arguments[i] != "--"; ++i) {
    for (const std::string option : {"--config", "--data-dir", "--root"}) {
      const bool beside =
          arguments[i] == option && i + 1 < arguments.size() && arguments[i + 1].empty();
      if (!beside && arguments[i] != option + "=") continue;
      return Error{Code::kInvalidArgument, option + ": a path is missing",
                   "leave " + option + " out for the usual place"};
    }
  }
  return std::nullopt;
}

Error NoSuchCommand(const std::string& word, const std::string& path,
                    const std::vector<std::string>& names) {
  const std::string near = Nearest(word, names);
  const std::string meant = near.empty() ? "" : "did you mean '" + path + near + "'? ";
  return {Code::kInvalidArgument, "'" + word + "' is no command",
          meant + "see " + path + "--help for all"};
}

std::string UsageHint(const std::string& command, const Arguments& left) {
  const bool word_to_leave_out = std::any_of(left.begin(), left.end(), [](const std::string& text) {
    return text.size() > 1 && text[0] == '-' && text[1] != '-';
  });
  if (command == "search" && word_to_leave_out) {
    return "to leave a word out put -- in front of all words: commresolve search -- debian -wiki";
  }
  return "see commresolve " + command + (command.empty() ? "" : " ") + "--help";
}

ExitCode RefuseUsage(const Error& error, const Arguments& arguments) {
  const Terminal terminal("auto", false);
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  if (std::find(arguments.begin(), end, "--json") != end) terminal.Line(ErrorJson(error));
  terminal.Error(error);
  return ExitCode::kUsage;
}

}  // namespace commresolve::cli
