// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `bind`: the user says what words mean.

#include "cli/commands.h"
#include "cli/endpoints.h"
#include "cli/first_use.h"
#include "cli/json.h"
#include "cli/request.h"
#include "resolver/keyword/host_name.h"

namespace commresolve::cli {
namespace {

/// The key that the server at `text` proves now.
Result<KeyId> KeyAt(Context& context, const std::string& text, const std::string& starttls) {
  COMMRESOLVE_ASSIGN(protocol, ProtocolFrom(starttls));
  COMMRESOLVE_ASSIGN(backend, context.backend());
  const EndpointVerdict verdict = backend->VerifyServer(text, protocol);
  if (verdict.failure) return *verdict.failure;
  return verdict.shown->key;
}

/// The key to bind, however the user said it.
Result<KeyId> ChosenKey(Context& context, const KeywordSet& words, const BindOptions& options) {
  if (!options.key.empty()) return KeyFrom(options.key);
  if (!options.at.empty()) return KeyAt(context, options.at, options.starttls);
  if (const Status folder = context.NeedFolder(); !folder.ok()) {
    return Error{Code::kInvalidArgument, "through --socket there is no list to choose from",
                 "say which key is meant with --key KEY or --at HOST:PORT"};
  }
  COMMRESOLVE_ASSIGN(store, context.store());
  COMMRESOLVE_ASSIGN(found, store->Find(words, kMaxChoices));
  if (found.list.empty()) {
    return Error{Code::kNotFound, "no certificate carries all of '" + words.ToString() + "'",
                 "say which key is meant with --key KEY or --at HOST:PORT"};
  }
  if (!context.CanAsk()) {
    const bool one = found.list.size() == 1;
    return Error{
        one ? Code::kUntrusted : Code::kAmbiguous,
        (one ? "1 key carries '" : std::to_string(found.list.size()) + " keys carry '") +
            words.ToString() + "', and there is no terminal to ask on",
        "say which one is meant with --key KEY; see commresolve search " + words.ToString()};
  }
  COMMRESOLVE_ASSIGN(choice, AskWhichKey(context, words, found.list, options.add));
  return choice.key;
}

/// --name in normal form; empty if it was not given.
Result<std::string> ServiceName(const std::string& text) {
  if (text.empty()) return std::string();
  COMMRESOLVE_ASSIGN(name, NormaliseHostName(text));
  if (!name.starts_with('*')) return name;
  return Error{Code::kInvalidArgument, "--name: '" + text + "' is a pattern, not one host",
               "write one of the host names that it stands for"};
}

Result<Binding> Bind(Context& context, const BindOptions& options) {
  COMMRESOLVE_ASSIGN(words, WordsFrom(context, options.words));
  COMMRESOLVE_ASSIGN(name, ServiceName(options.name));
  COMMRESOLVE_ASSIGN(key, ChosenKey(context, words, options));
  COMMRESOLVE_ASSIGN(backend, context.backend());
  return backend->Bind({words, key, options.add, options.critical, name, options.reason});
}

}  // namespace

ExitCode RunBind(Context& context, const BindOptions& options) {
  const auto binding = Bind(context, options);
  if (!binding.ok()) return context.Fail(binding.error());
  Terminal& terminal = context.terminal();
  if (binding->hashed) {
    terminal.Note("the words are stored hashed (hash_known_certs), without name and reason");
  }
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
