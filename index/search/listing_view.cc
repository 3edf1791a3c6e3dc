// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Cutting a listing where the query may find something.

#include "index/search/listing_view.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>

#include "resolver/keyword/fold.h"

namespace commresolve::index {
namespace {

constexpr std::string_view kAcePrefix = "xn--";

bool StandsAt(const std::vector<std::string>& text, size_t at, const QueryTerm& term) {
  for (size_t i = 0; i < term.words.size(); ++i) {
    const bool beginning = term.prefix && i + 1 == term.words.size();
    const std::string& word = text[at + i];
    if (beginning ? !word.starts_with(term.words[i]) : word != term.words[i]) return false;
  }
  return true;
}

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

/// `host` without what parts its words. Of an A-label Punycode (RFC 3492) leaves the ASCII
/// characters in order; the first other one, no letter below U+00C0 being valid there, takes three
/// bytes or more behind the last hyphen (its delta is above 35), each further one at least one.
struct Readable {
  std::string text = {};
  size_t hidden = 0;  ///< Other characters, at most.

  void Read(std::string_view host);

 private:
  void Add(std::string_view label);
};

void Readable::Add(std::string_view label) {
  if (label.starts_with(kAcePrefix)) {
    label.remove_prefix(kAcePrefix.size());
    const size_t hyphen = label.rfind('-');
    const size_t plain = hyphen == std::string_view::npos ? 0 : hyphen;
    const size_t digits = label.size() - (hyphen == std::string_view::npos ? 0 : hyphen + 1);
    hidden += std::max<size_t>(digits, 3) - 2;
    label = label.substr(0, plain);
  }
  size_t end = text.size();
  text.resize(end + label.size());
  for (const char c : label) {
    text[end] = c;
    if (!IsSeparator(c)) ++end;
  }
  text.resize(end);
}

void Readable::Read(std::string_view host) {
  while (!host.empty()) {
    const size_t dot = std::min(host.find('.'), host.size());
    Add(host.substr(0, dot));
    host.remove_prefix(std::min(dot + 1, host.size()));
  }
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

/// False only if no word of a host can be some word, nor part of one.
class MayHold {
 public:
  explicit MayHold(std::string_view host)
      : host_(host), a_labels_(host.find(kAcePrefix) != std::string_view::npos) {
    if (a_labels_) readable_.Read(host);
  }
  bool operator()(std::string_view word) const {
    // As it stands, too: an A-label that cannot be decoded is cut like any other.
    return HoldsJoined(host_, word) ||
           (a_labels_ && MayHoldWith(readable_.hidden, readable_.text, word));
  }

 private:
  std::string_view host_;
  const bool a_labels_;
  Readable readable_;
};

/// False only if no words of a text that is no host name, joined or not, can hold some word.
class MayHoldLoosely {
 public:
  explicit MayHoldLoosely(std::string_view text) {
    const auto is_plain = [](char c) { return static_cast<uint8_t>(c) < 0x80; };
    known_ = text.size() <= letters_.size() && std::ranges::all_of(text, is_plain);
    if (!known_) return;
    const std::string folded = FoldCase(text);
    known_ = folded.find(kAcePrefix) == std::string::npos;
    for (const char c : folded) {
      if (IsLetterOrDigit(c)) letters_.at(count_++) = c;
    }
  }
  bool operator()(std::string_view word) const {
    return !known_ || word.find('\'') != std::string_view::npos ||
           std::string_view(letters_.data(), count_).find(word) != std::string_view::npos;
  }

 private:
  static bool IsLetterOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

  std::array<char, kMaxKeywordBytes> letters_{};  // No word of a text that fits is cut.
  size_t count_ = 0;
  bool known_ = false;
};

/// A bit for each of `words` that `holds`.
template <class Holds>
uint64_t BitsOf(std::span<const std::string> words, const Holds& holds) {
  uint64_t bits = 0;
  for (size_t i = 0; i < words.size(); ++i) bits |= uint64_t{holds(words[i])} << i;
  return bits;
}

/// True if a text, which is the host name `host` unless that is empty, holds none of `words`.
bool HoldsNone(std::string_view text, std::string_view host, std::span<const std::string> words) {
  return host.empty() ? BitsOf(words, MayHoldLoosely(text)) == 0
                      : BitsOf(words, MayHold(host)) == 0;
}

/// Two words side by side, as if they were one.
struct Pair {
  std::string_view first;
  std::string_view second;

  [[nodiscard]] bool StartsWith(std::string_view beginning) const {
    return beginning.starts_with(first) && second.starts_with(beginning.substr(first.size()));
  }
  [[nodiscard]] bool Is(std::string_view word) const {
    return word.size() == first.size() + second.size() && StartsWith(word);
  }
};

/// True if `test(Pair)` holds for neighbours that may be typed as one word.
template <class Test>
bool AnyGlued(const ListingView::Text& text, Test test) {
  if (text.field != Field::kOrganization && text.field != Field::kCommonName) return false;
  for (size_t i = 0; i + 1 < text.words.size(); ++i) {
    if (test(Pair{text.words[i], text.words[i + 1]})) return true;
  }
  return false;
}

}  // namespace

ListingView::ListingView(const Listing& listing, const std::vector<std::string>& words,
                         const Needs& needs)
    : listing_(&listing), hosts_left_(needs.max_hosts) {
  for (const std::string& issuer : listing.issuers) {
    issuers_.push_back({Field::kIssuer, SearchWords(issuer)});
  }
  std::vector<const FieldText*> a_labels;  // Last: decoding one takes longer than all else.
  for (const FieldText& field : listing.fields) {
    if (field.text.find(kAcePrefix) != std::string::npos) {
      a_labels.push_back(&field);
      continue;
    }
    AddText(field, words, needs);
    if (settled_) return;
  }
  for (const FieldText* field : a_labels) {
    AddText(*field, words, needs);
    if (settled_) return;
  }
}

bool ListingView::AddsNothing(uint64_t held, std::span<const std::string> counted) const {
  if (std::ranges::none_of(held_, [held](uint64_t other) { return (held & ~other) == 0; })) {
    return false;
  }
  const auto all = BitsOf(counted, [](const std::string& word) { return word != "www"; });
  return (all & ~held) != 0;
}

void ListingView::AddText(const FieldText& field, const std::vector<std::string>& words,
                          const Needs& needs) {
  if (field.field == Field::kDnsName) {
    if (hosts_left_ == 0) return;
    const MayHold may_hold(field.text);
    if (std::ranges::none_of(words, std::cref(may_hold))) return;
    if (!needs.counted.empty() && AddsNothing(BitsOf(needs.counted, may_hold), needs.counted)) {
      --hosts_left_;
      return;
    }
  }
  std::string host = HostOf(field);
  const bool may_be_skipped = field.field != Field::kDnsName && !needs.counted.empty();
  if (may_be_skipped && HoldsNone(field.text, host, needs.counted)) return;
  if (host.empty()) {
    texts_.push_back({field.field, SearchWords(DecodeNames(field.text))});
  } else if (std::ranges::find(texts_, host, &Text::host) == texts_.end()) {
    AddHost(std::move(host));
  } else {
    return;
  }
  const Text& text = texts_.back();
  if (!needs.counted.empty()) {
    held_.push_back(BitsOf(needs.counted, [&text](const std::string& word) {
      return std::ranges::find(text.words, word) != text.words.end();
    }));
  }
  settled_ = needs.settles && needs.settles(text);
}

void ListingView::AddHost(std::string host) {
  Text& text = texts_.emplace_back(Text{Field::kDnsName});
  std::string_view rest = host;
  while (!rest.empty()) {
    const size_t dot = std::min(rest.find('.'), rest.size());
    const size_t before = text.words.size();
    AddLabelWords(rest.substr(0, dot), text.words);
    if (text.words.size() > before + 1) {
      std::string& joined = joined_.emplace_back();
      for (size_t i = before; i < text.words.size(); ++i) joined += text.words[i];
    }
    rest.remove_prefix(std::min(dot + 1, rest.size()));
  }
  text.host = std::move(host);
  if (hosts_left_ > 0) --hosts_left_;
}

bool ListingView::Carries(const std::string& word) const {
  const auto here = [&word](const Text& text) {
    return std::ranges::any_of(text.words,
                               [&](const std::string& w) {
                                 return w == word || (w.starts_with(word) && LetterRun(w) == word);
                               }) ||
           AnyGlued(text, [&word](const Pair& pair) { return pair.Is(word); });
  };
  if (std::ranges::any_of(texts_, here) || std::ranges::find(joined_, word) != joined_.end()) {
    return true;
  }
  return IsCjk(word) && std::ranges::any_of(texts_, [&word](const Text& text) {
           return Join(text.words, "").find(word) != std::string::npos;
         });
}

bool ListingView::CarriesBeginning(const std::string& beginning) const {
  const auto begins = [&beginning](const std::string& word) { return word.starts_with(beginning); };
  return std::ranges::any_of(joined_, begins) || std::ranges::any_of(texts_, [&](const Text& text) {
           return std::ranges::any_of(text.words, begins) ||
                  AnyGlued(text, [&](const Pair& pair) { return pair.StartsWith(beginning); });
         });
}

bool ListingView::CarriesPhrase(const QueryTerm& term, std::optional<Field> field) const {
  for (const Text& text : field == Field::kIssuer ? issuers_ : texts_) {
    if (field && text.field != *field) continue;
    for (size_t at = 0; at + term.words.size() <= text.words.size(); ++at) {
      if (StandsAt(text.words, at, term)) return true;
    }
  }
  return false;
}

}  // namespace commresolve::index
