// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Prober: TLS handshakes of our own, many at once on one thread. The only source of proofs.

#ifndef COMMRESOLVE_RESOLVER_NET_PROBER_H_
#define COMMRESOLVE_RESOLVER_NET_PROBER_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "resolver/base/clock.h"
#include "resolver/base/result.h"
#include "resolver/endpoint.h"
#include "resolver/handshake.h"
#include "resolver/net/tls_connection.h"

namespace commresolve {

struct ProbeOptions {
  std::chrono::milliseconds deadline{5000};  ///< Connect, STARTTLS and handshake of one endpoint.
  size_t at_once = 256;                      ///< Connections open at a time, 1 to 10,000.
  size_t per_address = 2;  ///< Politeness: connections to one IP address at a time, at least 1.
};

/// What came of one endpoint: a completed handshake, or why not (kUnavailable refused or reset,
/// kDeadlineExceeded, kInvalidArgument the peer does not speak the protocol or TLS).
struct ProbeOutcome {
  Endpoint endpoint;
  Result<Handshake> handshake;
};

/// Decides about a completed handshake while its connection is still open: true ends a race with
/// this connection as its winner.
using AcceptHandshake = std::function<bool(const Handshake&)>;

/// The winner of a race: nothing but the handshake (and STARTTLS) has been sent on it.
struct RaceWinner {
  Handshake handshake;
  std::unique_ptr<TlsConnection> connection;
};
struct RaceResult {
  std::optional<RaceWinner> winner;
  std::vector<ProbeOutcome> losers;  ///< Every endpoint that was tried and is not the winner.
};

/// The resolver sees only this, so that tests can put a network of their own behind it.
/// Used by one thread at a time.
class Transport {
 public:
  virtual ~Transport() = default;

  /// Tries endpoints in order, a new one every 250 ms or as soon as all before it have failed
  /// (RFC 8305), until `accept` takes a handshake or all are done.
  virtual RaceResult Race(const std::vector<Endpoint>& endpoints, const ProbeOptions& options,
                          const AcceptHandshake& accept) = 0;
};

/// Real sockets. Handshakes verify nothing about the certificate (that is trust's job) but the
/// key's possession: TLS 1.2 or newer, certificate-authenticated suites only, no resumption, no
/// client certificate, OpenSSL's default security level.
class Prober final : public Transport {
 public:
  /// `clock` is borrowed for the prober's lifetime. kInternal if OpenSSL fails to start.
  static Result<std::unique_ptr<Prober>> Make(const Clock& clock);
  ~Prober() override;

  /// Handshakes with every endpoint, each reported once through `done` (on this thread) as soon as
  /// it is known; connections are closed. `stop` (may be null) ends it early: what is under way is
  /// dropped unreported.
  void ProbeAll(const std::vector<Endpoint>& endpoints, const ProbeOptions& options,
                const std::function<void(ProbeOutcome)>& done, const std::atomic<bool>* stop);

  RaceResult Race(const std::vector<Endpoint>& endpoints, const ProbeOptions& options,
                  const AcceptHandshake& accept) override;

 private:
  struct Impl;
  explicit Prober(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_NET_PROBER_H_
