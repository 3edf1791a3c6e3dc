// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One walk over the listings, slice by slice, for both kinds of content.

#include "grpc/sharing/gather.h"

#include <set>
#include <vector>

#include "dht/publish/posting_maker.h"
#include "grpc/sharing/found_here.h"

namespace commresolve::daemon {
namespace {

constexpr size_t kSlice = 500;
constexpr size_t kKeysOfListing = 64;

class Gatherer {
 public:
  Gatherer(index::Store& store, dht::PublishQueue& queue, const GatherOrder& order, UnixTime now)
      : store_(store),
        order_(order),
        now_(now),
        maker_(order.scratch, {}),
        postings_(queue.Replace(dht::RecordType::kPosting, now)),
        observations_(queue.Replace(dht::RecordType::kObservation, now)) {}

  Result<PublishReport> Run() {
    if (order_.postings || order_.observations) COMMRESOLVE_TRY(Walk());
    COMMRESOLVE_TRY(maker_.Finish([this](dht::PostingSet set) { return Put(std::move(set)); }));
    COMMRESOLVE_TRY(postings_->Finish());
    COMMRESOLVE_TRY(observations_->Finish());
    report_.withheld = maker_.counts().withheld + indoors_;
    report_.changed = postings_->changed() + observations_->changed();
    report_.removed = postings_->removed() + observations_->removed();
    return report_;
  }

 private:
  [[nodiscard]] Status CheckStop() const {
    if (order_.stop == nullptr || !*order_.stop) return {};
    return Error{Code::kInterrupted, "interrupted: not everything was gathered"};
  }

  Status Put(dht::PostingSet set) {
    COMMRESOLVE_TRY(CheckStop());
    COMMRESOLVE_ASSIGN(content, dht::Content::Of(std::move(set)));
    ++report_.posting_sets;
    return postings_->Put(std::move(content));
  }

  Status Walk() {
    for (index::ListingId next = 1;;) {
      COMMRESOLVE_TRY(CheckStop());
      std::vector<index::Listing> slice;
      slice.reserve(kSlice);
      COMMRESOLVE_TRY(store_.ledger().EachListing(next, [&slice](const index::Listing& listing) {
        slice.push_back(listing);
        return slice.size() < kSlice;
      }));
      if (slice.empty()) return {};
      for (const index::Listing& listing : slice) COMMRESOLVE_TRY(Take(listing));
      next = slice.back().id + 1;
    }
  }

  Status Take(const index::Listing& listing) {
    ++report_.listings;
    if (listing.not_after < now_) return {};
    COMMRESOLVE_ASSIGN(facts, store_.ledger().Facts(listing.id));
    if (!facts) return {};
    COMMRESOLVE_ASSIGN(found, store_.ledger().KeysOf(listing.id, kKeysOfListing));
    if (found.keys.empty()) return {};
    if (order_.postings) COMMRESOLVE_TRY(Post(listing, *facts, found.keys));
    if (!order_.observations || facts->proved_at == 0) return {};
    for (const KeyId& key : found.keys) COMMRESOLVE_TRY(Observe(key, SightingsOf(*facts)));
    return {};
  }

  Status Post(const index::Listing& listing, const index::ListingFacts& facts,
              const std::vector<KeyId>& keys) {
    bool indoors = !listing.ports.empty();  // Or it was seen at no address.
    for (size_t i = 0; indoors && i < keys.size(); ++i) {
      COMMRESOLVE_ASSIGN(candidate, store_.ledger().FindKey(keys[i]));
      indoors = candidate && IsIndoors(*candidate);
    }
    if (!indoors) return maker_.Add(FoundListingOf(listing, facts, keys.front(), now_));
    ++indoors_;
    return {};
  }

  Status Observe(const KeyId& key, size_t sightings) {
    if (!observed_.insert(key).second) return {};
    COMMRESOLVE_ASSIGN(candidate, store_.ledger().FindKey(key));
    if (!candidate) return {};
    for (dht::Observation& observation : ObservationsOf(*candidate)) {
      observation.region = order_.region;
      auto content = dht::Content::Of(std::move(observation), sightings);
      if (!content.ok()) {
        ++report_.rare_or_private;
        continue;
      }
      ++report_.observations;
      COMMRESOLVE_TRY(observations_->Put(std::move(*content)));
    }
    return {};
  }

  index::Store& store_;
  const GatherOrder& order_;
  const UnixTime now_;
  dht::PostingMaker maker_;
  std::unique_ptr<dht::PublishQueue::Update> postings_;
  std::unique_ptr<dht::PublishQueue::Update> observations_;
  std::set<KeyId> observed_;
  size_t indoors_ = 0;  ///< Listings that were seen at home alone.
  PublishReport report_;
};

}  // namespace

Result<PublishReport> Gather(index::Store& store, dht::PublishQueue& queue,
                             const GatherOrder& order, UnixTime now) {
  return Gatherer(store, queue, order, now).Run();
}

}  // namespace commresolve::daemon
