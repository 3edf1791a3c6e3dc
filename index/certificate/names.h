// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Subject, subjectAltName and issuer of a certificate as fields and names.

#ifndef COMMRESOLVE_INDEX_CERTIFICATE_NAMES_H_
#define COMMRESOLVE_INDEX_CERTIFICATE_NAMES_H_

#include <openssl/x509.h>

#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "index/certificate/certificate.h"

namespace commresolve::index {

/// Adds `defect` unless it is there already.
void AddDefect(std::string defect, ParsedCertificate* certificate);

/// What an attribute of a subject or issuer is called in messages, and the field that it becomes in
/// a subject.
struct AttributeKind {
  const char* name;  ///< "O", as OpenSSL's short name.
  Field field;
};

/// Takes the names of a certificate one by one; each becomes a field or a defect of `certificate`
/// (borrowed). Whoever reads a certificate calls this in the order of the methods here, so that the
/// outcome does not depend on the reader.
class NameCollector {
 public:
  explicit NameCollector(ParsedCertificate* certificate) : out_(*certificate) {}

  /// One attribute of the subject; `tag` is the universal type of its string.
  void SubjectValue(const AttributeKind& kind, int tag, std::string_view bytes);

  /// The certificate has a subjectAltName that cannot be used, for this reason.
  void BadSans(const char* reason);
  // One GeneralName of the subjectAltName.
  void DnsSan(std::string_view bytes);
  void EmailSan(std::string_view bytes);
  void UriSan(std::string_view bytes);
  void AddressSan(std::string_view bytes);

  /// Makes names of the common names if there is nothing better.
  void NamesFromCommonNames();

  /// One O or CN of the issuer.
  void IssuerValue(const AttributeKind& kind, int tag, std::string_view bytes);

  /// The number of items to be looked at, out of `total`; says so if that is not all.
  int Capped(int total, size_t cap, const char* what);

 private:
  std::optional<std::string> Take(std::string_view text, const char* whose, const char* what);
  std::optional<std::string> ValueText(const char* whose, const AttributeKind& kind, int tag,
                                       std::string_view bytes);
  void SanText(std::string_view bytes, Field field, const char* what);
  void AddName(std::string name);

  ParsedCertificate& out_;
  std::unordered_set<std::string> seen_;  ///< The names so far, once they are many.
  bool names_are_sans_ = false;
};

/// Fills fields, facts.names, common_names, organizations and issuer_* from `x509`, and says what
/// was unsound or cut.
void CollectNames(const X509& x509, ParsedCertificate* certificate);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_CERTIFICATE_NAMES_H_
