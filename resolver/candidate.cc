// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Names of the enums in candidate.h.

#include "resolver/candidate.h"

#include <algorithm>

namespace commresolve {

const char* FieldName(Field field) {
  switch (field) {
    case Field::kCommonName:
      return "cn";
    case Field::kOrganization:
      return "o";
    case Field::kUnit:
      return "ou";
    case Field::kLocality:
      return "l";
    case Field::kState:
      return "st";
    case Field::kCountry:
      return "c";
    case Field::kDnsName:
      return "dns";
    case Field::kIpAddress:
      return "ip";
    case Field::kEmail:
      return "email";
    case Field::kUri:
      return "uri";
    case Field::kIssuer:
      return "issuer";
  }
  return "unknown";
}

const char* EvidenceClassName(EvidenceClass evidence) {
  switch (evidence) {
    case EvidenceClass::kRegistrableLabel:
      return "C1";
    case EvidenceClass::kSubLabel:
      return "C2";
    case EvidenceClass::kOrganization:
      return "C3";
    case EvidenceClass::kSelfAsserted:
      return "C4";
    case EvidenceClass::kVouched:
      return "C5";
  }
  return "C4";
}

std::optional<UnixTime> Candidate::proved_at() const {
  std::optional<UnixTime> latest;
  for (const SeenEndpoint& seen : endpoints) latest = std::max(latest, seen.proved_at);
  return latest;
}

}  // namespace commresolve
