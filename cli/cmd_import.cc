// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `import` and `observe`: certificates in.

#include <fstream>
#include <iostream>

#include "cli/commands.h"
#include "cli/json.h"
#include "index/importer.h"
#include "index/observer.h"

namespace commresolve::cli {
namespace {

constexpr uint64_t kRefusalsShown = 20;

std::string RefusalText(const index::Refusal& refusal) {
  std::string where = refusal.file;
  if (refusal.line != 0) {
    where += ":" + std::to_string(refusal.line);
  } else if (refusal.offset != 0) {
    where += " at byte " + std::to_string(refusal.offset);
  }
  return where + ": " + refusal.reason;
}

void PrintSummary(Context& context, const index::ImportSummary& summary) {
  if (context.json()) {
    context.terminal().Line(ImportJson(summary));
    return;
  }
  context.terminal().Line(
      "read " + std::to_string(summary.read) + ", new " + std::to_string(summary.fresh) +
      ", known " + std::to_string(summary.known) + ", refused " + std::to_string(summary.refused) +
      (summary.left_out == 0 ? ""
                             : ", left out as no servers " + std::to_string(summary.left_out)));
}

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
  std::optional<Protocol> protocol;
  if (!options.starttls.empty()) {
    protocol = ParseProtocol(options.starttls);
    if (!protocol) {
      return Error{Code::kInvalidArgument, "unknown protocol '" + options.starttls + "'",
                   "one of smtp, imap, pop3, xmpp-client, xmpp-server, ldap, postgres, ftp, tls"};
    }
  }
  std::vector<index::ObserveTarget> targets;
  for (const std::string& text : options.targets) {
    COMMRESOLVE_ASSIGN(target, index::ParseObserveTarget(text, protocol));
    targets.push_back(std::move(target));
  }
  if (options.from == "-") {
    COMMRESOLVE_TRY(ReadTargets(std::cin, protocol, targets, "standard input"));
  } else if (!options.from.empty()) {
    std::ifstream file(options.from);
    if (!file) return Error{Code::kInvalidArgument, "cannot read " + options.from};
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

}  // namespace

ExitCode RunImport(Context& context, const ImportOptions& options) {
  const auto store = context.store();
  if (!store.ok()) return context.Fail(store.error());
  index::ImportSummary summary;
  index::ImportOptions how;
  how.stop = WatchStop();
  how.progress = [&context](uint64_t done, uint64_t total) {
    context.terminal().Progress("importing", done, total);
  };
  uint64_t refusals = 0;
  how.on_refusal = [&](const index::Refusal& refusal) {
    context.terminal().ClearProgress();
    if (context.json()) {
      context.terminal().Line(RefusalJson(refusal));
    } else if (++refusals <= kRefusalsShown) {
      context.terminal().Note("refused: " + RefusalText(refusal));
    }
  };
  const Status status = index::Import(**store, options.paths, context.clock(), how, summary);
  context.terminal().ClearProgress();
  if (refusals > kRefusalsShown) {
    context.terminal().Note("and " + std::to_string(refusals - kRefusalsShown) +
                            " more refusals; --json lists them all");
  }
  if (status.ok() || summary.read + summary.refused > 0) PrintSummary(context, summary);
  if (!status.ok()) return context.Fail(status.error());
  return summary.read == 0 ? ExitCode::kNone : ExitCode::kFound;
}

ExitCode RunObserve(Context& context, const ObserveOptions& options) {
  const auto targets = Targets(options);
  if (!targets.ok()) return context.Fail(targets.error());
  const auto store = context.store();
  if (!store.ok()) return context.Fail(store.error());
  const auto prober = context.prober();
  if (!prober.ok()) return context.Fail(prober.error());
  const auto dns = context.dns();
  if (!dns.ok()) return context.Fail(dns.error());

  index::ObserveOptions how;
  how.probe = context.config().resolver.probe;
  how.probe.at_once = options.at_once;
  how.probe.per_address = options.per_address;
  how.stop = WatchStop();
  size_t seen = 0;
  size_t done = 0;
  const auto report = [&](const index::ObserveReport& line) {
    context.terminal().ClearProgress();
    if (line.seen.ok()) ++seen;
    context.terminal().Line(context.json() ? ObserveJson(line) : ReportText(context, line));
    context.terminal().Progress("observing", ++done, targets->size());
  };
  const Status status = index::Observe(**store, **prober, *dns, *targets, how, report);
  context.terminal().ClearProgress();
  if (!status.ok()) return context.Fail(status.error());
  return seen == 0 ? ExitCode::kNetwork : ExitCode::kFound;
}

}  // namespace commresolve::cli
