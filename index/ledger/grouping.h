// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which certificates share a listing. Pure.

#ifndef COMMRESOLVE_INDEX_LEDGER_GROUPING_H_
#define COMMRESOLVE_INDEX_LEDGER_GROUPING_H_

#include <string>
#include <string_view>
#include <vector>

#include "index/certificate/certificate.h"
#include "index/ledger/listing.h"
#include "resolver/base/digest.h"

namespace commresolve::index {

/// The distinct subject and SAN texts, sorted by field and text, without issuer: equal for any two
/// certificates that carry the same names in any order. Borrows `certificate`.
std::vector<FieldView> ListingFields(const ParsedCertificate& certificate);

/// SHA-256 that names the listing with these (sorted, distinct) fields.
PlainDigest ListingDigest(const std::vector<FieldView>& fields);

/// `der` without what follows its outer element; all of it if that is not well-formed.
std::string_view CertificateBytes(std::string_view der);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_LEDGER_GROUPING_H_
