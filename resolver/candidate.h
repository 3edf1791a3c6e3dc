// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Candidate: everything that is known about one key that may be meant: the facts of its newest
// certificate, the words with their evidence class, and where it was seen. Plain data; no decision.

#ifndef COMMRESOLVE_RESOLVER_CANDIDATE_H_
#define COMMRESOLVE_RESOLVER_CANDIDATE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "resolver/base/clock.h"
#include "resolver/base/digest.h"
#include "resolver/endpoint.h"

namespace commresolve {

/// Where in a certificate a keyword stood. The numbers are stored on disk; never reuse one.
enum class Field : uint8_t {
  kCommonName = 0,
  kOrganization = 1,
  kUnit = 2,
  kLocality = 3,
  kState = 4,
  kCountry = 5,
  kDnsName = 6,
  kIpAddress = 7,
  kEmail = 8,
  kUri = 9,
  kIssuer = 10,
};
const char* FieldName(Field field);

/// What a keyword is worth as evidence (DESIGN: evidence classes of words).
enum class EvidenceClass : uint8_t {
  kRegistrableLabel = 1,  ///< C1: the registrable label of a CA-validated DNS name, whole.
  kSubLabel = 2,          ///< C2: a label below it, or a hyphenated piece of the registrable label.
  kOrganization = 3,      ///< C3: validated organisation.
  kSelfAsserted = 4,      ///< C4: anything else. Searchable, never decides.
  kVouched = 5,           ///< C5: vouched for by a signer the user chose.
};
/// "C1" ... "C5".
const char* EvidenceClassName(EvidenceClass evidence);

/// One word of a certificate. C1 to C3 appear only if the certificate had a valid public chain.
struct Keyword {
  std::string word;  ///< Folded (keyword/fold.h). For C1 the whole label, hyphens included.
  Field field = Field::kCommonName;
  EvidenceClass evidence = EvidenceClass::kSelfAsserted;
  bool operator==(const Keyword&) const = default;
};

/// The outcome of checking the chain that was shown against the public roots, at the time it was
/// seen.
struct PublicChain {
  bool valid = false;
  UnixTime checked_for = 0;  ///< The time of observation that the dates were checked against.
  std::string reason;        ///< Why it is not valid; empty if it is.
};

/// The facts of one certificate that decisions and displays need.
struct CertificateFacts {
  CertId id;
  KeyId key;
  std::vector<std::string>
      names;  ///< DNS names (SAN, else host-like CN), normal form, no duplicates.
  std::vector<std::string> common_names;
  std::vector<std::string> organizations;
  std::string issuer_common_name;
  std::string issuer_organization;
  UnixTime not_before = 0;
  UnixTime not_after = 0;
  bool self_signed = false;    ///< Its own key verifies it.
  bool embedded_scts = false;  ///< Carries an SCT (RFC 6962 3.3); its signature is not checked.
  PublicChain public_chain;
};

/// One endpoint at which the key was seen.
struct SeenEndpoint {
  Endpoint endpoint;
  UnixTime first_seen = 0;
  UnixTime last_seen = 0;
  std::optional<UnixTime> proved_at;  ///< Our own handshake proved the key here at this time.
  std::optional<UnixTime> wrong_at;  ///< Since then another key answered here: not a hint any more.
};

/// One key that may be meant.
struct Candidate {
  /// The newest certificate around the key with a valid public chain; without one the newest that
  /// its owner showed in a handshake; only without that the newest of all, for anybody can make a
  /// certificate around a public key.
  CertificateFacts certificate;
  std::vector<Keyword> keywords;        ///< Of that certificate, at most 64.
  std::vector<SeenEndpoint> endpoints;  ///< Proved ones first, then the newest; at most 64.
  UnixTime first_seen = 0;              ///< Over all certificates and endpoints of the key.
  UnixTime last_seen = 0;
  std::vector<std::string> sources;  ///< Distinct observation sources: "probe", "import", ...

  [[nodiscard]] const KeyId& key() const { return certificate.key; }
  /// The latest own proof at any endpoint.
  [[nodiscard]] std::optional<UnixTime> proved_at() const;
};

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_CANDIDATE_H_
