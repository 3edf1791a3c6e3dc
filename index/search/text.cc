// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Folding by ICU; ASCII, nearly everything, takes a short way around it.

#include "index/search/text.h"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <functional>

#include "resolver/keyword/fold.h"
#include "resolver/keyword/host_name.h"

namespace commresolve::index {
namespace {

constexpr size_t kMinLetterRun = 3;  // "r" does not find "r3".
constexpr std::string_view kAcePrefix = "xn--";

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

bool IsCjkCharacter(UChar32 c) {
  if (c == 0x3005 || c == 0x3007 || c == 0x30FC) return true;  // Repeat, zero, long vowel: Common.
  UErrorCode status = U_ZERO_ERROR;
  switch (uscript_getScript(c, &status)) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_HANGUL:
    case USCRIPT_BOPOMOFO:
      return true;
    default:
      return false;
  }
}

/// Calls `visit(character, its bytes)` for each code point.
template <class Visit>
void EachCharacter(std::string_view text, Visit visit) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const auto size = static_cast<int32_t>(text.size());
  for (int32_t i = 0; i < size;) {
    const int32_t start = i;
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(bytes, i, size, c);  // NOLINT(bugprone-inc-dec-in-conditions): ICU's macro.
    visit(c, text.substr(static_cast<size_t>(start), static_cast<size_t>(i - start)));
  }
}

std::vector<std::string> SplitLabels(std::string_view host) {
  std::vector<std::string> labels;
  while (!host.empty()) {
    const size_t end = std::min(host.find('.'), host.size());
    labels.emplace_back(host.substr(0, end));
    host.remove_prefix(std::min(end + 1, host.size()));
  }
  return labels;
}

bool IsNameByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

/// As FoldWords() cuts a label of a host name in normal form that is no A-label.
void AddPlainWords(std::string_view label, std::vector<std::string>& words) {
  constexpr std::string_view kBetweenWords = "-_*";
  while (true) {
    const size_t begin = label.find_first_not_of(kBetweenWords);
    if (begin == std::string_view::npos) return;
    const size_t end = std::min(label.find_first_of(kBetweenWords, begin), label.size());
    words.emplace_back(label.substr(begin, end - begin));
    label.remove_prefix(end);
  }
}

std::string DisplayLabel(const std::string& label) {
  return label.starts_with(kAcePrefix) ? DisplayHostName(label) : label;
}

}  // namespace

std::string StripMarks(std::string_view folded) {
  if (IsAscii(folded)) return std::string(folded);
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfd = icu::Normalizer2::getNFDInstance(status);
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(status);
  if (U_FAILURE(status)) return std::string(folded);
  const icu::UnicodeString apart =
      nfd->normalize(icu::UnicodeString::fromUTF8(
                         icu::StringPiece(folded.data(), static_cast<int32_t>(folded.size()))),
                     status);
  icu::UnicodeString kept;
  for (int32_t i = 0; i < apart.length(); ++i) {
    const char16_t unit = apart[i];
    if (unit < 0x0300 || unit > 0x036F) kept.append(unit);
  }
  std::string result;
  nfc->normalize(kept, status).toUTF8String(result);
  return U_FAILURE(status) ? std::string(folded) : result;
}

std::vector<std::string> SearchWords(std::string_view text) {
  std::vector<std::string> words = FoldWords(text);
  if (IsAscii(text)) return words;
  for (std::string& word : words) word = StripMarks(word);
  std::erase(words, std::string());
  return words;
}

