// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Both phases of one query.

#include "index/search/search_run.h"

#include <algorithm>
#include <memory>
#include <unordered_set>

#include "index/search/listing_source.h"
#include "resolver/base/read_ahead.h"

namespace commresolve::index {
namespace {

// So many tell whether the others are worth being looked at ahead.
constexpr size_t kTrialHits = 4;
constexpr size_t kTrialTexts = 1;

/// What cannot be said in terms: dates, and words side by side.
class Decider final : public Xapian::MatchDecider {
 public:
  Decider(const Ranker& ranker, const FactsSource& facts, std::optional<bool> expired, UnixTime now)
      : ranker_(ranker), facts_(facts), expired_(expired), now_(now) {}

  bool operator()(const Xapian::Document& document) const override {
    const ListingId id = document.get_docid();
    if (expired_) {
      const std::optional<ListingFacts> facts =
          facts_.facts ? facts_.facts(id) : std::optional<ListingFacts>();
      if (!facts || (facts->not_after < now_) != *expired_) return false;
    }
    if (!ranker_.needs_text() || !facts_.texts) return true;
    const std::optional<ListingTexts> listing = facts_.texts(id, true);
    return listing &&
           ranker_.TextMatches(ListingView(*listing, ranker_.words(), {listing->fields.size()}));
  }

