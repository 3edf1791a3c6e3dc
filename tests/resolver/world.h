// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// World: a data folder, a public CA, a DNS server and a resolver over real sockets, for tests.

#ifndef COMMRESOLVE_TESTS_RESOLVER_WORLD_H_
#define COMMRESOLVE_TESTS_RESOLVER_WORLD_H_

#include <memory>
#include <string>
#include <vector>

#include "index/store.h"
#include "resolver/net/prober.h"
#include "resolver/resolver.h"
#include "tests/fakes/certificates.h"
#include "tests/fakes/dns_server.h"
#include "tests/fakes/tls_server.h"

namespace commresolve::fakes {

/// Everything in a temporary folder that is removed again. Aborts the test program if it cannot be
/// set up. Used by one thread.
class World {
 public:
  World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  ~World();

  [[nodiscard]] const std::string& folder() const { return folder_; }
  TestCa& ca() { return ca_; }  ///< The one public CA there is.
  ManualClock& clock() { return clock_; }
  DnsServer& dns() { return dns_; }
  index::Store& store() { return *store_; }
  KnownCertsFile& known_certs() { return known_certs_; }
  Prober& prober() { return *prober_; }
  ResolverSettings& settings() { return settings_; }

  /// Handshakes with the server and records it as `observe` would, search index included.
  void Observe(const TlsServer& server, const std::string& server_name);
  /// Records certificates that nobody saw anywhere, as `import` would.
  void Import(const std::vector<TestCertificate>& certificates);

  /// A certificate of the CA that is due to be renewed.
  [[nodiscard]] TestCertificate IssueOld(const std::vector<std::string>& names) const;

  /// From now on there is no public CA. What is on record stays.
  void TrustNobody();

  /// From now on they are asked about changes; borrowed.
  void SetObservers(ObserverSource* observers) { observers_ = observers; }
  void SetRollovers(RolloverSource* rollovers) { rollovers_ = rollovers; }

  Resolver MakeResolver();
  Resolution Resolve(const std::string& name, Prove prove = Prove::kMaxAge);
  /// Binds as the `bind` command does; fails the test if that is refused.
  Binding Bind(const std::string& words, const KeyId& key, bool critical = false);
  [[nodiscard]] KnownCerts Known() const;

 private:
  std::string folder_;
  TestCa ca_;
  ManualClock clock_;
  DnsServer dns_;
  ResolverSettings settings_;
  KnownCertsFile known_certs_;
  std::unique_ptr<index::Store> store_;
  std::unique_ptr<Prober> prober_;
  std::unique_ptr<AddressLookup> lookup_;
  ObserverSource* observers_ = nullptr;
  RolloverSource* rollovers_ = nullptr;
};

}  // namespace commresolve::fakes

#endif  // COMMRESOLVE_TESTS_RESOLVER_WORLD_H_
