// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Query trees. OP_MAX stays unused: Xapian 1.4 crashes on an OR of two of them.

#include "index/search/plan.h"

#include <algorithm>

#include "index/search/champions.h"
#include "index/search/term_query.h"
#include "index/search/terms.h"
#include "index/search/text.h"
#include "resolver/keyword/host_name.h"

namespace commresolve::index {
namespace {

// Weights of the first phase. A listing under its own name has to be among the hits that the second
// phase sees, whatever else carries the words; a public chain breaks ties among the many.
constexpr double kOwnNameScale = 6.0;
constexpr double kHostScale = 3.0;
constexpr double kPublicChainWeight = 0.5;

Xapian::Query Scaled(const Xapian::Query& query, double factor) {
  return Xapian::Query(Op::OP_SCALE_WEIGHT, query, factor);
}

bool IsPlain(const QueryTerm& term) { return !term.excluded && !term.quoted && !term.prefix; }

/// A typed host name cut at its registrable domain.
struct HostBelow {
  std::string domain;  ///< Empty if there is none.
  size_t words = 0;    ///< Of the term, in front of it.
};

HostBelow CutAtDomain(const QueryTerm& term, const HostText& host) {
  size_t before = 0;
  for (size_t i = 0; i < host.registrable; ++i) before += host.labels[i].size();
  const size_t own = host.labels.empty() ? 0 : host.labels[host.registrable].size();
  if (before + own + host.suffix.size() != term.words.size()) return {};
  return {SplitHostName(term.host).registrable_domain, before};
}

class Planner {
 public:
  Planner(const index::Query& query, Wanted wanted, const Vocabulary& vocabulary)
      : query_(query), wanted_(wanted), vocabulary_(vocabulary), plain_(PlainWords(query)) {
    for (GluedRun& run : GluedRuns(plain_)) {
      if (vocabulary_.Frequency(TermOf(TermKind::kWord, run.text)) > 0) {
        glued_.push_back(std::move(run));
      }
    }
  }

  /// See PlanHotWord().
  std::optional<HotWord> RunForHotWord() {
    if (query_.terms.size() != 1 || plain_.size() != 1 || IsCjk(plain_[0])) return {};
    if (query_.expired || !Excluded().empty()) return {};
    if (!query_.keys.empty() || !query_.ips.empty() || !query_.terms[0].host.empty()) return {};
    Queries either;
    size_t most = 0;
    for (const TermKind kind : {TermKind::kWord, TermKind::kSuffix, TermKind::kOwnName}) {
      const std::string term = TermOf(kind, plain_[0]);
      const size_t frequency = vocabulary_.Frequency(term);
      if (frequency == 0) continue;
      most = std::max(most, frequency);
      const double weight = WeightOf(frequency, vocabulary_);
      either.push_back(kind == TermKind::kWord ? ChampionQuery(term, weight)
                                               : vocabulary_.Exact(term, weight, Carrying::kBest));
    }
    if (most <= kHotListings) return {};
    Queries required = Filters();
    const bool filtered = !required.empty();
    required.push_back(Combine(Op::OP_OR, either));
    return HotWord{{Op::OP_AND_MAYBE, Combine(Op::OP_AND, required), Boosts()}, most, filtered};
  }

  Xapian::Query Run() {
    const Queries words = Words();
    Queries required = Filters();
    if (!words.empty()) required.push_back(Combine(AllOrAny(), words));
    Xapian::Query whole =
        required.empty() ? Xapian::Query::MatchAll : Combine(Op::OP_AND, required);
    whole = Xapian::Query(Op::OP_AND_MAYBE, whole, Boosts());
    const Queries excluded = Excluded();
    if (excluded.empty()) return whole;
    return {Op::OP_AND_NOT, whole, Combine(Op::OP_OR, excluded)};
  }

 private:
  /// Word `at` of the plain words, or any joined run that it is part of; see Vocabulary::Word().
  Xapian::Query PlainWord(size_t at, size_t looks) {
    Queries either = WordAlternatives(plain_[at], looks, vocabulary_);
    for (const GluedRun& run : glued_) {
      if (run.begin <= at && at < run.end) {
        either.push_back(WordQuery(run.text));
      }
    }
    return Combine(Op::OP_OR, either);
  }

