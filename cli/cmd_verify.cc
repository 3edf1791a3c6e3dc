// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `verify`: does the server still prove a bound key?

#include "cli/commands.h"
#include "cli/endpoints.h"
#include "cli/json.h"
#include "cli/request.h"

namespace commresolve::cli {
namespace {

Color ColorOf(Verdict verdict) {
  if (verdict == Verdict::kMatch) return Color::kGood;
  return verdict == Verdict::kNew ? Color::kWarning : Color::kBad;
}

ExitCode ExitCodeOfVerdict(Verdict verdict) {
  return verdict == Verdict::kMatch ? ExitCode::kFound : ExitCode::kNotTrusted;
}

std::string BoundAs(const std::vector<Binding>& bindings) {
  std::string text;
  for (const Binding& binding : bindings) {
    text += (text.empty() ? "" : ", ") +
            (binding.words ? "'" + binding.words->ToString() + "'" : "(hashed)") + " (" +
            TierName(binding.tier) + ")";
  }
  return text;
}

ExitCode VerifyServer(Context& context, const std::string& text, const std::string& starttls) {
  const auto protocol = ProtocolFrom(starttls);
  if (!protocol.ok()) return context.Fail(protocol.error());
  const auto backend = context.backend();
  if (!backend.ok()) return context.Fail(backend.error());
  const EndpointVerdict verdict = (*backend)->VerifyServer(text, *protocol);
  if (verdict.failure) return context.Fail(*verdict.failure);
  Terminal& terminal = context.terminal();
  if (context.json()) {
    terminal.Line(EndpointVerdictJson(verdict));
    return ExitCodeOfVerdict(verdict.verdict);
  }
  terminal.Line(terminal.Paint(ColorOf(verdict.verdict), LoudVerdict(verdict.verdict)) + " " +
                verdict.endpoint->ToString() + " key " + KeyText(verdict.shown->key));
  terminal.Line("reason  " + Printable(verdict.reason));
  if (!verdict.bindings.empty()) {
    terminal.Line((verdict.verdict == Verdict::kMatch ? "bound   " : "expected by ") +
                  Printable(BoundAs(verdict.bindings)));
  }
  return ExitCodeOfVerdict(verdict.verdict);
}

}  // namespace

ExitCode RunVerify(Context& context, const NameOptions& options) {
  if (options.words.size() == 1 && LooksLikeServer(options.words.front())) {
    return VerifyServer(context, options.words.front(), options.protocol);
  }
  const auto request = RequestFrom(context, options, Prove::kAlways);
  if (!request.ok()) return context.Fail(request.error());
  const auto backend = context.backend();
  if (!backend.ok()) return context.Fail(backend.error());
  const auto asked = (*backend)->Resolve(*request);
  if (!asked.ok()) return context.Fail(asked.error());
  const Resolution& resolution = *asked;
  Terminal& terminal = context.terminal();
  if (context.json()) {
    terminal.Line(ResolutionJson(resolution, false));
  } else if (resolution.answer) {
    terminal.Line(terminal.Paint(Color::kGood, "VERIFIED") + " " +
                  resolution.answer->endpoint.ToString() + " key " +
                  KeyText(resolution.answer->key));
  } else if (resolution.refusal->code == Code::kUntrusted) {
    terminal.Line(terminal.Paint(ColorOf(resolution.verdict), LoudVerdict(resolution.verdict)));
  }
  for (const std::string& notice : resolution.notices) terminal.Note("notice: " + notice);
  if (!resolution.refusal) return ExitCode::kFound;
  terminal.Error(*resolution.refusal);
  return ExitCodeOf(resolution.refusal->code);
}

}  // namespace commresolve::cli
