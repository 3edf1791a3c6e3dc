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
inline constexpr size_t kMaxNameValues = 200;     ///< Values of the subject, and of the issuer.
inline constexpr size_t kMaxFieldBytes = 10'240;  ///< Bytes of one field taken.

/// One text value of a certificate, as valid UTF-8 that is safe to print: no NUL; tabs and line
/// ends are blanks; other control characters, text direction overrides and invalid bytes are
/// U+FFFD, so that what was odd stays visible and never turns into a host name. DNS names are in
/// the normal form of keyword/host_name.h where they have one; IP addresses are text.
struct FieldText {
  Field field = Field::kCommonName;
  std::string text;
  bool operator==(const FieldText&) const = default;
};

struct ParsedCertificate {
  /// `names` are the SAN dNSNames that are host names (ASCII, RFC 5280 4.2.1.6); only if the
  /// certificate has neither a dNSName nor an undecodable SAN, the CNs that are host names with a
  /// dot. The issuer O and CN are the first of each. public_chain is left at its default.
  CertificateFacts facts;
  /// CN, O, OU, L, ST, C and emailAddress of the subject in certificate order, then SANs (dNSName,
  /// iPAddress, rfc822Name, URI; other kinds are not looked at), then issuer O and CN.
  std::vector<FieldText> fields;
  size_t size = 0;           ///< The certificate is this many bytes of the input: store only these.
  bool is_ca = false;        ///< basicConstraints CA:TRUE.
  bool client_only = false;  ///< extendedKeyUsage without serverAuth or anyExtendedKeyUsage.
  /// What is unsound, each a distinct sentence naming the field ("subject O holds a NUL byte", "2
  /// bytes after the certificate", "subjectAltName does not decode"). What is sound was taken; what
  /// is not was left out of `fields`.
  std::vector<std::string> defects;
  std::vector<std::string> cuts;  ///< What a cap left out ("2000 of 3204 subjectAltNames").

  /// Every byte was used, dates and extensions that are looked at decode, no string holds a NUL.
  [[nodiscard]] bool sound() const { return defects.empty(); }
};

/// Parses one DER certificate. kInvalidArgument, naming the reason, if OpenSSL refuses it, it has
/// no readable public key, its lengths are not DER, or it is too large. Bytes after the certificate
/// are a defect, not a refusal; facts.id is the SHA-256 of the certificate alone, facts.key that of
/// the key as it is encoded there. Pure; safe for concurrent use.
Result<ParsedCertificate> ParseCertificate(std::string_view der);

/// What ParseCertificate(der) gives, for a bulk import: without OpenSSL wherever
/// resolver/base/identifiers.h suffices, which is about a hundred times as fast. Differences:
/// - facts.self_signed and facts.embedded_scts may be false although they are not, and an
///   unreadable list of SCTs is not noticed: nothing was verified.
/// - A point that is not on its curve passes for a public key. ParseCertificate() refuses such a
///   certificate, which nobody can use.
Result<ParsedCertificate> ParseInBulk(std::string_view der);
/// The same for a caller who has digested the certificate: facts.id may be `id` without a look.
Result<ParsedCertificate> ParseInBulk(std::string_view der, const CertId& id);

/// The distinct keywords, at most kMaxKeywords, in the order in which the cap would spare them:
/// registrable labels, organisation, other DNS labels, CN, addresses and URIs, country, public
/// suffixes, OU, L, ST, issuer. A note goes to `cuts` if the cap cut and it is not null.
///
/// A word that stands in several fields keeps its best evidence class. C1, C2 and C3 are given only
/// if `public_chain`: C1 to the whole registrable label of a SAN dNSName, C2 to its pieces if it
/// has hyphens and to the words of the labels below it, C3 to the words of the subject
/// organisation. Everything else is C4: public suffixes ("org"), names without a registrable domain
/// ("localhost"), dNSNames that are no host names, the issuer. IDN labels are decoded first; a
/// wildcard is no word; an IP address is one keyword. Pure.
std::vector<Keyword> ExtractKeywords(const ParsedCertificate& certificate, bool public_chain,
                                     std::vector<std::string>* cuts);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_CERTIFICATE_CERTIFICATE_H_
