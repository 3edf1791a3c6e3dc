// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// When a record is put again, and until when it says that it is valid. Pure.

#ifndef COMMRESOLVE_DHT_PUBLISH_SCHEDULE_H_
#define COMMRESOLVE_DHT_PUBLISH_SCHEDULE_H_

#include <cstdint>
#include <random>

#include "dht/record/ids.h"

namespace commresolve::dht {

using Random = std::mt19937_64;

/// Seconds from a confirmed put to the next one: any time between the two, so that the puts of one
/// publisher spread and nobody knows them by their rhythm. Even the longest leaves nodes, which
/// keep a record for KindOf(type).stored_for, half of that time or more to be asked again.
struct PutInterval {
  int64_t least;
  int64_t most;
};
PutInterval IntervalOf(RecordType type);

/// When to put again after a put at `now` was confirmed.
UnixTime AfterSuccess(RecordType type, UnixTime now, Random& random);
/// After the `failures`-th failure in a row, from 1: half a minute to a minute, doubled each time,
/// at most half an hour to an hour.
UnixTime AfterFailure(uint32_t failures, UnixTime now, Random& random);

/// The end of a record that is sealed at `now`: the same for everything that is sealed within half
/// of the type's longest validity, and between that half and the whole away. So a record that is
/// put again is mostly the same bytes, which nodes keep longer instead of twice, and its end does
/// not tell when it was made.
UnixTime ExpiryAt(RecordType type, UnixTime now);

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_PUBLISH_SCHEDULE_H_
