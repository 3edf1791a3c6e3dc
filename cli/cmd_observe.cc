// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `observe`: certificates from servers.

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <utility>

#include "cli/commands.h"
#include "cli/endpoints.h"
#include "cli/json.h"

namespace commresolve::cli {
namespace {

Status ReadTargets(std::istream& lines, std::optional<Protocol> protocol,
                   std::vector<index::ObserveTarget>& targets, const std::string& file) {
  std::string line;
  for (size_t number = 1; std::getline(lines, line); ++number) {
    const size_t start = line.find_first_not_of(" \t\r");
    if (start == std::string::npos || line[start] == '#') continue;
    const size_t end = line.find_last_not_of(" \t\r") + 1;
    auto target = index::ParseObserveTarget(line.substr(start, end - start), protocol);
    if (!target.ok()) return target.error().Within(file + ":" + std::to_string(number));
    targets.push_back(std::move(*target));
  }
  return {};
}

Result<std::vector<index::ObserveTarget>> Targets(const ObserveOptions& options) {
  COMMRESOLVE_ASSIGN(protocol, ProtocolFrom(options.starttls));
  std::vector<index::ObserveTarget> targets;
  for (const std::string& text : options.targets) {
    COMMRESOLVE_ASSIGN(target, index::ParseObserveTarget(text, protocol));
    targets.push_back(std::move(target));
  }
  if (options.from == "-") {
    COMMRESOLVE_TRY(ReadTargets(std::cin, protocol, targets, "standard input"));
  } else if (!options.from.empty()) {
    std::ifstream file(options.from);
    if (!file) {
      return Error{Code::kUnavailable, "cannot read " + options.from + ": " + std::strerror(errno)};
    }
    COMMRESOLVE_TRY(ReadTargets(file, protocol, targets, options.from));
  }
  if (!options.sni.empty()) {
    for (index::ObserveTarget& target : targets) target.server_name = options.sni;
  }
  if (targets.empty()) {
    return Error{Code::kInvalidArgument, "no server was named",
                 "for example: commresolve observe bugs.debian.org"};
  }
  return targets;
}

std::string ReportText(Context& context, const index::ObserveReport& report) {
  const Terminal& terminal = context.terminal();
  if (!report.seen.ok()) {
    const std::string& message = report.seen.error().message;
    return terminal.Paint(Color::kBad, "failed ") + " " +
           Printable(message.starts_with(report.target) ? message : report.target + ": " + message);
  }
  const CertificateFacts& facts = *report.seen;
  const std::string name = !facts.names.empty()          ? facts.names.front()
                           : !facts.common_names.empty() ? facts.common_names.front()
                                                         : "(no name)";
  return terminal.Paint(Color::kGood, report.fresh ? "new    " : "known  ") + " " + report.target +
         "  " + Printable(name) + "  key " + KeyShort(facts.key);
}

void WarnOfBroken(Context& context, const index::ObserveReport& report,
                  const std::vector<Binding>& broken) {
  for (const Binding& binding : broken) {
    context.terminal().Note("warning: " + report.target + ": " +
                            (binding.words ? "'" + binding.words->ToString() + "'" : "(hashed)") +
                            " is bound to another key here");
  }
}

}  // namespace

ExitCode RunObserve(Context& context, const ObserveOptions& options) {
  auto targets = Targets(options);
  if (!targets.ok()) return context.Fail(targets.error());
  const auto backend = context.backend();
  if (!backend.ok()) return context.Fail(backend.error());
  const daemon::ObserveOrder order{std::move(*targets), options.at_once, options.per_address};
  bool hinted = false;
  size_t seen = 0;
  size_t done = 0;
  const auto report = [&](const index::ObserveReport& line, const std::vector<Binding>& broken) {
    context.terminal().ClearProgress();
    if (line.seen.ok()) ++seen;
    context.terminal().Line(context.json() ? ObserveJson(line) : ReportText(context, line));
    WarnOfBroken(context, line, broken);
    if (!line.seen.ok() && !line.seen.error().hint.empty() && !std::exchange(hinted, true)) {
      context.terminal().Note("hint: " + line.seen.error().hint);
    }
    context.terminal().Progress("observing", ++done, order.targets.size());
  };
  const Status status = (*backend)->Observe(order, WatchStop(), report);
  context.terminal().ClearProgress();
  if (!status.ok()) return context.Fail(status.error());
  return seen == 0 ? ExitCode::kNetwork : ExitCode::kFound;
}

}  // namespace commresolve::cli
