// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From what a synthetic certificate says to its DER (RFC 5280).

#ifndef COMMRESOLVE_TESTS_BENCH_CERTIFICATE_DER_H_
#define COMMRESOLVE_TESTS_BENCH_CERTIFICATE_DER_H_

#include <string>
#include <string_view>

#include "resolver/base/clock.h"
#include "tests/bench/identity.h"
#include "tests/bench/issuers.h"
#include "tests/bench/random.h"

namespace commresolve::bench {

/// A public key; one of the two is empty.
struct PublicKey {
  std::string_view point;    ///< Uncompressed, on P-256.
  std::string_view modulus;  ///< Of RSA, with its highest bit set.
};

struct CertificateContent {
  const Identity* identity = nullptr;
  const Issuer* issuer = nullptr;  ///< Null: self-signed.
  PublicKey key;
  UnixTime not_before = 0;
  UnixTime not_after = 0;
};

/// `filler` gives the serial number, the key identifiers, the timestamps of logs and the signature.
std::string EncodeCertificate(const CertificateContent& content, Random filler);

}  // namespace commresolve::bench

#endif  // COMMRESOLVE_TESTS_BENCH_CERTIFICATE_DER_H_
