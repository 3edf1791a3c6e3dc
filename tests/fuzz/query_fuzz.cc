// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is typed into search: parsed, written back, planned.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "index/search/plan.h"
#include "index/search/query.h"
#include "index/search/rank.h"

namespace {

using namespace commresolve;
using namespace commresolve::index;

void Require(bool condition) {
  if (!condition) std::abort();
}

/// Knows every second word, so that both ways through the plan are taken.
class SomeWords final : public Vocabulary {
 public:
  [[nodiscard]] Xapian::Query Word(const std::string& term, size_t /*looks*/) const override {
    return Xapian::Query(term);
  }
  [[nodiscard]] size_t Frequency(const std::string& term) const override {
    return (term.size() + static_cast<uint8_t>(term.back())) % 2 == 0 ? term.size() : 0;
  }
  [[nodiscard]] Xapian::Query Exact(const std::string& term, double /*weight*/,
                                    Carrying /*carrying*/) const override {
    return Xapian::Query(term);
  }
  [[nodiscard]] Xapian::Query Public(double /*weight*/) const override {
    return Xapian::Query("XFpublic");
  }
  [[nodiscard]] size_t ListingCount() const override { return 10; }
  [[nodiscard]] std::vector<std::string> Expand(const std::string& beginning) const override {
    if (beginning.size() % 2 == 0) return {};
    return {beginning, beginning + "x"};
  }
};

void CheckTerms(const std::vector<QueryTerm>& terms, size_t& words) {
  for (const QueryTerm& term : terms) {
    Require(!term.words.empty());
    for (const std::string& word : term.words) Require(!word.empty() && word.size() <= 128);
    words += term.words.size();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Result<Query> query = ParseQuery(text);
  if (!query.ok()) {
    Require(query.error().code == Code::kInvalidArgument && !query.error().message.empty());
    return 0;
  }
  size_t words = 0;
  CheckTerms(query->terms, words);
  CheckTerms(query->organizations, words);
  CheckTerms(query->issuers, words);
  Require(words <= kMaxQueryTerms);

  const std::string written = FormatQuery(*query);
  if (written.size() <= kMaxQueryBytes) {
    const Result<Query> again = ParseQuery(written);
    Require(again.ok() && *again == *query);
  }

  for (const Wanted wanted : {Wanted::kAll, Wanted::kAny}) {
    const Xapian::Query plan = PlanQuery(*query, wanted, SomeWords());
    Require(!plan.get_description().empty());
    const Xapian::Query read = Xapian::Query::unserialise(plan.serialise());
    Require(read.get_description() == plan.get_description());
  }

  ListingTexts listing;
  listing.id = 1;
  listing.fields.emplace_back(Field::kOrganization, text);
  listing.fields.emplace_back(Field::kDnsName, "bugs.debian.org");
  const Ranker ranker(*query, 0);
  const ListingView view(listing, ranker.words(), ranker.Needs());
  (void)ranker.TextMatches(view);
  const Ranker::Count count = ranker.CountWords(view);
  Require(count.carried <= count.all);
  Require(ranker.Judge(view, std::nullopt, 1.0).score >= 0);
  return 0;
}
