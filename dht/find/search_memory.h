// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// SearchMemory: what one search leaves for the next.

#ifndef COMMRESOLVE_DHT_FIND_SEARCH_MEMORY_H_
#define COMMRESOLVE_DHT_FIND_SEARCH_MEMORY_H_

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "dht/find/word_hints.h"
#include "dht/record/freshest.h"

namespace commresolve::dht {

/// Safe for concurrent use. Each kind of record has its own room, so that a flood of pseudonyms
/// makes nobody forget the owners.
class SearchMemory {
 public:
  std::string Rarest(const std::vector<std::string>& words, const WordFrequency& local,
                     UnixTime now) const {
    const std::lock_guard guard(lock_);
    return hints_.Rarest(words, local, now);
  }
  void Learn(const std::string& word, uint32_t listings, UnixTime now) {
    const std::lock_guard guard(lock_);
    hints_.Learn(word, listings, now);
  }
  /// As Freshest::Accept().
  template <class Record>
  bool Accept(const Record& record, UnixTime now) {
    const Stream stream = StreamOf(record);
    const std::lock_guard guard(lock_);
    Freshest& room = stream.type == RecordType::kPosting ? postings_
                     : stream.type == RecordType::kOwner ? owners_
                                                         : observations_;
    return room.Accept(stream, record.header.sequence, now);
  }

 private:
  mutable std::mutex lock_;  // Guards what follows.
  WordHints hints_{10'000};
  Freshest postings_{65'536};
  Freshest owners_{16'384};
  Freshest observations_{16'384};
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_FIND_SEARCH_MEMORY_H_
