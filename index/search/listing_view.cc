// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Cutting a listing where the query may find something.

#include "index/search/listing_view.h"

#include <algorithm>
#include <cstdint>

#include "index/search/may_hold.h"

namespace commresolve::index {
namespace {

bool StandsAt(const std::vector<std::string>& text, size_t at, const QueryTerm& term) {
  for (size_t i = 0; i < term.words.size(); ++i) {
    const bool beginning = term.prefix && i + 1 == term.words.size();
    const std::string& word = text[at + i];
    if (beginning ? !word.starts_with(term.words[i]) : word != term.words[i]) return false;
  }
  return true;
}

/// A bit for each of `words` that `holds`.
template <class Words, class Holds>
uint64_t BitsOf(const Words& words, const Holds& holds) {
  uint64_t bits = 0;
  for (size_t i = 0; i < words.size(); ++i) bits |= uint64_t{holds(words[i])} << i;
  return bits;
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

ListingView::ListingView(const ListingTexts& listing, std::span<const SoughtWord> words,
                         const Needs& needs)
    : listing_(&listing), hosts_left_(needs.max_hosts) {
  for (const std::string& issuer : listing.issuers) {
    issuers_.push_back({Field::kIssuer, SearchWords(issuer)});
  }
  std::vector<const FieldView*> a_labels;  // Last: decoding one takes longer than all else.
  for (const FieldView& field : listing.fields) {
    const MayHold may_hold(field.text);
    if (may_hold.has_a_label()) {
      a_labels.push_back(&field);
      continue;
    }
    AddText(field, may_hold, words, needs);
    if (settled_) return;
  }
  for (const FieldView* field : a_labels) {
    AddText(*field, MayHold(field->text), words, needs);
    if (settled_) return;
  }
}

bool ListingView::AddsNothing(uint64_t held, std::span<const SoughtWord> counted) const {
  if (std::ranges::none_of(held_, [held](uint64_t other) { return (held & ~other) == 0; })) {
    return false;
  }
  const auto all = BitsOf(counted, [](const SoughtWord& word) { return word.text != "www"; });
  return (all & ~held) != 0;
}

void ListingView::AddText(const FieldView& field, const MayHold& may_hold,
                          std::span<const SoughtWord> words, const Needs& needs) {
  const auto holds = [&may_hold](const SoughtWord& word) { return may_hold(word); };
  const bool counts = !needs.counted.empty();
  if (field.field == Field::kDnsName) {
    if (hosts_left_ == 0 || std::ranges::none_of(words, holds)) return;
    if (counts && AddsNothing(BitsOf(needs.counted, holds), needs.counted)) {
      --hosts_left_;
      return;
    }
  }
  std::string host = HostOf(field);
  if (counts && field.field != Field::kDnsName) {
    const uint64_t held = host.empty() ? BitsOf(needs.counted, MayHoldLoosely(field.text))
                                       : BitsOf(needs.counted, MayHold(host));
    if (held == 0) return;
  }
  if (host.empty()) {
    texts_.push_back({field.field, SearchWords(DecodeNames(field.text))});
  } else if (std::ranges::find(texts_, host, &Text::host) == texts_.end()) {
    AddHost(std::move(host));
  } else {
    return;
  }
  const Text& text = texts_.back();
  if (counts) {
    held_.push_back(BitsOf(needs.counted, [&text](const SoughtWord& word) {
      return std::ranges::find(text.words, word.text) != text.words.end();
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
