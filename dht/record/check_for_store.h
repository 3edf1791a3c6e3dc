// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// CheckForStore: what a node can tell of a record before it keeps it for others.

#ifndef COMMRESOLVE_DHT_RECORD_CHECK_FOR_STORE_H_
#define COMMRESOLVE_DHT_RECORD_CHECK_FOR_STORE_H_

#include <cstdint>
#include <span>

#include "dht/record/ids.h"

namespace commresolve::dht {

/// Checks, cheapest first: size, ValueId(), form and limits, expiry, that the record belongs under
/// `key`, and the signature: at most one signature check. Needs no word, and asks nobody; so it can
/// not tell whether a publishing key speaks for its subject, nor whether the words of a posting
/// block belong under `key`. kInvalidArgument, naming record and field, otherwise. Pure; safe for
/// concurrent use.
Status CheckForStore(RecordType type, const DhtKey& key, uint64_t value_id,
                     std::span<const uint8_t> payload, UnixTime now);

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_RECORD_CHECK_FOR_STORE_H_
