// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Scores of the second phase. They order the hits of one query and mean nothing else.

#include "index/search/rank.h"

#include <algorithm>
#include <bit>
#include <iterator>

#include "resolver/keyword/host_name.h"

namespace commresolve::index {
namespace {

// A listing under its own name comes before every other; among these, each line outweighs all that
// follow it.
constexpr double kOwnName = 1'000;
constexpr double kHostTyped = 1'024;  // Times 2 for the very name, times 1 for a wildcard over it.
constexpr double kAsTyped = 512;      // The words stand as typed, not only once they are joined.
constexpr double kUnexpired = 160;
constexpr double kFewNames = 64;  // Times 0 to 3.
constexpr double kPublicChain = 16;
constexpr double kFresh = 4;       // Times 0 to 3.
constexpr double kFewerNames = 2;  // At most.
constexpr double kOftenSeen = 1;   // At most.

// The others stand by their text score, below kOwnName, and what it is multiplied with.
constexpr double kMaxTextScore = 900;
constexpr double kApartShare = 0.5;  // All words in one text count 1, scattered ones half.
constexpr double kExpiredFactor = 0.7;
constexpr double kPerNameDoubling = 0.05;
constexpr double kTieBreaks = 0.01;
constexpr UnixTime kDay = 86'400;
constexpr double kOftenBits = 16;
constexpr double kNamesBits = 16;

/// 3 if seen in the last week, 2 in the last month, 1 in the last three, else 0.
int Freshness(int64_t age) {
  if (age <= 7 * kDay) return 3;
  if (age <= 30 * kDay) return 2;
  return age <= 90 * kDay ? 1 : 0;
}

bool IsExpired(const std::optional<ListingFacts>& facts, UnixTime now) {
  return facts && facts->not_after < now;
}

/// What the facts say, each line of the table above.
double FactScore(const std::optional<ListingFacts>& facts, UnixTime now) {
  double score = IsExpired(facts, now) ? 0 : kUnexpired;
  if (!facts) return score;
  if (facts->public_chain) score += kPublicChain;
  score += kFresh * Freshness(now - facts->last_seen);
  return score + kOftenSeen * std::min(1.0, std::bit_width(facts->observations) / kOftenBits);
}

double NamesScore(size_t names) {
  return kFewerNames * (1 - static_cast<double>(std::bit_width(names)) / kNamesBits);
}

/// The words that Matched() and BestShare() look for; none if they are too many.
std::vector<SoughtWord> CountedWords(const Query& query) {
  std::vector<SoughtWord> words;
  for (const QueryTerm& term : query.terms) {
    if (!term.excluded) std::ranges::copy(SoughtWords(term.words), std::back_inserter(words));
  }
  if (words.size() > ListingView::kMaxCounted) words.clear();
  return words;
}

}  // namespace

int FewNames(size_t names) {
  if (names <= 4) return 3;
  if (names <= 16) return 2;
  return names <= 64 ? 1 : 0;
}

Ranker::Ranker(const Query& query, UnixTime now)
    : query_(query), now_(now), plain_(PlainWords(query)), runs_(GluedRuns(plain_)) {
  for (const QueryTerm& term : query.terms) {
    // A public suffix stands in very many names, and beside the words in front of it.
    const size_t suffix = term.host.empty() ? 0 : ReadHost(term.host).suffix.size();
    const size_t words = suffix < term.words.size() ? term.words.size() - suffix : 0;
    const std::span all(term.words);
    std::ranges::copy(SoughtWords(words == 0 ? all : all.first(words)), std::back_inserter(words_));
  }
  names_only_ = !plain_.empty();
  for (const QueryTerm& term : query.terms) {
    if (!term.excluded && term.prefix) names_only_ = false;
    needs_text_ = needs_text_ || term.quoted || (term.excluded && term.prefix);
  }
  for (const auto* terms : {&query.organizations, &query.issuers}) {
    for (const QueryTerm& term : *terms) {
      needs_text_ = needs_text_ || term.quoted || (term.excluded && term.prefix);
    }
  }
  for (const std::string& san : query.sans) needs_text_ = needs_text_ || !san.starts_with('.');
  for (const std::string& word : plain_) {
    if (word != "www") joined_ += word;
  }
  if (!needs_text_) counted_ = CountedWords(query);
  may_settle_ = names_only_ && !needs_text_ && std::ranges::find(plain_, "www") == plain_.end();
}

ListingView::Needs Ranker::Needs() const {
  return {kMaxJudgedHosts, [this](const ListingView::Text& text) { return Settles(text); },
          counted_};
}

bool Ranker::Settles(const ListingView::Text& text) const {
  return may_settle_ && OwnName(text) == 2;
}

/// Word `at` itself, or a joined run of neighbours that it is part of.
bool Ranker::CarriesPlain(const ListingView& view, size_t at) const {
  if (view.Carries(plain_[at])) return true;
  return std::any_of(runs_.begin(), runs_.end(), [&](const GluedRun& run) {
    return run.begin <= at && at < run.end && view.Carries(run.text);
  });
}

bool Ranker::CarriesPrefix(const ListingView& view, const QueryTerm& term) {
  const auto last = term.words.end() - 1;
  return view.CarriesBeginning(*last) &&
         std::all_of(term.words.begin(), last,
                     [&view](const std::string& word) { return view.Carries(word); });
}

/// False only if CompareOwnWords() gives 0: what the words alone tell, without the public suffix.
bool Ranker::MayBeOwnName(const ListingView::Text& text) const {
  if (text.host.empty() || text.words.empty()) return false;
  const std::string& first = text.words.front();
  if (first != "www" && !joined_.starts_with(first) &&
      std::ranges::find(plain_, first) == plain_.end()) {
    return false;
  }
  const bool all_there = std::ranges::all_of(plain_, [&text](const std::string& word) {
    return word == "www" || std::ranges::find(text.words, word) != text.words.end();
  });
  return all_there || Join(text.words, "").find(joined_) != std::string::npos;
}

int Ranker::OwnName(const ListingView::Text& text) const {
  if (!MayBeOwnName(text)) return 0;
  const auto [at, first] = own_names_.try_emplace(text.host, 0);
  if (first) at->second = CompareOwnWords(ReadHost(text.host));
  return at->second;
}

int Ranker::CompareOwnWords(const HostText& host) const {
  const std::vector<std::string> own = OwnWords(host);
  if (own.empty()) return 0;
  const auto holds = [](const std::vector<std::string>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  const bool all_typed = std::all_of(own.begin(), own.end(),
                                     [&](const std::string& word) { return holds(plain_, word); });
  const bool none_beside = std::all_of(plain_.begin(), plain_.end(), [&](const std::string& word) {
    return holds(own, word) || holds(host.suffix, word) || word == "www";
  });
  if (all_typed && none_beside) return 2;
  return Join(own, "") == joined_ ? 1 : 0;
}

int Ranker::HostMatch(const ListingView& view) const {
  int best = 0;
  for (const QueryTerm& term : query_.terms) {
    if (term.host.empty()) continue;
    for (const FieldView& field : view.listing().fields) {
      if (field.field != Field::kDnsName && field.field != Field::kCommonName) continue;
      if (field.text == term.host) return 2;
      if (field.text.starts_with("*.") && MatchesHostName(field.text, term.host)) best = 1;
    }
  }
  return best;
}

/// The largest share of the plain words that stand together in one text.
double Ranker::BestShare(const ListingView& view) const {
  if (plain_.empty()) return 1;
  size_t best = 0;
  for (const ListingView::Text& text : view.texts()) {
    const auto here = std::count_if(plain_.begin(), plain_.end(), [&](const std::string& word) {
      return std::find(text.words.begin(), text.words.end(), word) != text.words.end();
    });
    best = std::max(best, static_cast<size_t>(here));
  }
  return static_cast<double>(best) / static_cast<double>(plain_.size());
}

Ranker::Count Ranker::CountWords(const ListingView& view) const {
  Count count;
  for (size_t i = 0; i < plain_.size(); ++i) {
    if (plain_[i] == "www" && plain_.size() > 1) continue;
    ++count.all;
    if (CarriesPlain(view, i)) ++count.carried;
  }
  for (const QueryTerm& term : query_.terms) {
    if (term.excluded || !(term.quoted || term.prefix)) continue;
    ++count.all;
    if (term.quoted ? view.CarriesPhrase(term, std::nullopt) : CarriesPrefix(view, term)) {
      ++count.carried;
    }
  }
  return count;
}

std::vector<std::string> Ranker::Matched(const ListingView& view) const {
  std::vector<std::string> matched;
  size_t at = 0;
  for (const QueryTerm& term : query_.terms) {
    if (term.excluded) continue;
    if (term.quoted) {
      if (view.CarriesPhrase(term, std::nullopt)) matched.push_back(term.text);
      continue;
    }
    std::vector<std::string> carried;
    for (size_t i = 0; i < term.words.size(); ++i) {
      const bool beginning = term.prefix && i + 1 == term.words.size();
      const bool here = term.prefix ? (beginning ? view.CarriesBeginning(term.words[i])
                                                 : view.Carries(term.words[i]))
                                    : CarriesPlain(view, at++);
      if (here) carried.push_back(term.words[i]);
    }
    if (carried.size() == term.words.size()) carried = {term.text};
    matched.insert(matched.end(), carried.begin(), carried.end());
  }
  return matched;
}

bool Ranker::TextMatches(const ListingView& view) const {
  const auto fits = [&view](const QueryTerm& term, std::optional<Field> field) {
    if (term.quoted) return view.CarriesPhrase(term, field) != term.excluded;
    return !(term.excluded && term.prefix) || !view.CarriesPhrase(term, field);
  };
  for (const QueryTerm& term : query_.terms) {
    if (!fits(term, std::nullopt)) return false;
  }
  for (const QueryTerm& term : query_.organizations) {
    if (!fits(term, Field::kOrganization)) return false;
  }
  for (const QueryTerm& term : query_.issuers) {
    if (!fits(term, Field::kIssuer)) return false;
  }
  return query_.sans.empty() || HoldsSan(view.listing());
}

/// Host names share terms (HostKey), so that a term alone does not tell.
bool Ranker::HoldsSan(const ListingTexts& listing) const {
  return std::ranges::any_of(listing.fields, [this](const FieldView& field) {
    const std::string host =
        field.field == Field::kIpAddress ? std::string(field.text) : HostOf(field);
    return !host.empty() && std::ranges::any_of(query_.sans, [&host](const std::string& san) {
      if (san.starts_with('.')) return ("." + host).ends_with(san);
      return host == san || (host.starts_with("*.") && MatchesHostName(host, san));
    });
  });
}

double Ranker::Sift(const std::optional<ListingFacts>& facts, double text_score) const {
  const double expired = IsExpired(facts, now_) ? kExpiredFactor : 1;
  return text_score * expired + kTieBreaks * FactScore(facts, now_);
}

Hit Ranker::Judge(const ListingView& view, const std::optional<ListingFacts>& facts,
                  double text_score) const {
  const ListingTexts& listing = view.listing();
  int own_name = view.settled() ? 2 : 0;
  for (const ListingView::Text& text : view.texts()) {
    if (!names_only_ || own_name == 2) break;
    own_name = std::max(own_name, OwnName(text));
  }
  const int host_match = HostMatch(view);
  const size_t names = CountNames(listing.fields);
  const double fact_score = FactScore(facts, now_) + NamesScore(names);
  Hit hit;
  hit.listing = listing.id;
  hit.matched = Matched(view);
  hit.own_name = own_name > 0;
  if (hit.own_name || host_match == 2) {
    hit.score = kOwnName + kHostTyped * host_match + (own_name == 2 ? kAsTyped : 0) +
                kFewNames * FewNames(names) + fact_score;
    return hit;
  }
  const double share = kApartShare + (1 - kApartShare) * BestShare(view);
  const double many = 1 + kPerNameDoubling * static_cast<double>(std::bit_width(names));
  const double expired = IsExpired(facts, now_) ? kExpiredFactor : 1;
  hit.score =
      std::min(text_score, kMaxTextScore) * share * expired / many + kTieBreaks * fact_score;
  return hit;
}

bool Better(const Hit& a, const Hit& b) {
  if (a.score != b.score) return a.score > b.score;
  return a.listing < b.listing;
}

}  // namespace commresolve::index
