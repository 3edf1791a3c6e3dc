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

/// All words of a host name in order, public suffix included.
std::vector<std::string> HostWords(const HostText& host) {
  std::vector<std::string> words;
  for (const std::vector<std::string>& label : host.labels) {
    for (const std::string& word : label) words.push_back(StripMarks(word));
  }
  words.insert(words.end(), host.suffix.begin(), host.suffix.end());
  return words;
}

bool StandsAt(const std::vector<std::string>& text, size_t at, const QueryTerm& term) {
  for (size_t i = 0; i < term.words.size(); ++i) {
    const bool beginning = term.prefix && i + 1 == term.words.size();
    const std::string& word = text[at + i];
    if (beginning ? !word.starts_with(term.words[i]) : word != term.words[i]) return false;
  }
  return true;
}

/// False only if no word of `host` can be one of `words`, nor part of one.
bool MayHold(const std::string& host, const std::vector<std::string>& words) {
  if (host.find("xn--") != std::string::npos) return true;
  std::string joined = host;
  std::erase_if(joined, [](char c) { return c == '-' || c == '_' || c == '.'; });
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return joined.find(word) != std::string::npos;
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
    if (name && (hosts_.size() >= max_hosts || !MayHold(field.text, words))) continue;
    const std::string host = HostOf(field);
    if (host.empty()) {
      texts_.push_back({field.field, SearchWords(DecodeNames(field.text))});
    } else if (names.insert(host).second) {
      hosts_.push_back(ReadHost(host));
      texts_.push_back({Field::kDnsName, HostWords(hosts_.back())});
    }
  }
  CollectWords();
}

void ListingView::CollectWords() {
  const auto join = [this](std::string word) {
    joined_.push_back(std::move(word));
    words_.push_back(joined_.back());
  };
  for (const HostText& host : hosts_) {
    for (const std::vector<std::string>& label : host.labels) {
      if (label.size() > 1) join(StripMarks(Join(label, "")));
    }
  }
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
