// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// PublicChainChecker: is this chain one that the public CAs vouch for? Evidence, not judgement.

#ifndef COMMRESOLVE_RESOLVER_NET_PUBLIC_CHAIN_H_
#define COMMRESOLVE_RESOLVER_NET_PUBLIC_CHAIN_H_

#include <memory>
#include <string>
#include <vector>

#include "resolver/base/clock.h"
#include "resolver/base/result.h"
#include "resolver/candidate.h"

namespace commresolve {

class PublicChainChecker {
 public:
  /// Loads the roots from `ca_file` (PEM), or OpenSSL's default locations (SSL_CERT_FILE, the
  /// system store) if it is empty. kUnavailable if `ca_file` cannot be read or holds no
  /// certificate.
  static Result<std::unique_ptr<PublicChainChecker>> Make(const std::string& ca_file);
  ~PublicChainChecker();

  /// Verifies `chain` (DER, leaf first, the rest in any order) as a TLS server chain (purpose
  /// sslserver, RFC 5280 6.1) at `time`. No host name is compared: the names are the leaf's own.
  /// At most 10 certificates are looked at. A certificate that comes alone, and whose issuer was no
  /// root within the last minute, is not looked at any closer. Safe for concurrent use.
  PublicChain Check(const std::vector<std::string>& chain, UnixTime time);

 private:
  struct Impl;
  explicit PublicChainChecker(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_NET_PUBLIC_CHAIN_H_
