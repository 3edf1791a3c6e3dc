// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// LookupPlan: who publishes which listings, what is looked for, and which keys have a server.

#ifndef COMMRESOLVE_TESTS_BENCH_LOOKUP_PLAN_H_
#define COMMRESOLVE_TESTS_BENCH_LOOKUP_PLAN_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "dht/publish/public_words.h"
#include "tests/dht/sim/questions.h"
#include "tests/fakes/certificates.h"

namespace commresolve::bench {

struct LookupSizes {
  size_t listings = 100'000;
  size_t publishers = 50;  ///< Two of them found each listing.
  size_t nodes = 24;       ///< That store.
  size_t questions = 100;
};

/// A key that a server proves.
struct Owner {
  fakes::TestCertificate certificate;
  Endpoint endpoint;      ///< An address of its own. The server name is the only one.
  bool announces = true;  ///< By an owner record; otherwise `finder` publishes that he saw it.
  size_t finder = 0;
};

/// The same for the same sizes, but for the keys of the owners. Does not change; safe for
/// concurrent use.
class LookupPlan {
 public:
  /// Aborts the program if OpenSSL fails.
  explicit LookupPlan(const LookupSizes& sizes);

  [[nodiscard]] const std::vector<sim::Truth>& questions() const { return questions_; }
  /// Of the ten best listings of each question, and last of the bait, whose certificate carries no
  /// word of any.
  [[nodiscard]] const std::vector<Owner>& owners() const { return owners_; }
  /// The owners' keys that are right for a question.
  [[nodiscard]] std::vector<KeyId> Provable(const sim::Truth& question) const;

  /// What a publisher found, as its index would say. Publisher 0 lies besides: he says of the bait
  /// that it carries the words of every question.
  [[nodiscard]] std::vector<dht::FoundListing> ListingsOf(size_t publisher) const;
  /// In how many listings of publisher 1 each word of the questions stands.
  [[nodiscard]] std::map<std::string, uint32_t> Frequencies() const;
  /// Whether a look-up of one of the questions may ask for this key. The rest changes nothing for
  /// it.
  [[nodiscard]] bool MayBeAskedFor(const dht::DhtKey& key) const { return asked_.contains(key); }
  /// Whether it is a word of one of the questions.
  [[nodiscard]] bool IsLookedFor(const std::string& word) const { return words_.contains(word); }
  /// Of the ten best listings, the share that `keys` holds. Those that score as
  /// the last of the ten, as exactly as a posting tells, are as good.
  [[nodiscard]] double RecallOf(const sim::Truth& question,
                                const std::set<dht::KeyPrefix>& keys) const;

 private:
  void MakeOwners();
  void ListKeys();

  const LookupSizes sizes_;
  std::vector<sim::Listing> listings_;
  std::vector<KeyId> keys_;  ///< Of the listings.
  std::vector<sim::Truth> questions_;
  std::vector<Owner> owners_;
  std::map<dht::KeyPrefix, size_t> by_key_;  ///< Listings.
  std::set<std::string> words_;              ///< Of the questions.
  std::set<dht::DhtKey> asked_;
};

}  // namespace commresolve::bench

#endif  // COMMRESOLVE_TESTS_BENCH_LOOKUP_PLAN_H_
