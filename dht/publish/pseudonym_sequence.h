// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// PseudonymSequence: sequence numbers that do not tie one pseudonym to the next.

#ifndef COMMRESOLVE_DHT_PUBLISH_PSEUDONYM_SEQUENCE_H_
#define COMMRESOLVE_DHT_PUBLISH_PSEUDONYM_SEQUENCE_H_

#include <array>
#include <cstdint>

#include "dht/record/freshest.h"

namespace commresolve::dht {

/// The number with which a content is sealed by the pseudonym of the period that `now` lies in. The
/// queue's own `sequence` stays the same as long as the content does, over all periods, and would
/// tell that two pseudonyms are one. This one begins anew with each period, somewhere else for each
/// stream, as only `secret` (PseudonymAt()) knows. In one period it grows with `sequence`, if the
/// greater one was given in that period or later.
/// kInternal if OpenSSL fails. Pure; safe for concurrent use.
Result<uint32_t> PseudonymSequence(const std::array<uint8_t, 32>& secret, const Stream& stream,
                                   uint32_t sequence, UnixTime now);

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_PUBLISH_PSEUDONYM_SEQUENCE_H_
