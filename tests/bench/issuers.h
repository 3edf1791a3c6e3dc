// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who issues synthetic certificates: 18 authorities that do not exist.

#ifndef COMMRESOLVE_TESTS_BENCH_ISSUERS_H_
#define COMMRESOLVE_TESTS_BENCH_ISSUERS_H_

#include <array>
#include <cstdint>
#include <string_view>

namespace commresolve::bench {

struct Issuer {
  std::string_view organization;
  std::string_view common_name;
  std::string_view country;
  uint64_t share = 0;  ///< Of 1,000 domain-validated certificates.
  bool rsa = false;    ///< Signs with RSA 2048, else with P-256.
  int64_t days = 0;    ///< Validity of what it issues.
};

inline constexpr std::array<Issuer, 18> kIssuers = {{
    {"Open Seal Foundation", "Seal E7", "US", 310, false, 90},
    {"Open Seal Foundation", "Seal R11", "US", 200, true, 90},
    {"Farsight Trust Services", "FTS WE1", "US", 140, false, 90},
    {"Northgate Limited", "Northgate RSA Domain Validation CA", "GB", 80, true, 199},
    {"Zertwerk GmbH", "Zertwerk Encryption Everywhere DV", "AT", 60, false, 90},
    {"CertHarbour Inc", "CertHarbour Global G2 TLS", "US", 50, true, 199},
    {"CertHarbour Inc", "CertHarbour EV Server CA G3", "US", 0, true, 397},
    {"Registrar Daddy LLC", "Daddy Secure Certification Authority", "US", 40, true, 397},
    {"Globus Sign nv", "Globus Sign Atlas OV 2025", "BE", 25, true, 397},
    {"Globus Sign nv", "Globus Sign Atlas EV 2025", "BE", 0, false, 397},
    {"Confido Datacard", "Confido OV TLS", "CA", 20, true, 397},
    {"Ufficio Sigilli S.p.A.", "Sigilli OV Server CA", "IT", 20, true, 397},
    {"Unissl Sp. z o.o.", "Unissl TLS CA", "PL", 20, false, 199},
    {"Telesiegel AG", "Telesiegel ServerPass Class 2", "DE", 15, true, 397},
    {"Kitamura Denshi", "Kitamura Root Service", "JP", 10, true, 397},
    {"Research Network Community", "Academic TLS 5", "NL", 6, false, 199},
    {"Kantonspost AG", "Kantonspost Public Trust", "CH", 4, true, 397},
    {"Community Assurance Club", "Community Assurance Class 3", "AU", 0, true, 730},
}};

/// Those that vouch for organisations, and the one that vouches for persons.
inline constexpr size_t kFirstBusinessIssuer = 5;
inline constexpr size_t kLastBusinessIssuer = 16;
inline constexpr size_t kPersonIssuer = 17;

}  // namespace commresolve::bench

#endif  // COMMRESOLVE_TESTS_BENCH_ISSUERS_H_
