// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Terms: what a listing is found by. Unprefixed terms are words; every other kind has a prefix in
// capitals, which no folded word begins with.

#ifndef COMMRESOLVE_INDEX_SEARCH_TERMS_H_
#define COMMRESOLVE_INDEX_SEARCH_TERMS_H_

#include <xapian.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "index/ledger/listing.h"

namespace commresolve::index {

/// Xapian takes at most 245 bytes for a term.
inline constexpr size_t kMaxTermBytes = 245;
/// Terms of one listing, and the part of them that may be words. A certificate with 2,000 names has
/// more; what is cut are the names at its end.
inline constexpr size_t kMaxTerms = 4'096;
inline constexpr size_t kMaxWordTerms = 2'048;

enum class TermKind : uint8_t {
  kWord,     ///< A word of a name, organisation, unit, place, e-mail address or URI.
  kHost,     ///< XH: a whole host name (or IP address) in normal form, hashed.
  kDomain,   ///< XD: a name above it, down to the registrable domain, hashed; not if it is kHost.
  kLabel,    ///< XL: a whole registrable label.
  kOwnName,  ///< XN: the words of a host name, sorted, without "www" and public suffix, hashed.
  kSuffix,   ///< XS: a word of a public suffix.
  kGlued,    ///< XG: see GluedKey; hashed.
  kOrganization,  ///< XO: a word of the organisation.
  kIssuer,        ///< XI: a word of the issuer.
  kCountry,       ///< XC
  kPort,          ///< XP
  kProtocol,      ///< XT
  kFlag,          ///< XF: kPublicFlag.
};
inline constexpr std::string_view kPublicFlag = "public";

/// The term as it is stored. Of hashed kinds there are 48 bits of a hash; of the others, what is
/// too long is cut and made distinct by one.
std::string TermOf(TermKind kind, std::string_view text);

/// A key that is equal for two labels made of the same characters, hyphens aside: words joined in
/// any order share it with the label that they make up.
std::string GluedKey(std::string_view label);

/// The key under kOwnName of a host name's (or a query's) words.
std::string OwnNameKey(std::vector<std::string> words);

struct Term {
  std::string text;
  bool weighted = false;  ///< Counts for the score; the others only filter.
};
/// The distinct terms of `listing`, the most important first when the caps cut. Pure.
std::vector<Term> TermsOf(const Listing& listing);

/// The document that `listing` becomes.
Xapian::Document DocumentOf(const Listing& listing);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SEARCH_TERMS_H_