 private:
  const Ranker& ranker_;
  const FactsSource& facts_;
  const std::optional<bool> expired_;
  const UnixTime now_;
};

using Lookup = std::function<std::vector<ListingId>(const std::string&)>;

std::vector<ListingId> ListingsOfAny(const std::vector<std::string>& values, const Lookup& lookup) {
  std::vector<ListingId> all;
  for (const std::string& value : values) {
    if (!lookup) break;
    const std::vector<ListingId> found = lookup(value);
    all.insert(all.end(), found.begin(), found.end());
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  std::erase(all, ListingId{0});
  return all;
}

Xapian::Query ListedQuery(std::vector<ListingId> listings) {
  if (listings.empty()) return Xapian::Query::MatchNothing;
  auto shared = std::make_shared<const std::vector<ListingId>>(std::move(listings));
  return Xapian::Query((new ListingSource(std::move(shared)))->release());
}

}  // namespace

SearchRun::SearchRun(const IndexView& view, const Vocabulary& vocabulary, const Query& query,
                     Wanted wanted, UnixTime now, const FactsSource& facts)
    : view_(view),
      vocabulary_(vocabulary),
      query_(query),
      wanted_(wanted),
      now_(now),
      facts_(facts),
      ranker_(query, now),
      enquire_(view.database()) {
  // b = 0: how many names a listing has is the second phase's business, and it saves a look-up of
  // the length of every hit.
  enquire_.set_weighting_scheme(Xapian::BM25Weight(1, 0, 0, 0, 0.5));
  enquire_.set_docid_order(Xapian::Enquire::ASCENDING);
}

std::optional<Xapian::Query> SearchRun::OnlyListed() const {
  std::optional<Xapian::Query> only;
  if (!query_.keys.empty()) {
    only = ListedQuery(ListingsOfAny(query_.keys, facts_.listings_of_key));
  }
  if (!query_.ips.empty()) {
    const Xapian::Query here = ListedQuery(ListingsOfAny(query_.ips, facts_.listings_at_ip));
    only = only ? Xapian::Query(Xapian::Query::OP_FILTER, *only, here) : here;
  }
  return only;
}

Xapian::MSet SearchRun::FirstPhase(const Xapian::Query& plan, size_t count, bool unexpired_only) {
  const std::optional<bool> expired = unexpired_only ? std::optional<bool>(false) : query_.expired;
  const Decider decider(ranker_, facts_, expired, now_);
  const bool decides = expired.has_value() || ranker_.needs_text();
  const auto size = static_cast<Xapian::doccount>(count);
  enquire_.set_query(plan);
  return enquire_.get_mset(0, size, size + 1, nullptr, decides ? &decider : nullptr);
}

void SearchRun::Sift(const Xapian::MSet& found, std::unordered_set<ListingId>& seen,
                     std::vector<Found>& sifted) const {
  const size_t before = sifted.size();
  sifted.reserve(before + found.size());
  seen.reserve(seen.size() + found.size());
  for (auto at = found.begin(); at != found.end(); ++at) {
    Found hit;
    hit.listing = view_.ListingOf(*at);
    if (!seen.insert(hit.listing).second) continue;
    hit.text_score = at.get_weight();
    sifted.push_back(hit);
  }
  const std::span<Found> fresh = std::span(sifted).subspan(before);
  const ReadAhead ahead(kTrialHits);
  for (size_t i = 0; i < fresh.size(); ++i) {
    ahead.Before(i, fresh.size(), [&](size_t hit) { LookAhead(fresh[hit], false); });
    Found& hit = fresh[i];
    if (facts_.facts) hit.facts = facts_.facts(hit.listing);
    hit.expired = hit.facts && hit.facts->not_after < now_;
    hit.sifted_score = ranker_.Sift(hit.facts, hit.text_score);
  }
}

void SearchRun::LookAhead(const Found& found, bool texts) const {
  if (facts_.look_ahead) facts_.look_ahead(found.listing, texts);
}

std::optional<Hit> SearchRun::Judge(const Found& found) const {
  if (!facts_.texts) {
    Hit hit;
    hit.listing = found.listing;
    hit.score = found.text_score;
    return hit;
  }
  const std::optional<ListingTexts> listing = facts_.texts(found.listing, false);
  if (!listing) return {};
  const ListingView view(*listing, ranker_.words(), ranker_.Needs());
  if (wanted_ == Wanted::kAny) {
    const Ranker::Count count = ranker_.CountWords(view);
    if (count.carried * 2 < count.all) return {};
  }
  return ranker_.Judge(view, found.facts, found.text_score);
}

std::vector<Hit> SearchRun::JudgeAll(std::span<const Found> found) const {
  std::vector<Hit> hits;
  hits.reserve(found.size());
  const ReadAhead ahead(kTrialTexts);
  for (size_t i = 0; i < found.size(); ++i) {
    ahead.Before(i, found.size(), [&](size_t hit) { LookAhead(found[hit], true); });
    if (std::optional<Hit> hit = Judge(found[i])) hits.push_back(*std::move(hit));
  }
  return hits;
}

/// Hits behind the judged ones keep the order that they were sifted in; their scores go on falling.
void SearchRun::AppendUnjudged(size_t offset, size_t limit, const std::vector<Hit>& judged,
                               const std::vector<Found>& sifted, Page& page) {
  std::unordered_set<ListingId> seen;
  for (const Found& found : sifted) seen.insert(found.listing);
  std::vector<Found> rest(
      sifted.begin() + static_cast<ptrdiff_t>(std::min(kJudgedHits, sifted.size())), sifted.end());
  const size_t wanted = offset + limit;
  if (wanted > judged.size() + rest.size())
    Sift(FirstPhase(plan_, wanted + seen.size(), false), seen, rest);
  const double last = judged.empty() ? 1.0 : judged.back().score;
  size_t at = judged.size();
  for (const Found& found : rest) {
    if (page.hits.size() >= limit) return;
    if (at++ < offset) continue;
    std::optional<Hit> hit = Judge(found);
    if (!hit) continue;
    hit->score = last / static_cast<double>(at);
    page.hits.push_back(*std::move(hit));
  }
}

bool SearchRun::FewUnexpired(const std::vector<Found>& sifted) const {
  const auto unexpired = std::ranges::count(sifted, false, &Found::expired);
  return !query_.expired && facts_.facts && static_cast<size_t>(unexpired) < kJudgedHits;
}

/// True if the likely best that carry a hot word are enough; `sifted` holds them then.
bool SearchRun::SiftHotWord(std::vector<Found>& sifted) {
  const std::optional<HotWord> hot =
      wanted_ == Wanted::kAll ? PlanHotWord(query_, vocabulary_) : std::optional<HotWord>();
  if (!hot) return false;
  std::unordered_set<ListingId> seen;
  const Xapian::MSet found = FirstPhase(hot->plan, kSiftedHits, false);
  Sift(found, seen, sifted);
  if (FewUnexpired(sifted)) Sift(FirstPhase(hot->plan, kSiftedHits, true), seen, sifted);
  const bool few = FewUnexpired(sifted);
  if (few && hot->filtered) {
    sifted.clear();
    return false;
  }
  if (few) Sift(FirstPhase(plan_, kSiftedHits, true), seen, sifted);
  enquire_.set_query(plan_);
  estimated_total_ = hot->filtered ? enquire_.get_mset(0, 0).get_matches_estimated()
                                   : std::max<size_t>(hot->listings, found.get_matches_estimated());
  estimated_total_ = std::max(estimated_total_, sifted.size());
  return true;
}

bool SearchRun::SiftBest(std::vector<Found>& sifted) {
  bool more = SiftHotWord(sifted);
  if (!more) {
    std::unordered_set<ListingId> seen;
    const Xapian::MSet found = FirstPhase(plan_, kSiftedHits, false);
    Sift(found, seen, sifted);
    estimated_total_ = std::max<size_t>(found.get_matches_estimated(), sifted.size());
    more = found.size() >= kSiftedHits;
    // Among very many equals the first phase takes the oldest: give those a chance that are valid.
    if (more && FewUnexpired(sifted)) Sift(FirstPhase(plan_, kSiftedHits, true), seen, sifted);
  }
  std::ranges::sort(sifted, [](const Found& a, const Found& b) {
    return a.sifted_score != b.sifted_score ? a.sifted_score > b.sifted_score
                                            : a.listing < b.listing;
  });
  return more;
}

SearchRun::Page SearchRun::Find(size_t offset, size_t limit) {
  plan_ = PlanQuery(query_, wanted_, vocabulary_);
  if (const std::optional<Xapian::Query> only = OnlyListed()) {
    plan_ = Xapian::Query(Xapian::Query::OP_FILTER, plan_, *only);
  }
  std::vector<Found> sifted;
  const bool more = SiftBest(sifted);
  const size_t count =
      wanted_ == Wanted::kAny ? sifted.size() : std::min(sifted.size(), kJudgedHits);
  std::vector<Hit> judged = JudgeAll(std::span(sifted).first(count));
  std::sort(judged.begin(), judged.end(), Better);
  Page page;
  const bool whole = count == sifted.size() && (wanted_ == Wanted::kAny || !more);
  page.estimated_total = whole ? judged.size() : std::max(estimated_total_, sifted.size());
  limit = offset < kMaxHits ? std::min(limit, kMaxHits - offset) : 0;
  for (size_t i = offset; i < judged.size() && page.hits.size() < limit; ++i) {
    page.hits.push_back(judged[i]);
  }
  if (!whole && page.hits.size() < limit) AppendUnjudged(offset, limit, judged, sifted, page);
  return page;
}

}  // namespace commresolve::index
