// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The two parsers side by side: where ParseInBulk may differ from ParseCertificate, and where not.

#ifndef COMMRESOLVE_TESTS_INDEX_CERTIFICATE_AGREEMENT_H_
#define COMMRESOLVE_TESTS_INDEX_CERTIFICATE_AGREEMENT_H_

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "index/certificate/certificate.h"
#include "resolver/base/der.h"
#include "resolver/base/identifiers.h"

namespace commresolve::index {

/// The first difference that certificate.h and identifiers.h do not allow; empty if there is none.
inline std::string Disagreement(std::string_view der) {
  const auto exact = ParseCertificate(der);
  const auto bulk = ParseInBulk(der);
  const auto read = ReadIdentifiers(der);
  if (exact.ok() && !bulk.ok()) return "ParseInBulk refuses what ParseCertificate takes";
  if (!exact.ok() && bulk.ok()) {
    // Only a key that is not on its curve.
    const bool key = exact.error().message.starts_with("no readable public key");
    return key && read && KindOfKey(read->public_key) == KeyKind::kEc ? ""
                                                                      : "only ParseInBulk takes it";
  }
  if (!exact.ok()) return exact.error().message == bulk.error().message ? "" : "other reasons";
  if (read) {
    const auto parts = PartsOf(der);
    if (!parts || parts->issuer != read->issuer || parts->subject != read->subject ||
        parts->public_key != read->public_key || exact->size != read->whole.size() ||
        exact->facts.not_before != read->not_before || exact->facts.not_after != read->not_after) {
      return "ReadIdentifiers differs";
    }
  }
  const CertificateFacts& a = exact->facts;
  const CertificateFacts& b = bulk->facts;
  if (a.id != b.id || a.key != b.key) return "digests";
  if (a.not_before != b.not_before || a.not_after != b.not_after) return "times";
  if (a.names != b.names) return "names";
  if (a.common_names != b.common_names || a.organizations != b.organizations) return "subject";
  if (a.issuer_common_name != b.issuer_common_name) return "issuer CN";
  if (a.issuer_organization != b.issuer_organization) return "issuer O";
  if (exact->fields != bulk->fields) return "fields";
  if (exact->size != bulk->size) return "size";
  if (exact->is_ca != bulk->is_ca || exact->client_only != bulk->client_only) return "purposes";
  if (exact->cuts != bulk->cuts) return "cuts";
  std::vector<std::string> defects = exact->defects;
  if (defects != bulk->defects) std::erase(defects, "ct_precert_scts does not decode");
  if (defects != bulk->defects) std::erase(defects, "ct_precert_scts stands there twice");
  return defects == bulk->defects ? "" : "defects";
}

}  // namespace commresolve::index

#endif  // COMMRESOLVE_TESTS_INDEX_CERTIFICATE_AGREEMENT_H_
