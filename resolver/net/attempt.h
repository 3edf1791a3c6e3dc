// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Attempt: one endpoint on its way from connect() through STARTTLS to a completed handshake.

#ifndef COMMRESOLVE_RESOLVER_NET_ATTEMPT_H_
#define COMMRESOLVE_RESOLVER_NET_ATTEMPT_H_

#include <chrono>
#include <memory>
#include <string>

#include "resolver/base/openssl_ptr.h"
#include "resolver/base/result.h"
#include "resolver/base/unique_fd.h"
#include "resolver/endpoint.h"
#include "resolver/handshake.h"
#include "resolver/net/starttls.h"
#include "resolver/net/tls_connection.h"

namespace commresolve {

/// The TLS settings of all attempts: TLS 1.2 or newer, certificate-authenticated cipher suites, no
/// resumption, no renegotiation, nothing verified but the possession of the key. Null on failure.
SslCtxPtr MakeProbeContext();

/// Never blocks: its owner watches fd() and calls Advance() when it stirs. Every error begins with
/// the endpoint.
class Attempt {
 public:
  /// `context` is borrowed for the attempt's lifetime.
  Attempt(const Endpoint& endpoint, SSL_CTX* context) : endpoint_(endpoint), context_(context) {}

  /// Opens the socket and begins to connect. kBusy if there are no more descriptors, kUnavailable
  /// if the network refuses at once, kInvalidArgument for an endpoint that cannot be probed.
  Status Start();

  /// Goes as far as it can without waiting. True once the handshake is complete.
  Result<bool> Advance();

  [[nodiscard]] int fd() const { return socket_.get(); }
  [[nodiscard]] const Endpoint& endpoint() const { return endpoint_; }

  /// After Advance() said true: what was proved, dated `now`.
  [[nodiscard]] Result<Handshake> Describe(UnixTime now) const;
  /// After Advance() said true: the open connection; the attempt is over.
  std::unique_ptr<TlsConnection> Release();
  /// After Advance() said true: ends the connection with close_notify.
  void Close();

  /// What a deadline of `patience` that passed now means.
  [[nodiscard]] Error TimedOut(std::chrono::milliseconds patience) const;

 private:
  enum class Phase { kConnect, kDialogue, kTls };

  [[nodiscard]] Error Failure(Code code, const std::string& reason) const;
  [[nodiscard]] Error SystemFailure(int number) const;
  Result<bool> FinishConnect();
  Result<bool> Converse();
  Result<bool> SendPending();
  Result<bool> BeginTls();
  Result<bool> ShakeHands();

  Endpoint endpoint_;
  SSL_CTX* context_;
  UniqueFd socket_;
  Phase phase_ = Phase::kConnect;
  std::unique_ptr<StartTls> dialogue_;
  std::string to_send_;
  SslPtr ssl_;
};

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_NET_ATTEMPT_H_