  /// The host as typed, or a wildcard over it.
  [[nodiscard]] Xapian::Query HostQuery(const HostText& text) const {
    const std::string& host = text.name;
    Queries either{ExactTerm(TermKind::kHost, HostKey(text), kHostScale, vocabulary_)};
    const size_t dot = host.find('.');
    if (dot != std::string::npos && host[0] != '*') {
      either.push_back(ExactTerm(TermKind::kHost, "*" + host.substr(dot), kHostScale, vocabulary_));
    }
    return Combine(Op::OP_OR, either);
  }

  Queries Words() {
    Queries terms;
    size_t at = 0;
    for (const QueryTerm& term : query_.terms) {
      if (term.excluded) continue;
      if (!IsPlain(term)) {
        terms.push_back(WholeTerm(term, TermKind::kWord, vocabulary_));
        continue;
      }
      const HostText host = term.host.empty() ? HostText() : ReadHost(term.host);
      Queries words = term.host.empty() ? Queries() : BelowDomain(term, host, at);
      const bool below = !words.empty();
      for (size_t i = 0; i < term.words.size(); ++i, ++at) {
        if (!below && IsNeeded(plain_[at])) words.push_back(PlainWord(at, 0));
      }
      if (words.empty()) continue;
      Xapian::Query all = Combine(AllOrAny(), words);
      if (!term.host.empty()) all = Xapian::Query(Op::OP_OR, all, HostQuery(host));
      terms.push_back(all);
    }
    return terms;
  }

  /// Of a host name whose registrable domain is on record: that domain, and the words in front of
  /// it, of which `at` is the first plain one. Else nothing.
  Queries BelowDomain(const QueryTerm& term, const HostText& text, size_t at) {
    const HostBelow host = CutAtDomain(term, text);
    if (host.domain.empty() || wanted_ == Wanted::kAny) return {};
    const Xapian::Query known(Op::OP_OR, ExactTerm(TermKind::kHost, host.domain, 1, vocabulary_),
                              ExactTerm(TermKind::kDomain, host.domain, 0, vocabulary_));
    if (known.empty()) return {};
    Queries words{known};
    size_t looks = 0;
    for (const TermKind kind : {TermKind::kHost, TermKind::kDomain}) {
      looks += vocabulary_.Frequency(TermOf(kind, host.domain));
    }
    for (size_t i = 0; i < host.words; ++i) {
      if (IsNeeded(plain_[at + i])) words.push_back(PlainWord(at + i, looks));
    }
    return words;
  }

  /// "www" beside other words asks for nothing.
  [[nodiscard]] bool IsNeeded(const std::string& word) const {
    return word != "www" || plain_.size() == 1;
  }

  [[nodiscard]] Op::op AllOrAny() const { return wanted_ == Wanted::kAll ? Op::OP_AND : Op::OP_OR; }

  /// What raises a listing without being required.
  Xapian::Query Boosts() {
    Queries either;
    std::vector<std::string> keys;
    for (const std::vector<std::string>& words : OwnNames()) {
      for (std::string key : {OwnNameKey(words), Join(words, "")}) {
        if (!key.empty() && std::find(keys.begin(), keys.end(), key) == keys.end()) {
          either.push_back(ExactTerm(TermKind::kOwnName, key, kOwnNameScale, vocabulary_));
          keys.push_back(std::move(key));
        }
      }
    }
    either.push_back(vocabulary_.Public(kPublicChainWeight));
    return Combine(Op::OP_OR, either);
  }

  /// The plain words, and what is left of them without "www" and words of public suffixes.
  [[nodiscard]] std::vector<std::vector<std::string>> OwnNames() const {
    std::vector<std::string> without_www;
    std::vector<std::string> own;
    for (const std::string& word : plain_) {
      if (word == "www") continue;
      without_www.push_back(word);
      if (vocabulary_.Frequency(TermOf(TermKind::kSuffix, word)) == 0) own.push_back(word);
    }
    std::vector<std::vector<std::string>> names{plain_, without_www, own};
    // "co uk" are suffix words, and so may be a word of the name itself: "app example app".
    if (without_www.size() > 1) {
      names.emplace_back(without_www.begin(), without_www.end() - 1);
    }
    if (without_www.size() > 2) {
      names.emplace_back(without_www.begin(), without_www.end() - 2);
    }
    return names;
  }