void AddLabelWords(std::string_view label, std::vector<std::string>& words) {
  if (!label.starts_with(kAcePrefix)) {
    AddPlainWords(label, words);
    return;
  }
  struct Slot {
    std::string label;
    std::vector<std::string> words;
  };
  // Decoding takes twenty times as long as all else, and the hits of a query have many in common.
  thread_local std::vector<Slot> slots(4'096);
  Slot& slot = slots.at(std::hash<std::string_view>()(label) % slots.size());
  if (slot.label != label) slot = {std::string(label), SearchWords(DisplayHostName(label))};
  words.insert(words.end(), slot.words.begin(), slot.words.end());
}

std::vector<std::string> CjkGrams(std::string_view folded) {
  std::vector<std::string> grams;
  if (IsAscii(folded)) return grams;
  std::string_view before;
  EachCharacter(folded, [&](UChar32 c, std::string_view bytes) {
    if (!IsCjkCharacter(c)) {
      before = {};
      return;
    }
    grams.emplace_back(bytes);
    if (!before.empty()) grams.push_back(std::string(before) + std::string(bytes));
    before = bytes;
  });
  return grams;
}

bool IsCjk(std::string_view word) {
  bool all = !word.empty();
  EachCharacter(word, [&](UChar32 c, std::string_view) { all = all && IsCjkCharacter(c); });
  return all;
}

size_t CountCharacters(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string Join(const std::vector<std::string>& words, std::string_view separator) {
  std::string joined;
  for (const std::string& word : words) {
    if (!joined.empty()) joined += separator;
    joined += word;
  }
  return joined;
}

std::string_view LetterRun(std::string_view word) {
  const size_t letters = word.find_first_of("0123456789");
  if (letters == std::string_view::npos || letters < kMinLetterRun) return {};
  const bool digits_only = word.find_first_not_of("0123456789", letters) == std::string_view::npos;
  return digits_only ? word.substr(0, letters) : std::string_view{};
}

HostText ReadHost(std::string_view host) {
  HostText text;
  text.name = host;
  std::string_view rest = host;
  if (rest.starts_with("*.")) rest.remove_prefix(2);
  const HostParts parts = SplitHostName(rest);
  const std::vector<std::string> suffix = SplitLabels(parts.suffix);
  for (const std::string& label : suffix) {
    for (std::string& word : FoldWords(DisplayLabel(label))) text.suffix.push_back(word);
  }
  for (const std::string& label : parts.sub) text.labels.push_back(FoldWords(label));
  if (!parts.registrable_label.empty()) {
    text.labels.push_back(FoldWords(parts.registrable_label));
  } else {
    for (size_t i = 0; i + 1 < suffix.size(); ++i) {
      text.labels.push_back(FoldWords(DisplayLabel(suffix[i])));
    }
  }
  text.registrable = text.labels.empty() ? 0 : text.labels.size() - 1;
  std::string_view parent = host;
  while (parent.size() > parts.registrable_domain.size()) {
    const size_t dot = parent.find('.');
    if (dot == std::string_view::npos) break;
    parent.remove_prefix(dot + 1);
    text.parents.emplace_back(parent);
    if (parts.registrable_domain.empty()) break;
  }
  return text;
}

std::vector<std::string> OwnWords(const HostText& host) {
  std::vector<std::string> own;
  for (const std::vector<std::string>& label : host.labels) {
    const bool www = label.size() == 1 && label[0] == "www";
    if (www && host.labels.size() > 1) continue;
    for (const std::string& word : label) own.push_back(StripMarks(word));
  }
  return own;
}

std::string HostOf(const FieldView& field) {
  const bool name =
      field.field == Field::kCommonName && field.text.find('.') != std::string_view::npos;
  if (field.field != Field::kDnsName && !name) return {};
  Result<std::string> host = NormaliseHostName(field.text);
  return host.ok() ? std::move(host).value() : std::string();
}

std::string DecodeNames(std::string_view text) {
  std::string decoded;
  while (!text.empty()) {
    const auto end =
        static_cast<size_t>(std::find_if_not(text.begin(), text.end(), IsNameByte) - text.begin());
    std::string name = FoldCase(text.substr(0, end));
    decoded += name.find("xn--") == std::string::npos ? name : DisplayHostName(name);
    text.remove_prefix(end);
    const auto next =
        static_cast<size_t>(std::find_if(text.begin(), text.end(), IsNameByte) - text.begin());
    decoded += text.substr(0, next);
    text.remove_prefix(next);
  }
  return decoded;
}

}  // namespace commresolve::index
