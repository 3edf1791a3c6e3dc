// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One X.509 certificate as text: parsed from untrusted DER, judged sound or not, and its keywords.

#ifndef COMMRESOLVE_INDEX_CERTIFICATE_CERTIFICATE_H_
#define COMMRESOLVE_INDEX_CERTIFICATE_CERTIFICATE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/base/result.h"
#include "resolver/candidate.h"

namespace commresolve::index {

inline constexpr size_t kMaxCertificateBytes = size_t{256} << 10;  ///< Larger DER is refused.
inline constexpr size_t kMaxKeywords = 64;        ///< Distinct keywords of one certificate.
inline constexpr size_t kMaxSans = 2'000;         ///< Subject alternative names looked at.
inline constexpr size_t kMaxFieldBytes = 10'240;  ///< Bytes of one field looked at.

/// One text value of a certificate, as UTF-8 without NUL. DNS names are in the normal form of
/// keyword/host_name.h where they have one; IP addresses are text.
struct FieldText {
  Field field = Field::kCommonName;
  std::string text;
  bool operator==(const FieldText&) const = default;
};

struct ParsedCertificate {
  CertificateFacts facts;  ///< public_chain is left at its default.
  std::vector<FieldText>
      fields;                ///< Subject in certificate order, then SANs, then issuer O and CN.
  bool is_ca = false;        ///< basicConstraints CA:TRUE.
  bool client_only = false;  ///< extendedKeyUsage without serverAuth or anyExtendedKeyUsage.
  /// What is unsound, each a sentence naming the field ("subject O holds a NUL byte", "2 bytes
  /// after the certificate", "subjectAltName does not decode"). What is sound was taken; what is
  /// not was left out of `fields`.
  std::vector<std::string> defects;
  std::vector<std::string> cuts;  ///< What a cap left out ("1,204 of 3,204 SANs").

  /// Every byte was used, the SANs decode, and no string holds a NUL.
  [[nodiscard]] bool sound() const { return defects.empty(); }
};

/// Parses one DER certificate. kInvalidArgument, naming the reason, if OpenSSL refuses it, it has
/// no readable public key, or it is too large. Bytes after the certificate are a defect, not a
/// refusal; facts.id is the SHA-256 of the certificate alone. Pure; safe for concurrent use.
Result<ParsedCertificate> ParseCertificate(std::string_view der);

/// The distinct keywords, at most kMaxKeywords; DNS names and organisation come before the rest
/// when the cap cuts, and a note goes to `cuts` if it is not null. A word that stands in several
/// fields keeps its best evidence class. C1, C2 and C3 are given only if `public_chain`: C1 and C2
/// to labels of SAN dNSNames, C3 to the subject organisation. The public suffix gives no keyword of
/// class C1 or C2 ("org" is C4). Issuer words are C4. Pure.
std::vector<Keyword> ExtractKeywords(const ParsedCertificate& certificate, bool public_chain,
                                     std::vector<std::string>* cuts);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_CERTIFICATE_CERTIFICATE_H_
