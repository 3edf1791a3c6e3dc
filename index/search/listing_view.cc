// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ListingView: what the first fields of a listing say.

#include <algorithm>

#include "index/search/rank.h"
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

}  // namespace

ListingView::ListingView(const Listing& listing, size_t max_fields) : listing_(&listing) {
  const size_t judged = std::min(listing.fields.size(), max_fields);
  for (const std::string& issuer : listing.issuers) {
    issuers_.push_back({Field::kIssuer, SearchWords(issuer)});
  }
  std::unordered_set<std::string> names;
  for (size_t i = 0; i < judged; ++i) {
    const FieldText& field = listing.fields[i];
    const std::string host = HostOf(field);
    if (host.empty()) {
      texts_.push_back({field.field, SearchWords(DecodeNames(field.text))});
      continue;
    }
    if (!names.insert(host).second) continue;
    hosts_.push_back(ReadHost(host));
    texts_.push_back({Field::kDnsName, HostWords(hosts_.back())});
    for (const std::vector<std::string>& label : hosts_.back().labels) {
      if (label.size() > 1) words_.insert(StripMarks(Join(label, "")));
    }
  }
  for (const Text& text : texts_) {
    words_.insert(text.words.begin(), text.words.end());
    const bool glues = text.field == Field::kOrganization || text.field == Field::kCommonName;
    for (size_t i = 0; glues && i + 1 < text.words.size(); ++i) {
      words_.insert(text.words[i] + text.words[i + 1]);
    }
  }
}

bool ListingView::Carries(const std::string& word) const {
  if (words_.contains(word)) return true;
  if (!IsCjk(word)) return false;
  return std::any_of(texts_.begin(), texts_.end(), [&word](const Text& text) {
    return Join(text.words, "").find(word) != std::string::npos;
  });
}

bool ListingView::CarriesBeginning(const std::string& beginning) const {
  return std::any_of(words_.begin(), words_.end(),
                     [&beginning](const std::string& word) { return word.starts_with(beginning); });
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
