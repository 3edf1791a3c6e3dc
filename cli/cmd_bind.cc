// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `bind`: the user says what words mean.

#include "cli/commands.h"
#include "cli/endpoints.h"
#include "cli/first_use.h"
#include "cli/json.h"
#include "resolver/keyword/host_name.h"

namespace commresolve::cli {
namespace {

constexpr size_t kMaxChoices = 64;

/// The key that the server at `text` proves now.
Result<KeyId> KeyAt(Context& context, const std::string& text, const std::string& starttls) {
  COMMRESOLVE_ASSIGN(endpoints, EndpointsOf(context, text, starttls));
  COMMRESOLVE_ASSIGN(store, context.store());
  COMMRESOLVE_ASSIGN(prober, context.prober());
  RaceResult race =
      prober->Race(endpoints, context.settings().probe, [](const Handshake&) { return true; });
  if (!race.winner) {
    if (race.losers.empty()) return Error{Code::kUnavailable, text + " cannot be reached"};
    return race.losers.front().handshake.error();
  }
  COMMRESOLVE_ASSIGN(shown, store->RecordHandshake(race.winner->handshake));
  return shown.key;
}

/// The key to bind, however the user said it.
Result<KeyId> ChosenKey(Context& context, const KeywordSet& words, const BindOptions& options) {
  if (!options.key.empty()) return ParseKey(options.key);
  if (!options.at.empty()) return KeyAt(context, options.at, options.starttls);
  COMMRESOLVE_ASSIGN(store, context.store());
  COMMRESOLVE_ASSIGN(found, store->Find(words, kMaxChoices));
  if (found.list.empty()) {
    return Error{Code::kNotFound, "no certificate carries all of '" + words.ToString() + "'",
                 "say which key is meant with --key KEY or --at HOST:PORT"};
  }
  if (!context.terminal().CanAsk()) {
    return Error{
        Code::kAmbiguous,
        std::to_string(found.list.size()) + " keys carry '" + words.ToString() +
            "', and there is no terminal to ask on",
        "say which one is meant with --key KEY; see commresolve search " + words.ToString()};
  }
  COMMRESOLVE_ASSIGN(choice, AskWhichKey(context, words, found.list));
  return choice.key;
}

Result<Binding> Bind(Context& context, const BindOptions& options) {
  COMMRESOLVE_ASSIGN(words, KeywordSet::FromText(Joined(options.words)));
  COMMRESOLVE_ASSIGN(key, ChosenKey(context, words, options));
  COMMRESOLVE_ASSIGN(resolver, context.MakeResolver());
  if (options.add) return resolver->AddKey(words, key);
  std::string name;
  if (!options.name.empty()) {
    COMMRESOLVE_ASSIGN(normal, NormaliseHostName(options.name));
    name = std::move(normal);
  }
  return resolver->Bind(words, key, Tier::kPinned, options.critical, name,
                        options.reason.empty() ? "bound by the user" : options.reason);
}

}  // namespace

ExitCode RunBind(Context& context, const BindOptions& options) {
  const auto binding = Bind(context, options);
  if (!binding.ok()) return context.Fail(binding.error());
  Terminal& terminal = context.terminal();
  if (context.json()) {
    terminal.Line(BindingJson(*binding));
    return ExitCode::kFound;
  }
  const std::string name = NameOfWords(*binding->words, context.settings().suffix);
  terminal.Line("bound '" + binding->words->ToString() + "' to " +
                std::to_string(binding->accepted.size()) + " key" +
                (binding->accepted.size() == 1 ? "" : "s") + ", tier " + TierName(binding->tier));
  for (const KeyId& key : binding->accepted) terminal.Line("key   " + KeyText(key));
  if (!binding->name.empty()) terminal.Line("name  " + Printable(binding->name));
  if (!name.empty()) terminal.Line("typed " + name);
  return ExitCode::kFound;
}

}  // namespace commresolve::cli
