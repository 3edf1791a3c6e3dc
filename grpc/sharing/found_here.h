// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the ledger of this machine knows, as what could be published.

#ifndef COMMRESOLVE_GRPC_SHARING_FOUND_HERE_H_
#define COMMRESOLVE_GRPC_SHARING_FOUND_HERE_H_

#include <vector>

#include "dht/publish/public_words.h"
#include "dht/record/observation.h"
#include "index/ledger/ledger.h"

namespace commresolve::daemon {

/// How often the names of a listing were seen: at different endpoints, by different sources, or on
/// different days.
size_t SightingsOf(const index::ListingFacts& facts);

/// The listing as a finder sees it: `key` is the one that it stands for. Its score: a valid public
/// chain before none, an own proof of the last 30 days before none, then the number of
/// observations. Pure.
dht::FoundListing FoundListingOf(const index::Listing& listing, const index::ListingFacts& facts,
                                 const KeyId& key, UnixTime now);

/// Where our own handshakes proved the key, without places where another key answered since. The
/// times are those of our handshakes alone, rounded down to six hours: so a proof that is renewed
/// every hour makes no new record every hour, and tells nobody when we connect.
std::vector<dht::Observation> ObservationsOf(const Candidate& candidate);

/// Whether the key was seen at addresses that are not global, and nowhere else: then its names are
/// those of a host inside, whatever they end in.
bool IsIndoors(const Candidate& candidate);

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SHARING_FOUND_HERE_H_
