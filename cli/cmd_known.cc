// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `known`, `unbind` and `revoke`: reading and editing known_certs.

#include <algorithm>

#include "cli/commands.h"
#include "cli/json.h"
#include "cli/request.h"

namespace commresolve::cli {
namespace {

void PrintBinding(Context& context, const Binding& binding) {
  Terminal& terminal = context.terminal();
  if (context.json()) return terminal.Line(BindingJson(binding));
  const std::string words = binding.words ? binding.words->ToString() : "(hashed)";
  terminal.Line(terminal.Paint(Color::kGood, words) + "  " + TierName(binding.tier) +
                (binding.critical ? ", critical" : "") + ", since " + FormatTime(binding.since) +
                (binding.name.empty() ? "" : ", " + Printable(binding.name)));
  for (const KeyId& key : binding.accepted) terminal.Line("  key      " + KeyText(key));
  for (const KeyId& key : binding.rejected) terminal.Line("  rejected " + KeyText(key));
  if (!binding.reason.empty()) terminal.Line("  reason   " + Printable(binding.reason));
}

void PrintRevoked(Context& context, const RevokedKey& revoked) {
  Terminal& terminal = context.terminal();
  if (context.json()) return terminal.Line(RevokedJson(revoked));
  terminal.Line(terminal.Paint(Color::kBad, "revoked") + "  " + KeyText(revoked.key) + ", since " +
                FormatTime(revoked.since) +
                (revoked.reason.empty() ? "" : ": " + Printable(revoked.reason)));
}

/// What `known` is to list; empty for all.
Result<std::optional<WordsOrKey>> Wanted(const Context& context, const KnownOptions& options) {
  if (!options.words.empty()) {
    COMMRESOLVE_ASSIGN(wanted, WordsOrKeyFrom(context, options.words));
    return std::optional<WordsOrKey>(std::move(wanted));
  }
  if (options.key.empty()) return std::optional<WordsOrKey>();
  COMMRESOLVE_ASSIGN(key, KeyFrom(options.key));
  return std::optional<WordsOrKey>(key);
}

/// How many there were.
size_t PrintWanted(Context& context, const KnownCerts& known,
                   const std::optional<WordsOrKey>& wanted) {
  std::vector<Binding> bindings = known.bindings();
  std::vector<RevokedKey> revoked = known.revoked();
  std::string none = "nothing is bound";
  if (wanted) {
    if (const auto* words = std::get_if<KeywordSet>(&*wanted)) {
      const auto binding = known.Find(*words);
      bindings.clear();
      if (binding) bindings.push_back(*binding);
      revoked.clear();
      none = "'" + words->ToString() + "' is not bound";
    } else {
      const KeyId& key = std::get<KeyId>(*wanted);
      bindings = known.FindByKey(key);
      std::erase_if(revoked, [&key](const RevokedKey& one) { return one.key != key; });
      none = "nothing is bound to key " + KeyShort(key);
    }
  }
  if (bindings.empty() && revoked.empty()) context.terminal().Note(none);
  for (const Binding& binding : bindings) PrintBinding(context, binding);
  for (const RevokedKey& one : revoked) PrintRevoked(context, one);
  return bindings.size() + revoked.size();
}

/// The keys meant by `revoke`: one key, or all accepted keys of bound words.
Result<std::vector<KeyId>> KeysMeant(const Context& context, const KnownCerts& known,
                                     const std::vector<std::string>& what) {
  const std::string text = Joined(what);
  if (const auto key = ParseKey(text); key.ok()) return std::vector<KeyId>{*key};
  COMMRESOLVE_ASSIGN(meant, WordsOrKeyFrom(context, what));
  if (const auto* key = std::get_if<KeyId>(&meant)) return std::vector<KeyId>{*key};
  const auto binding = known.Find(std::get<KeywordSet>(meant));
  if (!binding) {
    return Error{Code::kNotFound, "'" + text + "' is neither a whole key nor bound words",
                 LooksLikeShortKey(text) ? "the whole key: commresolve search -1 key:" + text
                                         : "commresolve known lists what is bound"};
  }
  return binding->accepted;
}

}  // namespace

ExitCode RunKnown(Context& context, const KnownOptions& options) {
  const auto known = context.known_certs().Load();
  if (!known.ok()) return context.Fail(known.error());
  const auto wanted = Wanted(context, options);
  if (!wanted.ok()) return context.Fail(wanted.error());
  return PrintWanted(context, **known, *wanted) == 0 ? ExitCode::kNone : ExitCode::kFound;
}

ExitCode RunUnbind(Context& context, const KnownOptions& options) {
  const auto words = WordsFrom(context, options.words);
  if (!words.ok()) return context.Fail(words.error());
  const Status edited = context.known_certs().Edit([&words](KnownCerts& known) -> Status {
    if (known.Remove(*words)) return {};
    return Error{Code::kNotFound, "'" + words->ToString() + "' is not bound"};
  });
  if (!edited.ok()) return context.Fail(edited.error());
  context.terminal().Note("'" + words->ToString() + "' is not bound any more");
  return ExitCode::kFound;
}

ExitCode RunRevoke(Context& context, const RevokeOptions& options) {
  std::vector<KeyId> keys;
  const Status edited = context.known_certs().Edit([&](KnownCerts& known) -> Status {
    COMMRESOLVE_ASSIGN(meant, KeysMeant(context, known, options.what));
    keys = std::move(meant);
    for (const KeyId& key : keys) {
      if (!options.undo) {
        COMMRESOLVE_TRY(known.Revoke({key, context.now(), options.reason}));
      } else if (!known.Unrevoke(key)) {
        return Error{Code::kNotFound, "key " + KeyShort(key) + " is not revoked"};
      }
    }
    return {};
  });
  if (!edited.ok()) return context.Fail(edited.error());
  for (const KeyId& key : keys) {
    context.terminal().Note((options.undo ? "no longer revoked: " : "revoked: ") + KeyText(key));
  }
  return ExitCode::kFound;
}

}  // namespace commresolve::cli
