// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which words of a listing strangers may be told.

#ifndef COMMRESOLVE_DHT_PUBLISH_PUBLIC_WORDS_H_
#define COMMRESOLVE_DHT_PUBLISH_PUBLIC_WORDS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "resolver/base/digest.h"
#include "resolver/candidate.h"

namespace commresolve::dht {

/// A DNS name of certificates, and how often this user saw it: at different endpoints or on
/// different days, however the caller counts.
struct SeenName {
  std::string name;  ///< Normal form, with or without "*." in front.
  size_t sightings = 0;
};

/// What the user's index knows of the certificates of one key with the same names.
struct FoundListing {
  KeyId key;
  std::vector<SeenName> names;
  std::vector<Keyword> words;
  uint8_t score = 0;  ///< How good the listing is, by the finder's ranking; only orders.
};

/// A word that may leave the machine.
struct PublicWord {
  std::string word;
  /// Of the posting. The word's evidence class decides before the score of the listing.
  uint8_t score = 0;
  bool operator==(const PublicWord&) const = default;
};

/// The words that stand in those names of the listing that are public and not rare
/// (PrivacyOf(name, sightings)), and, if there is one such name, of the organisation that a
/// certificate authority validated. All others stay at home: those of private and rare names, of
/// addresses, and self-asserted text, where anything may stand. So nothing of a listing without a
/// public name leaves. Left out as well is what nobody can ask for: a label with a hyphen is typed
/// as the words in it. Distinct, in the order of `words`. Pure; safe for concurrent use.
std::vector<PublicWord> PublicWords(const FoundListing& listing);

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_PUBLISH_PUBLIC_WORDS_H_
