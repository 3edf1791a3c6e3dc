// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The grammar of typed names (docs/names.md).

#include "resolver/keyword/typed_name.h"

#include <utility>
#include <vector>

#include "resolver/keyword/host_name.h"

namespace commresolve {
namespace {

constexpr std::string_view kKeyZone = ".key";
constexpr std::string_view kAcePrefix = "xn--";
constexpr std::string_view kIdeographicFullStop = "\u3002";
constexpr std::string_view kBlanks = " \t\r\n\v\f";

std::string Quoted(std::string_view text) { return "'" + std::string(text.substr(0, 100)) + "'"; }

std::string Join(const std::vector<std::string>& words, std::string_view separator) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += separator;
    text += word;
  }
  return text;
}

std::string_view Trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

/// Folded, so that no other spelling of the suffix slips past, with the dots that IDNA knows (NFKC
/// turns the other two into ASCII or into this one), without blanks around or a dot at the end.
std::string FoldName(std::string_view text) {
  std::string folded = FoldCase(text);
  for (size_t at = folded.find(kIdeographicFullStop); at != std::string::npos;
       at = folded.find(kIdeographicFullStop, at)) {
    folded.replace(at, kIdeographicFullStop.size(), ".");
  }
  return std::string(Trim(folded));
}

std::string_view WithoutEndDot(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  return name;
}

bool IsUnder(std::string_view name, std::string_view suffix) {
  if (!name.ends_with(suffix)) return false;
  return name.size() == suffix.size() || name[name.size() - suffix.size() - 1] == '.';
}

/// What `name`, which is under `suffix`, has in front of it.
std::string_view FrontOf(std::string_view name, std::string_view suffix) {
  return name.size() == suffix.size() ? std::string_view()
                                      : name.substr(0, name.size() - suffix.size() - 1);
}

Error NotOurName(std::string_view name, std::string_view suffix, const std::string& reason) {
  const std::string domain(suffix);
  std::string hint = "names here are WORD-WORD." + domain + " and BASE32.key." + domain;
  const std::vector<std::string> words = FoldWords(FrontOf(name, suffix));
  if (!words.empty() && words.size() <= kMaxTypedWords) {
    const std::string better = Join(words, "-") + "." + domain;
    if (better != name && NormaliseHostName(better).ok()) hint = "write " + better;
  }
  return {Code::kInvalidArgument, Quoted(name) + " is not a name: " + reason, std::move(hint)};
}

/// True if folding finds words in `piece` and leaves nothing of it out.
bool IsWord(std::string_view piece) {
  const std::vector<std::string> words = FoldWords(piece);
  return !words.empty() && Join(words, "") == piece;
}

/// `name` is "LABEL.suffix" in normal form.
Result<TypedName> ParseWordsName(std::string_view name, std::string_view suffix) {
  const std::string_view label = FrontOf(name, suffix);
  const std::string text = FoldCase(DisplayHostName(label));
  if (text.starts_with(kAcePrefix)) return NotOurName(name, suffix, "its IDN does not decode");
  std::string_view rest = text;
  while (true) {
    const size_t hyphen = rest.find('-');
    if (!IsWord(rest.substr(0, hyphen))) {
      return NotOurName(name, suffix, "it has to be words with one hyphen between them");
    }
    if (hyphen == std::string_view::npos) break;
    rest.remove_prefix(hyphen + 1);
  }
  COMMRESOLVE_ASSIGN(words, KeywordSet::FromText(text));
  return TypedName(std::move(words));
}

Result<TypedName> ParseKeyName(std::string_view text, std::string_view suffix) {
  const auto bytes = FromBase32(text);
  if (bytes.ok()) {
    if (const auto key = DigestFromBytes<KeyId>(*bytes); key.ok()) return TypedName(*key);
  }
  return Error{Code::kInvalidArgument, Quoted(text) + " is not a key",
               "in front of .key." + std::string(suffix) + " stand 52 base32 characters"};
}

/// `folded` is under `suffix`, without dot at the end.
Result<TypedName> ParseOurName(std::string_view folded, std::string_view suffix) {
  if (folded == suffix) {
    return Error{Code::kInvalidArgument, Quoted(folded) + " holds names and is none itself",
                 "put words in front, as in debian-bugs." + std::string(suffix)};
  }
  const auto name = NormaliseHostName(folded);
  if (!name.ok()) return NotOurName(folded, suffix, "it cannot be written as a host name");
  const std::string_view front = FrontOf(*name, suffix);
  if (front.ends_with(kKeyZone)) {
    return ParseKeyName(front.substr(0, front.size() - kKeyZone.size()), suffix);
  }
  if (front.find('.') != std::string_view::npos) {
    return NotOurName(*name, suffix, "words are joined by hyphens, not dots");
  }
  return ParseWordsName(*name, suffix);
}

Result<TypedName> ParseDnsName(std::string_view text, std::string_view suffix) {
  auto host = NormaliseHostName(text);
  if (!host.ok()) {
    Error error = host.error();
    error.hint = "join words by '-' or blanks; text with a dot has to be a host name";
    return error;
  }
  if (host->starts_with('*')) {
    return Error{Code::kInvalidArgument, Quoted(*host) + " is a pattern, not one host",
                 "write one of the host names that it stands for"};
  }
  if (IsUnder(*host, suffix)) return ParseOurName(*host, suffix);
  return TypedName(DnsName{std::move(*host)});
}

}  // namespace

Result<TypedName> ParseTypedName(std::string_view text, std::string_view suffix) {
  if (text.size() > kMaxTypedNameBytes) {
    return Error{Code::kInvalidArgument,
                 "a name of " + std::to_string(text.size()) + " bytes is too long",
                 "write at most " + std::to_string(kMaxTypedNameBytes) + " bytes"};
  }
  COMMRESOLVE_ASSIGN(domain, NormaliseHostName(suffix));
  const std::string_view trimmed = Trim(text);
  if (const auto key = ParseKey(trimmed); key.ok()) return TypedName(*key);
  const std::string folded = FoldName(trimmed);
  const std::string_view name = WithoutEndDot(folded);
  if (IsUnder(name, domain)) return ParseOurName(name, domain);
  const bool blanks = folded.find_first_of(kBlanks) != std::string::npos;
  if (!blanks && folded.find('.') != std::string::npos) return ParseDnsName(trimmed, domain);
  COMMRESOLVE_ASSIGN(words, KeywordSet::FromText(blanks ? folded : DisplayHostName(folded)));
  return TypedName(std::move(words));
}

bool IsUnderSuffix(std::string_view text, std::string_view suffix) {
  const auto domain = NormaliseHostName(suffix);
  if (!domain.ok() || text.size() > kMaxTypedNameBytes) return false;
  const std::string folded = FoldName(Trim(text));
  return IsUnder(WithoutEndDot(folded), *domain);
}

std::string NameOfWords(const KeywordSet& words, std::string_view suffix) {
  auto name = NormaliseHostName(Join(words.words(), "-") + "." + std::string(suffix));
  if (!name.ok()) return {};
  // libidn2 and ICU may know different versions of Unicode: a name is what comes back the same.
  const auto parsed = ParseTypedName(*name, suffix);
  const auto* again = parsed.ok() ? std::get_if<KeywordSet>(&*parsed) : nullptr;
  return again != nullptr && *again == words ? std::move(*name) : std::string();
}

std::string NameOfKey(const KeyId& key, std::string_view suffix) {
  return KeyText(key) + ".key." + std::string(suffix);
}

}  // namespace commresolve
