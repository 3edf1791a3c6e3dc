// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One snapshot for all questions of a query.

#include "index/query_facts.h"

#include <memory>
#include <utility>

namespace commresolve::index {
namespace {

constexpr size_t kMaxListingsOfFilter = 10'000;

class QueryFacts {
 public:
  explicit QueryFacts(const Ledger& ledger) : ledger_(ledger) {}

  std::optional<ListingFacts> Facts(ListingId id) {
    if (!Begin()) return {};
    auto facts = snapshot_->Facts(id);
    return facts.ok() ? std::move(facts).value() : std::nullopt;
  }

  std::optional<ListingTexts> Texts(ListingId id, bool issuers) {
    if (!Begin()) return {};
    auto texts = snapshot_->Texts(id, issuers);
    return texts.ok() ? std::move(texts).value() : std::nullopt;
  }

  std::vector<ListingId> ListingsOfKey(const std::string& prefix) {
    snapshot_.reset();
    return ListingsOf(ledger_.KeysByPrefix(prefix, kMaxListingsOfFilter));
  }

  std::vector<ListingId> ListingsAtIp(const std::string& ip) {
    snapshot_.reset();
    const auto address = IpAddress::Parse(ip);
    if (!address.ok()) return {};
    return ListingsOf(ledger_.KeysAt(*address, 0, kMaxListingsOfFilter));
  }

 private:
  bool Begin() {
    if (snapshot_) return true;
    auto snapshot = ledger_.ReadSnapshot();
    if (!snapshot.ok()) return false;
    snapshot_ = std::move(snapshot).value();
    return true;
  }

  [[nodiscard]] std::vector<ListingId> ListingsOf(const Result<std::vector<KeyId>>& keys) const {
    std::vector<ListingId> listings;
    if (!keys.ok()) return listings;
    for (const KeyId& key : *keys) {
      const auto of_key = ledger_.ListingsOf(key);
      if (of_key.ok()) listings.insert(listings.end(), of_key->begin(), of_key->end());
    }
    return listings;
  }

  const Ledger& ledger_;
  std::unique_ptr<Ledger::Snapshot> snapshot_;  // Null until something is asked.
};

}  // namespace

FactsSource FactsFrom(const Ledger& ledger) {
  const auto facts = std::make_shared<QueryFacts>(ledger);
  FactsSource source;
  source.facts = [facts](ListingId id) { return facts->Facts(id); };
  source.texts = [facts](ListingId id, bool issuers) { return facts->Texts(id, issuers); };
  source.look_ahead = [&ledger](ListingId id, bool texts) {
    ledger.LookAhead(id, texts ? Ledger::LookAt::kTexts : Ledger::LookAt::kFacts);
  };
  source.listings_of_key = [facts](const std::string& key) { return facts->ListingsOfKey(key); };
  source.listings_at_ip = [facts](const std::string& ip) { return facts->ListingsAtIp(ip); };
  return source;
}

}  // namespace commresolve::index
