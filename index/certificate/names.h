// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Subject, subjectAltName and issuer of a certificate as fields and names.

#ifndef COMMRESOLVE_INDEX_CERTIFICATE_NAMES_H_
#define COMMRESOLVE_INDEX_CERTIFICATE_NAMES_H_

#include <openssl/x509.h>

#include <string>

#include "index/certificate/certificate.h"

namespace commresolve::index {

/// Adds `defect` unless it is there already.
void AddDefect(std::string defect, ParsedCertificate* certificate);

/// Fills fields, facts.names, common_names, organizations and issuer_* from `x509`, and says what
/// was unsound or cut.
void CollectNames(const X509& x509, ParsedCertificate* certificate);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_CERTIFICATE_NAMES_H_
