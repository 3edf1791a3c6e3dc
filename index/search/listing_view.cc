// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Cutting a listing where the query may find something.

#include "index/search/listing_view.h"

#include <algorithm>
#include <unordered_set>

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

/// The length of the longest text that is left of both when characters are struck out.
size_t CommonLength(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (const char c : a) {
    size_t before = 0;
    for (size_t i = 0; i < b.size(); ++i) {
      const size_t above = row[i + 1];
      row[i + 1] = c == b[i] ? before + 1 : std::max(above, row[i]);
      before = above;
    }
  }
  return row.back();
}

/// `host` without what parts its words. Of an A-label Punycode (RFC 3492) leaves the ASCII
/// characters in order; each other one takes a byte or more behind the last hyphen.
struct Readable {
  std::string text;
  size_t hidden = 0;  ///< Other characters, at most.
};

Readable ReadableOf(std::string_view host) {
  Readable readable;
  while (!host.empty()) {
    const size_t dot = std::min(host.find('.'), host.size());
    std::string_view label = host.substr(0, dot);
    host.remove_prefix(std::min(dot + 1, host.size()));
    if (label.starts_with(kAcePrefix)) {
      label.remove_prefix(kAcePrefix.size());
      const size_t hyphen = label.rfind('-');
      const size_t plain = hyphen == std::string_view::npos ? 0 : hyphen;
      readable.hidden += label.size() - plain;
      label = label.substr(0, plain);
    }
    readable.text += label;
  }
  std::erase_if(readable.text, [](char c) { return c == '-' || c == '_'; });
  return readable;
}

/// False only if no word of `host` can be one of `words`, nor part of one.
bool MayHold(std::string_view host, const std::vector<std::string>& words) {
  const Readable readable = ReadableOf(host);
  return std::ranges::any_of(words, [&readable](const std::string& word) {
    if (readable.hidden == 0) return readable.text.find(word) != std::string::npos;
    const size_t common = CommonLength(word, readable.text);
    return CountCharacters(word) <= common + readable.hidden;
  });
}

}  // namespace

ListingView::ListingView(const Listing& listing, const std::vector<std::string>& words,
                         size_t max_hosts)
    : listing_(&listing) {
  for (const std::string& issuer : listing.issuers) {
    issuers_.push_back({Field::kIssuer, SearchWords(issuer)});
  }
  std::unordered_set<std::string> names;
  for (const FieldText& field : listing.fields) {
    const bool name = field.field == Field::kDnsName;
    if (name && (names.size() >= max_hosts || !MayHold(field.text, words))) continue;
    const std::string host = HostOf(field);
    if (host.empty()) {
      texts_.push_back({field.field, SearchWords(DecodeNames(field.text))});
    } else if (names.insert(host).second) {
      AddHost(host);
    }
  }
  CollectWords();
}

void ListingView::AddHost(const std::string& host) {
  Text text{Field::kDnsName, {}, host};
  std::string_view rest = host;
  while (!rest.empty()) {
    const size_t dot = std::min(rest.find('.'), rest.size());
    const std::vector<std::string> label = LabelWords(rest.substr(0, dot));
    if (label.size() > 1) joined_.push_back(Join(label, ""));
    text.words.insert(text.words.end(), label.begin(), label.end());
    rest.remove_prefix(std::min(dot + 1, rest.size()));
  }
  texts_.push_back(std::move(text));
}

void ListingView::CollectWords() {
  const auto join = [this](std::string word) {
    joined_.push_back(std::move(word));
    words_.push_back(joined_.back());
  };
  words_.assign(joined_.begin(), joined_.end());
  for (const Text& text : texts_) {
    const bool glues = text.field == Field::kOrganization || text.field == Field::kCommonName;
    for (size_t i = 0; i < text.words.size(); ++i) {
      words_.push_back(text.words[i]);
      if (const std::string_view run = LetterRun(text.words[i]); !run.empty())
        words_.push_back(run);
      if (glues && i + 1 < text.words.size()) join(text.words[i] + text.words[i + 1]);
    }
  }
}

bool ListingView::Carries(const std::string& word) const {
  if (std::ranges::find(words_, word) != words_.end()) return true;
  if (!IsCjk(word)) return false;
  return std::any_of(texts_.begin(), texts_.end(), [&word](const Text& text) {
    return Join(text.words, "").find(word) != std::string::npos;
  });
}

bool ListingView::CarriesBeginning(const std::string& beginning) const {
  return std::any_of(words_.begin(), words_.end(),
                     [&beginning](std::string_view word) { return word.starts_with(beginning); });
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
