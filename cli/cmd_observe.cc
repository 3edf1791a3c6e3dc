// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `observe`: certificates from servers.

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <utility>

#include "cli/commands.h"
#include "cli/json.h"
#include "index/observer.h"

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

/// True if `key` was seen at this very place, under the same server name.
bool SeenThere(index::Store& store, const KeyId& key, const Endpoint& place) {
  const auto candidate = store.FindKey(key);
  if (!candidate.ok() || !*candidate) return false;
  return std::any_of((*candidate)->endpoints.begin(), (*candidate)->endpoints.end(),
                     [&place](const SeenEndpoint& seen) { return seen.endpoint == place; });
}

/// Tells of bindings that expect another key there, by their name or by what was seen there.
void WarnOfOtherKeys(Context& context, const KnownCerts& known, index::Store& store,
                     const index::ObserveReport& report) {
  const KeyId& shown = report.seen->key;
  std::vector<Binding> expecting = known.FindByName(report.endpoint->server_name);
  const auto keys = store.KeysSeenAt(report.endpoint->ip, report.endpoint->port);
  for (const KeyId& key : keys.ok() ? *keys : std::vector<KeyId>()) {
    for (Binding& binding : known.FindByKey(key)) {
      const bool listed = std::find(expecting.begin(), expecting.end(), binding) != expecting.end();
      if (!listed && SeenThere(store, key, *report.endpoint)) {
        expecting.push_back(std::move(binding));
      }
    }
  }
  for (const Binding& binding : expecting) {
    if (binding.Accepts(shown)) continue;
    context.terminal().Note("warning: " + report.target + ": " +
                            (binding.words ? "'" + binding.words->ToString() + "'" : "(hashed)") +
                            " is bound to another key here");
  }
}

}  // namespace

ExitCode RunObserve(Context& context, const ObserveOptions& options) {
  const auto targets = Targets(options);
  if (!targets.ok()) return context.Fail(targets.error());
  const auto store = context.store();
  if (!store.ok()) return context.Fail(store.error());
  const auto prober = context.prober();
  if (!prober.ok()) return context.Fail(prober.error());
  const auto known = context.known_certs().Load();
  if (!known.ok()) return context.Fail(known.error());
  const auto dns = context.dns();
  if (!dns.ok()) return context.Fail(dns.error());

  index::ObserveOptions how;
  how.probe = context.config().resolver.probe;
  how.probe.at_once = options.at_once;
  how.probe.per_address = options.per_address;
  how.stop = WatchStop();
  bool hinted = false;
  size_t seen = 0;
  size_t done = 0;
  const auto report = [&](const index::ObserveReport& line) {
    context.terminal().ClearProgress();
    if (line.seen.ok()) ++seen;
    context.terminal().Line(context.json() ? ObserveJson(line) : ReportText(context, line));
    if (line.seen.ok()) WarnOfOtherKeys(context, **known, **store, line);
    if (!line.seen.ok() && !line.seen.error().hint.empty() && !std::exchange(hinted, true)) {
      context.terminal().Note("hint: " + line.seen.error().hint);
    }
    context.terminal().Progress("observing", ++done, targets->size());
  };
  const Status status = index::Observe(**store, **prober, *dns, *targets, how, report);
  context.terminal().ClearProgress();
  if (!status.ok()) return context.Fail(status.error());
  return seen == 0 ? ExitCode::kNetwork : ExitCode::kFound;
}

}  // namespace commresolve::cli
