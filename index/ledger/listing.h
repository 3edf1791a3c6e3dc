// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Listing: the searchable text of all certificates that carry the same names; one search document.

#ifndef COMMRESOLVE_INDEX_LEDGER_LISTING_H_
#define COMMRESOLVE_INDEX_LEDGER_LISTING_H_

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "index/certificate/certificate.h"
#include "resolver/base/clock.h"
#include "resolver/endpoint.h"

namespace commresolve::index {

/// Number of a listing, from 1, never reused; also its Xapian document id.
using ListingId = uint32_t;

/// What the search document is made of. Certificates share a listing if their subject and SAN texts
/// are equal as a set; the issuer is not part of that, so a renewal by another CA changes no
/// listing but may add an issuer.
struct Listing {
  ListingId id = 0;
  std::vector<FieldText> fields;  ///< Subject and SAN texts, no issuer; distinct and sorted.
  std::set<std::string> issuers;  ///< Issuer O and CN texts seen so far, at most 16.
  std::set<uint16_t> ports;       ///< Seen so far, at most 64.
  std::set<Protocol> protocols;
  bool public_chain = false;  ///< Some certificate of it had a valid public chain.
  UnixTime not_after = 0;     ///< The latest of its certificates.
  UnixTime last_seen = 0;
};

/// A FieldText that is borrowed.
struct FieldView {
  Field field = Field::kCommonName;
  std::string_view text;

  FieldView(Field of, std::string_view borrowed) : field(of), text(borrowed) {}
  FieldView(const FieldText& borrowed)  // NOLINT(google-explicit-constructor): it is one.
      : field(borrowed.field), text(borrowed.text) {}
  bool operator==(const FieldView&) const = default;
};

/// What a query looks at of a listing, borrowed from where it stands.
struct ListingTexts {
  ListingId id = 0;
  std::vector<FieldView> fields;  ///< As those of Listing.
  std::set<std::string> issuers;  ///< Empty unless asked for.
};

/// Facts of a listing that change with every observation and so live outside Xapian.
struct ListingFacts {
  UnixTime not_after = 0;  ///< The latest of its certificates.
  UnixTime first_seen = 0;
  UnixTime last_seen = 0;
  UnixTime proved_at = 0;     ///< Latest own proof with one of its certificates; 0 if none.
  uint32_t observations = 0;  ///< Distinct (certificate, endpoint, source).
  bool public_chain = false;
  bool operator==(const ListingFacts&) const = default;
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_LEDGER_LISTING_H_