  Queries Filters() {
    Queries filters;
    const auto any_of = [&filters](const Queries& either) {
      if (!either.empty()) filters.push_back(Scaled(Combine(Op::OP_OR, either), 0));
    };
    for (const QueryTerm& term : query_.organizations) {
      if (!term.excluded) any_of({WholeTerm(term, TermKind::kOrganization, vocabulary_)});
    }
    for (const QueryTerm& term : query_.issuers) {
      const Xapian::Query issuer = WholeTerm(term, TermKind::kIssuer, vocabulary_);
      if (!term.excluded && !issuer.empty()) any_of({issuer});
    }
    Queries sans;
    for (const std::string& san : query_.sans) {
      const bool below = san.starts_with('.');
      const std::string host = below ? san.substr(1) : san;
      sans.push_back(below
                         ? Xapian::Query(Op::OP_OR, FilterQuery(TermKind::kHost, host, vocabulary_),
                                         FilterQuery(TermKind::kDomain, host, vocabulary_))
                         : HostQuery(ReadHost(host)));
    }
    any_of(sans);
    Queries countries;
    for (const std::string& c : query_.countries) {
      countries.push_back(FilterQuery(TermKind::kCountry, c, vocabulary_));
    }
    any_of(countries);
    Queries ports;
    for (const uint16_t port : query_.ports) {
      ports.push_back(FilterQuery(TermKind::kPort, std::to_string(port), vocabulary_));
    }
    any_of(ports);
    Queries protocols;
    for (const Protocol protocol : query_.protocols) {
      protocols.push_back(FilterQuery(TermKind::kProtocol, ProtocolName(protocol), vocabulary_));
    }
    any_of(protocols);
    return filters;
  }

  /// Quoted terms are left to the caller: their words may stand apart.
  Queries Excluded() {
    Queries excluded;
    const auto add = [&](const std::vector<QueryTerm>& terms, TermKind kind) {
      for (const QueryTerm& term : terms) {
        if (term.excluded && !term.quoted) excluded.push_back(WholeTerm(term, kind, vocabulary_));
      }
    };
    add(query_.terms, TermKind::kWord);
    add(query_.organizations, TermKind::kOrganization);
    add(query_.issuers, TermKind::kIssuer);
    return excluded;
  }

  const index::Query& query_;
  const Wanted wanted_;
  const Vocabulary& vocabulary_;
  const std::vector<std::string> plain_;
  std::vector<GluedRun> glued_;
};

}  // namespace

std::optional<HotWord> PlanHotWord(const index::Query& query, const Vocabulary& vocabulary) {
  return Planner(query, Wanted::kAll, vocabulary).RunForHotWord();
}

std::vector<std::string> PlainWords(const index::Query& query) {
  std::vector<std::string> words;
  for (const QueryTerm& term : query.terms) {
    if (IsPlain(term)) words.insert(words.end(), term.words.begin(), term.words.end());
  }
  return words;
}

std::vector<GluedRun> GluedRuns(const std::vector<std::string>& words) {
  std::vector<GluedRun> runs;
  for (size_t begin = 0; begin < words.size(); ++begin) {
    std::string text = words[begin];
    for (size_t end = begin + 2; end <= std::min(words.size(), begin + kMaxGlueRun); ++end) {
      text += words[end - 1];
      runs.push_back({text, begin, end});
    }
  }
  return runs;
}

Xapian::Query PlanQuery(const index::Query& query, Wanted wanted, const Vocabulary& vocabulary) {
  return Planner(query, wanted, vocabulary).Run();
}

Xapian::Query PlanCarriers(const KeywordSet& words, const Vocabulary& vocabulary) {
  Queries all;
  for (const std::string& word : words.words()) {
    all.push_back(
        Combine(Op::OP_OR, {WordQuery(word), FilterQuery(TermKind::kSuffix, word, vocabulary),
                            FilterQuery(TermKind::kCountry, word, vocabulary)}));
  }
  Queries either{Combine(Op::OP_AND, all)};
  std::vector<std::string> order = words.words();
  std::ranges::sort(order);
  do {
    either.push_back(WordQuery(Join(order, "")));
  } while (order.size() <= kMaxJoinedWords && std::ranges::next_permutation(order).found);
  return Combine(Op::OP_OR, either);
}

}  // namespace commresolve::index
