// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Pseudonyms: the keys under which a finder publishes, a new one for every period.

#ifndef COMMRESOLVE_DHT_RECORD_PSEUDONYM_H_
#define COMMRESOLVE_DHT_RECORD_PSEUDONYM_H_

#include <array>
#include <cstdint>

#include "dht/record/signature.h"
#include "resolver/base/clock.h"

namespace commresolve::dht {

/// Seconds that a pseudonym lasts. Periods begin at the same times for everybody, so that a change
/// hides among the others.
inline constexpr int64_t kPseudonymPeriod = 7LL * 86'400;

/// The key of the period that `now`, 1970 or later, lies in: HKDF-SHA-256 (RFC 5869) of `secret`,
/// 32 random bytes that never leave the machine. Without the secret two periods' keys cannot be
/// told to be of one finder. Who wants to be known by a name uses a SigningKey that stays, instead.
/// kInvalidArgument for a time before 1970; kInternal if OpenSSL fails.
Result<SigningKey> PseudonymAt(const std::array<uint8_t, 32>& secret, UnixTime now);

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_RECORD_PSEUDONYM_H_
