// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a search may ask strangers: nothing that the user has bound, nothing private, and of the
// rest one bucket.

#ifndef COMMRESOLVE_DHT_FIND_GUARD_H_
#define COMMRESOLVE_DHT_FIND_GUARD_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "dht/record/bucket.h"
#include "resolver/keyword/fold.h"

namespace commresolve::dht {

/// True if the user bound exactly these words.
using IsBound = std::function<bool(const KeywordSet& words)>;

/// The words of a question that strangers may be asked for: those that are not bound by themselves.
/// kInvalidArgument, saying why nothing may be asked: all of `words` together are bound; or no word
/// is left; or `typed`, the text that the words come from, names something private: an address that
/// is not global, or a name with a dot that PrivacyOf() does not call public (also in a URL or mail
/// address, with a port). `typed` may be empty; then nobody can tell a private name from words.
Result<std::vector<std::string>> WordsToAskFor(const KeywordSet& words, std::string_view typed,
                                               const IsBound& is_bound);

/// Gives a search the keys that it may ask for, and none that it does not need. Used by one thread
/// at a time.
class AskGuard {
 public:
  struct Limits {
    uint8_t shards = kMaxShards;  ///< Of a hot word.
    size_t subjects = 5;          ///< Keys whose records are asked for.
  };

  explicit AskGuard(Limits limits) : limits_(limits) {}

  /// The bucket of `word`. Empty the second time.
  std::optional<DhtKey> Bucket(const std::string& word);
  /// A shard of the word whose bucket was asked for. Empty without one, beyond the limit, and the
  /// second time.
  std::optional<DhtKey> Shard(uint8_t shard);
  /// The records of `type`, not postings, about a key. Empty beyond the limit, and the second time.
  std::optional<DhtKey> Subject(RecordType type, const KeyPrefix& key);

 private:
  Limits limits_;
  std::string word_;
  std::set<uint8_t> shards_;
  std::set<KeyPrefix> subjects_;
  std::set<DhtKey> asked_;
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_FIND_GUARD_H_
