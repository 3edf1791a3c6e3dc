// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reading a name with its port and protocol.

#include "cli/request.h"

#include <charconv>

namespace commresolve::cli {
namespace {

constexpr size_t kShortKey = 10;  // Characters of KeyShort().
constexpr size_t kWholeKey = 52;
constexpr const char* kBase32 = "abcdefghijklmnopqrstuvwxyz234567";

/// Takes the port off the end of `words`; 0 if the last one is no number.
Result<uint16_t> TakePort(std::vector<std::string>& words) {
  const std::string& word = words.back();
  if (word.find_first_not_of("0123456789") != std::string::npos) return uint16_t{0};
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), port);
  if (error != std::errc() || port == 0) {
    return Error{Code::kInvalidArgument, "'" + word + "' is not a port from 1 to 65535",
                 "if it is a word, join it to another one with a hyphen, or give --port too"};
  }
  words.pop_back();
  return port;
}

Result<Prove> ProveIn(const std::string& text, Prove default_prove) {
  if (text.empty()) return default_prove;
  if (text == "always") return Prove::kAlways;
  if (text == "max-age") return Prove::kMaxAge;
  if (text == "never") return Prove::kNever;
  return Error{Code::kInvalidArgument, "--prove is always, max-age or never, not '" + text + "'"};
}

}  // namespace

Result<ResolveRequest> RequestFrom(const Context& context, const NameOptions& options,
                                   Prove default_prove) {
  std::vector<std::string> words = options.words;
  uint16_t port = options.port;
  if (options.port_word && port == 0 && words.size() > 1) {
    COMMRESOLVE_ASSIGN(last, TakePort(words));
    port = last;
  }
  const std::string typed = Joined(words);
  const std::string& suffix = context.settings().suffix;
  COMMRESOLVE_ASSIGN(name, ParseTypedName(typed, suffix));
  COMMRESOLVE_ASSIGN(prove, ProveIn(options.prove, default_prove));
  ResolveRequest request{.name = std::move(name), .prove = prove, .port = port, .protocol = {}};
  if (std::holds_alternative<KeywordSet>(request.name) && !IsUnderSuffix(typed, suffix)) {
    request.typed = typed;
  }
  if (!options.protocol.empty()) {
    request.protocol = ParseProtocol(options.protocol);
    if (!request.protocol || !CanProbe(*request.protocol)) {
      return Error{Code::kInvalidArgument, "cannot speak '" + options.protocol + "' to a server",
                   "one of tls, smtp, imap, pop3, xmpp-client, xmpp-server, ldap, postgres, ftp"};
    }
  }
  return request;
}

Result<bool> AsksPeers(Context& context, std::optional<bool> choice) {
  if (choice != true) return choice.value_or(context.config().search_peers);
  COMMRESOLVE_ASSIGN(sharing, context.sharing());
  return sharing != nullptr;
}

Result<KeyId> KeyFrom(const std::string& text) {
  auto key = ParseKey(text);
  if (key.ok() || !LooksLikeShortKey(text)) return key;
  return Error{key.error().code, key.error().message,
               "the whole key: commresolve search -1 key:" + text};
}

bool LooksLikeShortKey(const std::string& text) {
  return text.size() >= kShortKey && text.size() < kWholeKey &&
         text.find_first_not_of(kBase32) == std::string::npos;
}

Result<WordsOrKey> WordsOrKeyFrom(const Context& context, const std::vector<std::string>& words) {
  const std::string text = Joined(words);
  if (IsUnderSuffix(text, context.settings().suffix)) {
    COMMRESOLVE_ASSIGN(name, ParseTypedName(text, context.settings().suffix));
    if (const auto* key = std::get_if<KeyId>(&name)) return WordsOrKey(*key);
    return WordsOrKey(std::get<KeywordSet>(name));
  }
  COMMRESOLVE_ASSIGN(set, KeywordSet::FromText(text));
  return WordsOrKey(std::move(set));
}

Result<KeywordSet> WordsFrom(const Context& context, const std::vector<std::string>& words) {
  COMMRESOLVE_ASSIGN(meant, WordsOrKeyFrom(context, words));
  if (auto* set = std::get_if<KeywordSet>(&meant)) return std::move(*set);
  const std::string key = KeyText(std::get<KeyId>(meant));
  return Error{Code::kInvalidArgument, "a key name needs no binding: it means its key by itself",
               "to bind words to the key: commresolve bind WORDS --key " + key};
}

std::string LoudVerdict(Verdict verdict) {
  switch (verdict) {
    case Verdict::kMatch:
      return "VERIFIED";
    case Verdict::kNew:
      return "NEW";
    case Verdict::kChanged:
      return "CHANGED";
    case Verdict::kRevoked:
      return "REVOKED";
    case Verdict::kHold:
      return "HOLD";
  }
  return "NEW";
}

}  // namespace commresolve::cli
