// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `resolve`, `connect`, `open` and `why`: from a name to a proved address.

#include <unistd.h>

#include <algorithm>

#include "cli/commands.h"
#include "cli/first_use.h"
#include "cli/json.h"
#include "cli/request.h"

namespace commresolve::cli {
namespace {

constexpr uint16_t kHttpsPort = 443;

void PrintNotices(Context& context, const Resolution& resolution) {
  for (const std::string& notice : resolution.notices) context.terminal().Note("notice: " + notice);
}

/// Loud if a key is not what it was.
void PrintVerdict(Context& context, const Resolution& resolution) {
  if (resolution.verdict != Verdict::kChanged && resolution.verdict != Verdict::kHold &&
      resolution.verdict != Verdict::kRevoked) {
    return;
  }
  context.terminal().Note(LoudVerdict(resolution.verdict) +
                          (resolution.changes.empty()
                               ? ": no server was asked"
                               : ": the server did not prove a bound key; nothing was sent to it"));
}

/// The refusal of a command that prints no resolution.
ExitCode Refuse(Context& context, const Resolution& resolution) {
  PrintVerdict(context, resolution);
  return context.Fail(*resolution.refusal);
}

/// Resolves and prints a refusal; an answer is left to the caller. Asks no peers.
Result<Resolution> Resolved(Context& context, const NameOptions& options, Prove prove,
                            bool keep_connection) {
  COMMRESOLVE_ASSIGN(request, RequestFrom(context, options, prove));
  request.keep_connection = keep_connection;
  return ResolveOrAsk(context, request);
}

/// The same, with peers if that is wanted.
Result<Resolution> ResolvedWithPeers(Context& context, const NameOptions& options) {
  COMMRESOLVE_ASSIGN(request, RequestFrom(context, options, Prove::kMaxAge));
  if (options.peers == true && request.prove == Prove::kNever) {
    return Error{Code::kInvalidArgument, "--peers takes handshakes, and --prove=never makes none",
                 "leave one of them out"};
  }
  COMMRESOLVE_ASSIGN(asks, AsksPeers(context, options.peers));
  request.ask_peers = asks && request.prove != Prove::kNever;
  return ResolveOrAsk(context, request);
}

ExitCode PrintJson(Context& context, const Resolution& resolution) {
  context.terminal().Line(ResolutionJson(resolution, false));
  if (!resolution.refusal) return ExitCode::kFound;
  PrintVerdict(context, resolution);
  context.terminal().Error(*resolution.refusal);
  return ExitCodeOf(resolution.refusal->code);
}

void PrintAnswer(Context& context, const Answer& answer) {
  Terminal& terminal = context.terminal();
  Endpoint place = answer.endpoint;
  place.protocol = DefaultProtocol(place.port);  // Which ToString() leaves out.
  terminal.Line(terminal.Paint(Color::kGood, place.ToString()) + " " +
                ProtocolName(answer.endpoint.protocol));
  if (!answer.canonical_name.empty()) terminal.Line("name    " + Printable(answer.canonical_name));
  terminal.Line("key     " + KeyText(answer.key));
  terminal.Line(std::string("tier    ") + TierName(answer.tier));
  terminal.Line("proved  " + FormatAge(std::max<int64_t>(0, context.now() - answer.proved_at)) +
                " ago" + (answer.fresh ? ", by a handshake made for this answer" : ""));
}

/// The server name of an endpoint is a hint of whoever told of it, and makes no URL.
std::string UrlOf(const Answer& answer) {
  std::string host = answer.canonical_name;
  if (host.empty()) {
    host = answer.endpoint.ip.is_v6() ? "[" + answer.endpoint.ip.ToString() + "]"
                                      : answer.endpoint.ip.ToString();
  }
  const uint16_t port = answer.endpoint.port;
  return "https://" + host + (port == kHttpsPort ? "" : ":" + std::to_string(port)) + "/";
}

ExitCode Launch(Context& context, const std::string& url) {
  ::execlp("xdg-open", "xdg-open", url.c_str(), static_cast<char*>(nullptr));
  return context.Fail({Code::kUnavailable, "cannot start xdg-open",
                       "install xdg-utils, or open " + url + " yourself"});
}

}  // namespace

ExitCode RunResolve(Context& context, const NameOptions& options) {
  const auto resolution = ResolvedWithPeers(context, options);
  if (!resolution.ok()) return context.Fail(resolution.error());
  PrintNotices(context, *resolution);
  if (!context.json() && resolution->refusal) return Refuse(context, *resolution);
  if (context.json()) return PrintJson(context, *resolution);
  if (options.brief) {
    context.terminal().Line(resolution->answer->endpoint.ip.ToString());
  } else {
    PrintAnswer(context, *resolution->answer);
  }
  return ExitCode::kFound;
}

ExitCode RunConnect(Context& context, const NameOptions& options) {
  auto resolution = Resolved(context, options, Prove::kAlways, true);
  if (!resolution.ok()) return context.Fail(resolution.error());
  PrintNotices(context, *resolution);
  if (resolution->refusal) return Refuse(context, *resolution);
  const Answer& answer = *resolution->answer;
  context.terminal().Note("VERIFIED " + answer.endpoint.ToString() + " key " +
                          KeyShort(answer.key) + " tier " + TierName(answer.tier));
  const Status piped = resolution->connection->Pipe(STDIN_FILENO, STDOUT_FILENO, WatchStop());
  return piped.ok() ? ExitCode::kFound : context.Fail(piped.error());
}

ExitCode RunOpen(Context& context, const NameOptions& options) {
  NameOptions web = options;
  if (web.protocol.empty()) web.protocol = ProtocolName(Protocol::kTls);
  const auto resolution = Resolved(context, web, Prove::kMaxAge, false);
  if (!resolution.ok()) return context.Fail(resolution.error());
  PrintNotices(context, *resolution);
  if (resolution->refusal) return Refuse(context, *resolution);
  const std::string url = UrlOf(*resolution->answer);
  if (options.launch) return Launch(context, url);
  context.terminal().Line(url);
  return ExitCode::kFound;
}

ExitCode RunWhy(Context& context, const NameOptions& options) {
  auto request = RequestFrom(context, options, Prove::kAlways);
  if (!request.ok()) return context.Fail(request.error());
  request->may_bind = false;
  const auto backend = context.backend();
  if (!backend.ok()) return context.Fail(backend.error());
  const auto asked = (*backend)->Resolve(*request);
  if (!asked.ok()) return context.Fail(asked.error());
  const Resolution& resolution = *asked;
  Terminal& terminal = context.terminal();
  if (context.json()) {
    terminal.Line(ResolutionJson(resolution, true));
  } else {
    const bool matched = resolution.verdict == Verdict::kMatch;
    terminal.Line("verdict     " + terminal.Paint(matched ? Color::kGood : Color::kBad,
                                                  LoudVerdict(resolution.verdict)));
    for (const TraceStep& step : resolution.trace) {
      terminal.Line(step.stage + std::string(12 - std::min<size_t>(step.stage.size(), 11), ' ') +
                    Printable(step.text));
    }
    if (resolution.refusal && !resolution.refusal->hint.empty()) {
      terminal.Line("next step   " + Printable(resolution.refusal->hint));
    }
    for (const std::string& change : resolution.would_change) {
      terminal.Line("would change it: " + Printable(change));
    }
  }
  return resolution.refusal ? ExitCodeOf(resolution.refusal->code) : ExitCode::kFound;
}

}  // namespace commresolve::cli
