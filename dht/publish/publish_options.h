// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// PublishOptions: what a user wants others to know. Nothing, unless he says so.

#ifndef COMMRESOLVE_DHT_PUBLISH_PUBLISH_OPTIONS_H_
#define COMMRESOLVE_DHT_PUBLISH_PUBLISH_OPTIONS_H_

#include <cstddef>

#include "dht/record/ids.h"

namespace commresolve::dht {

struct PublishOptions {
  bool postings = false;       ///< Words of certificates that were found, under a pseudonym.
  bool observations = false;   ///< Which keys were seen where, under a pseudonym.
  bool announcements = false;  ///< Owner records and rollovers of keys that are the user's own.
  /// Puts at one time; at least 1. 32 are some hundred a second in a network of 100 ms.
  size_t puts_under_way = 32;
  /// Observations are signed by Signers::observer instead, so that others can choose this observer.
  bool named = false;

  /// True if records of `type` are to be published.
  [[nodiscard]] bool Wants(RecordType type) const {
    if (type == RecordType::kPosting) return postings;
    return type == RecordType::kObservation ? observations : announcements;
  }
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_PUBLISH_PUBLISH_OPTIONS_H_
