// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A look at the letters first: it tells most texts from all words.

#include "index/search/may_hold.h"

#include <unicode/unistr.h>

#include <algorithm>

#include "index/search/text.h"
#include "resolver/keyword/host_name.h"

namespace commresolve::index {
namespace {

constexpr UChar32 kSharpS = 0xDF;  // The only one in a U-label (RFC 5892) that folds to two.

constexpr uint8_t kLetters = 26;
constexpr uint8_t kAnyOther = kLetters + 10;

/// For each byte the number of its bit.
constexpr std::array<uint8_t, 256> kLetterBit = [] {
  std::array<uint8_t, 256> table{};
  table.fill(kAnyOther);
  for (uint8_t i = 0; i < kLetters; ++i) table['a' + i] = i;
  for (uint8_t i = 0; i < 10; ++i) table['0' + i] = kLetters + i;
  return table;
}();

constexpr uint64_t LettersIn(std::string_view text) {
  uint64_t letters = 0;
  for (const char c : text) letters |= uint64_t{1} << kLetterBit[static_cast<uint8_t>(c)];
  return letters;
}

constexpr std::string_view kAcePrefix = "xn--";
constexpr uint64_t kAceLetters = LettersIn(kAcePrefix);

bool IsLetterOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool IsSeparator(char c) { return c == '.' || c == '-' || c == '_'; }

/// True if `text` with at most `hidden` characters put in somewhere may hold `word`: its part that
/// begins at some place is left of the word when as many are struck out.
bool MayHoldWith(size_t hidden, std::string_view text, std::string_view word) {
  const size_t characters = CountCharacters(word);
  for (size_t begin = 0; begin <= text.size(); ++begin) {
    size_t at = begin;
    for (const char c : word) {
      if (at < text.size() && text[at] == c) ++at;
    }
    if (characters <= at - begin + hidden) return true;
  }
  return false;
}

/// Scripts none of whose characters is, or is folded to, a letter or digit of ASCII: Greek to
/// Georgian, Kana, Han, Hangul.
bool IsFarFromAscii(UChar32 c) {
  return (c >= 0x0370 && c <= 0x10FF) || (c >= 0x3041 && c <= 0x30FF) ||
         (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7A3);
}

/// True if `host` holds `word` once what parts its words is gone.
bool HoldsJoined(std::string_view host, std::string_view word) {
  if (word.empty()) return true;
  for (size_t begin = host.find(word[0]); begin != std::string_view::npos;
       begin = host.find(word[0], begin + 1)) {
    size_t matched = 0;
    for (size_t at = begin; at < host.size() && matched < word.size(); ++at) {
      if (host[at] == word[matched]) {
        ++matched;
      } else if (!IsSeparator(host[at])) {
        break;
      }
    }
    if (matched == word.size()) return true;
  }
  return false;
}

}  // namespace

uint64_t LettersOf(std::string_view text) { return LettersIn(text); }

std::vector<SoughtWord> SoughtWords(std::span<const std::string> words) {
  std::vector<SoughtWord> sought;
  sought.reserve(words.size());
  for (const std::string& word : words) sought.push_back({word, LettersOf(word)});
  return sought;
}

MayHold::MayHold(std::string_view host)
    : host_(host),
      letters_(LettersOf(host)),
      has_a_label_((kAceLetters & ~letters_) == 0 &&
                   host.find(kAcePrefix) != std::string_view::npos) {}

MayHold::Decoded::Decoded(std::string_view host) {
  while (!host.empty()) {
    const size_t dot = std::min(host.find('.'), host.size());
    const std::string text = DecodeALabel(host.substr(0, dot));
    Add(text.empty() ? host.substr(0, dot) : text);
    host.remove_prefix(std::min(dot + 1, host.size()));
  }
}

void MayHold::Decoded::Add(std::string_view label) {
  const auto text = icu::UnicodeString::fromUTF8(
      icu::StringPiece(label.data(), static_cast<int32_t>(label.size())));
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UChar32 c = text.char32At(i);
    if (c == kSharpS) {
      ascii += "ss";
    } else if (c >= 0x80) {
      ++others;
      marked += IsFarFromAscii(c) ? 0 : 1;
    } else if (!IsSeparator(static_cast<char>(c))) {
      ascii += static_cast<char>(c);
    }
  }
}

bool MayHold::operator()(const SoughtWord& word) const {
  // As it stands, too: an A-label that cannot be decoded is cut like any other.
  if ((word.letters & ~letters_) == 0 && HoldsJoined(host_, word.text)) return true;
  if (!has_a_label_) return false;
  if (!decoded_) decoded_.emplace(host_);
  const bool plain = (word.letters >> kAnyOther & 1) == 0;
  const size_t hidden = plain ? decoded_->marked : decoded_->others;
  return MayHoldWith(hidden, decoded_->ascii, word.text);
}

MayHoldLoosely::MayHoldLoosely(std::string_view text) {
  const auto is_plain = [](char c) { return static_cast<uint8_t>(c) < 0x80; };
  known_ = text.size() <= letters_.size() && std::ranges::all_of(text, is_plain);
  if (!known_) return;
  const std::string folded = FoldCase(text);
  known_ = folded.find(kAcePrefix) == std::string::npos;
  for (const char c : folded) {
    if (IsLetterOrDigit(c)) letters_.at(count_++) = c;
  }
}

bool MayHoldLoosely::operator()(const SoughtWord& word) const {
  return !known_ || word.text.find('\'') != std::string_view::npos ||
         std::string_view(letters_.data(), count_).find(word.text) != std::string_view::npos;
}

}  // namespace commresolve::index
