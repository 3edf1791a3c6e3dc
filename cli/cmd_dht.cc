// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `dht join`, `leave`, `publish` and `announce`: what others may know.

#include "cli/commands.h"
#include "cli/endpoints.h"
#include "cli/json_sharing.h"
#include "cli/key_file.h"
#include "cli/request.h"
#include "resolver/keyword/host_name.h"

namespace commresolve::cli {
namespace {

/// Joins, and tells how things stand then.
Result<daemon::SharingStatus> Join(Context& context, const DhtOptions& options) {
  COMMRESOLVE_ASSIGN(sharing, context.sharing());
  COMMRESOLVE_TRY(sharing->Join(options.bootstrap));
  return sharing->GetStatus();
}

Status Leave(Context& context) {
  COMMRESOLVE_ASSIGN(sharing, context.sharing());
  return sharing->Leave();
}

std::optional<bool> YesOrNo(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<bool>(text == "yes");
}

Result<daemon::PublishReport> Publish(Context& context, const DhtOptions& options) {
  COMMRESOLVE_ASSIGN(sharing, context.sharing());
  const daemon::PublishChoice choice{YesOrNo(options.postings), YesOrNo(options.observations),
                                     YesOrNo(options.named)};
  COMMRESOLVE_ASSIGN(report, sharing->Publish(choice, WatchStop()));
  COMMRESOLVE_ASSIGN(status, sharing->GetStatus());
  if (!status.membership.postings && !status.membership.observations) {
    context.terminal().Note("nothing that was found here is published; see " +
                            std::string("commresolve dht publish --help"));
  }
  if (options.named == "yes") {
    context.terminal().Note("others choose this observer with: commresolve observers add " +
                            status.observer);
  }
  return report;
}

/// "ADDRESS:PORT[,PROTO]".
Result<Endpoint> PlaceFrom(const std::string& text, const std::string& server_name) {
  const size_t comma = text.find(',');
  COMMRESOLVE_ASSIGN(where, ParseHostPort(text.substr(0, comma)));
  const auto ip = IpAddress::Parse(where.host);
  if (!ip.ok() || where.port == 0) {
    return Error{Code::kInvalidArgument, "--at: '" + text + "' is no address with port",
                 "as in 192.0.2.7:443 or [2001:db8::7]:5222,xmpp-client"};
  }
  COMMRESOLVE_ASSIGN(protocol,
                     ProtocolFrom(comma == std::string::npos ? "" : text.substr(comma + 1)));
  return Endpoint{*ip, where.port, protocol.value_or(DefaultProtocol(where.port)), server_name};
}

Status CheckSigner(const DhtOptions& options) {
  if (!options.key_file.empty() || !options.statement_file.empty()) return {};
  return Error{Code::kInvalidArgument, "--key is missing: whose place is it?",
               "--key FILE with its private key, or --statement FILE of commresolve dht delegate"};
}

Result<daemon::Announcement> WantedBy(const DhtOptions& options) {
  COMMRESOLVE_TRY(CheckSigner(options));
  if (options.at.empty()) {
    return Error{Code::kInvalidArgument, "--at is missing: where does the key live?",
                 "--at ADDRESS:PORT, or --withdraw if it lives nowhere now"};
  }
  daemon::Announcement wanted;
  if (!options.key_file.empty()) wanted.key_file = AbsolutePath(options.key_file);
  if (!options.statement_file.empty()) {
    wanted.statement_file = AbsolutePath(options.statement_file);
  }
  for (const std::string& text : options.names) {
    COMMRESOLVE_ASSIGN(name, NormaliseHostName(text));
    if (wanted.names.empty() && name.starts_with('*')) {
      return Error{Code::kInvalidArgument, "--name: '" + text + "' is a pattern, not one host",
                   "put the name first that clients send as server name"};
    }
    wanted.names.push_back(std::move(name));
  }
  for (const std::string& text : options.at) {
    COMMRESOLVE_ASSIGN(place, PlaceFrom(text, wanted.names.empty() ? "" : wanted.names.front()));
    wanted.endpoints.push_back(std::move(place));
  }
  return wanted;
}

Result<daemon::Announcement> Announce(Context& context, const DhtOptions& options) {
  COMMRESOLVE_ASSIGN(wanted, WantedBy(options));
  COMMRESOLVE_ASSIGN(sharing, context.sharing());
  return sharing->Announce(wanted);
}

/// The key that was announced with this file, which need not be there any more.
Result<KeyId> AnnouncedKey(daemon::SharingClient& sharing, const DhtOptions& options) {
  const bool vouched = options.key_file.empty();
  const std::string& file_or_key = vouched ? options.statement_file : options.key_file;
  if (const auto key = ParseKey(file_or_key); key.ok()) return *key;
  COMMRESOLVE_ASSIGN(status, sharing.GetStatus());
  const std::string path = AbsolutePath(file_or_key);
  for (const daemon::AnnouncementState& state : status.announcements) {
    const daemon::Announcement& said = state.announcement;
    if ((vouched ? said.statement_file : said.key_file) == path) return said.key;
  }
  return Error{Code::kNotFound, "no key of " + path + " is announced",
               "see commresolve dht status"};
}

Result<KeyId> Withdraw(Context& context, const DhtOptions& options) {
  COMMRESOLVE_TRY(CheckSigner(options));
  COMMRESOLVE_ASSIGN(sharing, context.sharing());
  COMMRESOLVE_ASSIGN(key, AnnouncedKey(*sharing, options));
  COMMRESOLVE_TRY(sharing->Withdraw(key));
  return key;
}

}  // namespace

ExitCode RunDhtJoin(Context& context, const DhtOptions& options) {
  const auto status = Join(context, options);
  if (!status.ok()) return context.Fail(status.error());
  Terminal& terminal = context.terminal();
  terminal.Note("joined, now and after every restart; see commresolve dht status");
  if (!status->problem.empty()) terminal.Note("warning: " + status->problem);
  if (status->membership.bootstrap.empty() && context.config().dht_bootstrap.empty()) {
    terminal.Note(
        "hint: no node is named to begin with: commresolve dht join --bootstrap HOST:PORT");
  }
  return ExitCode::kFound;
}

ExitCode RunDhtLeave(Context& context) {
  const Status left = Leave(context);
  if (!left.ok()) return context.Fail(left.error());
  context.terminal().Note("left; what was published expires within days");
  return ExitCode::kFound;
}

ExitCode RunDhtPublish(Context& context, const DhtOptions& options) {
  const auto report = Publish(context, options);
  if (!report.ok()) return context.Fail(report.error());
  Terminal& terminal = context.terminal();
  if (context.json()) {
    terminal.Line(PublishReportJson(*report));
    return ExitCode::kFound;
  }
  const auto line = [&terminal](const std::string& label, size_t number) {
    terminal.Line(label + std::string(20 - label.size(), ' ') + std::to_string(number));
  };
  line("listings looked at", report->listings);
  line("kept at home", report->withheld);
  line("to be published", report->posting_sets);
  line("observations", report->observations);
  line("rare or private", report->rare_or_private);
  line("new or changed", report->changed);
  line("removed", report->removed);
  return ExitCode::kFound;
}

ExitCode RunDhtAnnounce(Context& context, const DhtOptions& options) {
  if (options.withdraw) {
    const auto key = Withdraw(context, options);
    if (!key.ok()) return context.Fail(key.error());
    context.terminal().Note("withdrawn: " + KeyText(*key) +
                            "; peers are told so for three days, then it is forgotten");
    return ExitCode::kFound;
  }
  const auto announced = Announce(context, options);
  if (!announced.ok()) return context.Fail(announced.error());
  Terminal& terminal = context.terminal();
  if (context.json()) {
    terminal.Line(AnnouncementJson(*announced));
    return ExitCode::kFound;
  }
  terminal.Line("announced until it is withdrawn");
  terminal.Line("key   " + KeyText(announced->key));
  for (const std::string& name : announced->names) terminal.Line("name  " + Printable(name));
  for (const Endpoint& place : announced->endpoints) terminal.Line("at    " + place.ToString());
  terminal.Note("put as soon as there are peers; see commresolve dht status");
  return ExitCode::kFound;
}

}  // namespace commresolve::cli
