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

/// The key or the words meant by `revoke`.
Result<WordsOrKey> MeantBy(const Context& context, const std::vector<std::string>& what) {
  if (const auto key = ParseKey(Joined(what)); key.ok()) return WordsOrKey(*key);
  return WordsOrKeyFrom(context, what);
}

Result<std::vector<KeyId>> Revoke(Context& context, const RevokeOptions& options) {
  COMMRESOLVE_ASSIGN(what, MeantBy(context, options.what));
  COMMRESOLVE_ASSIGN(backend, context.backend());
  auto keys = backend->Revoke(what, options.reason, options.undo);
  const std::string text = Joined(options.what);
  if (keys.ok() || keys.error().code != Code::kNotFound || !LooksLikeShortKey(text)) return keys;
  Error error = keys.error();
  error.hint = "the whole key: commresolve search -1 key:" + text;
  return error;
}

Status Unbind(Context& context, const KeywordSet& words) {
  COMMRESOLVE_ASSIGN(backend, context.backend());
  return backend->Unbind(words);
}

}  // namespace

ExitCode RunKnown(Context& context, const KnownOptions& options) {
  const auto known = context.known();
  if (!known.ok()) return context.Fail(known.error());
  const auto wanted = Wanted(context, options);
  if (!wanted.ok()) return context.Fail(wanted.error());
  return PrintWanted(context, **known, *wanted) == 0 ? ExitCode::kNone : ExitCode::kFound;
}

ExitCode RunUnbind(Context& context, const KnownOptions& options) {
  const auto words = WordsFrom(context, options.words);
  if (!words.ok()) return context.Fail(words.error());
  const Status edited = Unbind(context, *words);
  if (!edited.ok()) return context.Fail(edited.error());
  context.terminal().Note("'" + words->ToString() + "' is not bound any more");
  return ExitCode::kFound;
}

ExitCode RunRevoke(Context& context, const RevokeOptions& options) {
  const auto keys = Revoke(context, options);
  if (!keys.ok()) return context.Fail(keys.error());
  for (const KeyId& key : *keys) {
    context.terminal().Note((options.undo ? "no longer revoked: " : "revoked: ") + KeyText(key));
  }
  return ExitCode::kFound;
}

}  // namespace commresolve::cli
