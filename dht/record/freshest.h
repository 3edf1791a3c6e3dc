// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Freshest: remembers the greatest sequence number seen, so that an old record never wins again.

#ifndef COMMRESOLVE_DHT_RECORD_FRESHEST_H_
#define COMMRESOLVE_DHT_RECORD_FRESHEST_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <utility>

#include "dht/record/observation.h"
#include "dht/record/owner.h"
#include "dht/record/posting.h"
#include "dht/record/rollover.h"

namespace commresolve::dht {

/// One thing of which the newest record holds.
struct Stream {
  RecordType type = RecordType::kOwner;
  PlainDigest id;  ///< A hash of what tells streams of one type apart.
  auto operator<=>(const Stream&) const = default;
};

/// What an owner says of his key. Streams of owners do not tell who signed: ask Freshest only about
/// records that speak for their subject (Speaks() in delegation.h), or a stranger's publishing key
/// could outbid the owner.
Stream StreamOf(const OwnerRecord& record);
Stream StreamOf(const Rollover& record);
/// What an observer says of a key at an endpoint.
Stream StreamOf(const Observation& record);
/// The blocks of a finder under a key; those with the same sequence number hold together.
Stream StreamOf(const PostingBlock& block);

/// Bounded memory of streams. A stream is forgotten when every record of it that could have been
/// valid when it was last accepted has expired; when there is no room, the one that would be
/// forgotten first. Not safe for concurrent use.
class Freshest {
 public:
  /// Remembers at most `capacity` streams, at least 1.
  explicit Freshest(size_t capacity);

  /// True, and remembered, if no greater `sequence` was accepted of `stream`. False for an old one.
  /// `now` must not go back by more than kClockSkew between calls.
  bool Accept(const Stream& stream, uint32_t sequence, UnixTime now);
  [[nodiscard]] size_t size() const { return seen_.size(); }

 private:
  struct Entry {
    uint32_t sequence = 0;
    UnixTime until = 0;
  };
  void Forget(UnixTime now);

  const size_t capacity_;
  std::map<Stream, Entry> seen_;
  std::set<std::pair<UnixTime, Stream>> by_end_;
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_RECORD_FRESHEST_H_
