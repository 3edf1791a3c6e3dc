// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The steps of one attempt.

#include "resolver/net/attempt.h"

#include <netinet/in.h>
#include <openssl/err.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "resolver/net/proof.h"
#include "resolver/net/socket_bio.h"
#include "resolver/net/socket_tls_connection.h"
#include "resolver/net/system_error.h"

namespace commresolve {
namespace {

/// Most that is read at once of the dialogue before TLS.
constexpr size_t kReadSize = 4096;
/// Longest Certificate message a server may send.
/// A handshake with the largest certificate message takes less than half of it.
constexpr size_t kMaxHandshakeBytes = size_t{256} * 1024;
constexpr long kMaxCertificateMessage = 100L * 1024;

socklen_t ToSocketAddress(const Endpoint& endpoint, sockaddr_storage& storage) {
  if (endpoint.ip.is_v6()) {
    auto* address = reinterpret_cast<sockaddr_in6*>(&storage);
    address->sin6_family = AF_INET6;
    address->sin6_port = htons(endpoint.port);
    std::memcpy(&address->sin6_addr, endpoint.ip.bytes().data(), 16);
    return sizeof *address;
  }
  auto* address = reinterpret_cast<sockaddr_in*>(&storage);
  address->sin_family = AF_INET;
  address->sin_port = htons(endpoint.port);
  std::memcpy(&address->sin_addr, endpoint.ip.bytes().data(), 4);
  return sizeof *address;
}

bool IsUnexpectedEnd(unsigned long code) {
  return ERR_GET_LIB(code) == ERR_LIB_SSL &&
         ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
}

}  // namespace

SslCtxPtr MakeProbeContext() {
  SslCtxPtr ctx(SSL_CTX_new(TLS_client_method()));
  if (ctx == nullptr || SSL_CTX_set_min_proto_version(ctx.get(), TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(ctx.get(), "DEFAULT:!aNULL:!eNULL:!PSK:!SRP") != 1) {
    return nullptr;
  }
  SSL_CTX_set_options(ctx.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
  SSL_CTX_set_session_cache_mode(ctx.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_verify(ctx.get(), SSL_VERIFY_NONE, nullptr);
  // Even with SSL_VERIFY_NONE OpenSSL would build and check the chain, and then ignore the result.
  SSL_CTX_set_cert_verify_callback(ctx.get(), [](X509_STORE_CTX*, void*) { return 1; }, nullptr);
  SSL_CTX_set_max_cert_list(ctx.get(), kMaxCertificateMessage);
  SSL_CTX_set_read_ahead(ctx.get(), 1);
  SSL_CTX_set_mode(ctx.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  return ctx;
}

Error Attempt::Failure(Code code, const std::string& reason) const {
  return Error{code, reason}.Within(endpoint_.ToString());
}

Error Attempt::SystemFailure(int number) const {
  return Failure(Code::kUnavailable, SystemErrorText(number));
}

Error Attempt::TimedOut(std::chrono::milliseconds patience) const {
  const char* what = phase_ == Phase::kConnect    ? "no connection within "
                     : phase_ == Phase::kDialogue ? "no go-ahead for TLS within "
                                                  : "the TLS handshake was not complete within ";
  Error error = Failure(Code::kDeadlineExceeded, what + std::to_string(patience.count()) + " ms");
  if (phase_ == Phase::kTls && endpoint_.protocol == Protocol::kTls) {
    error.hint = "if the server speaks STARTTLS, say so, for example: --starttls xmpp-client";
  }
  return error;
}

Status Attempt::Start() {
  if (!CanProbe(endpoint_.protocol) || endpoint_.port == 0) {
    return Failure(Code::kInvalidArgument, "this protocol or port cannot be probed");
  }
  const int family = endpoint_.ip.is_v6() ? AF_INET6 : AF_INET;
  socket_.Reset(socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket_.valid()) {
    const int number = errno;
    return Failure(number == EMFILE || number == ENFILE ? Code::kBusy : Code::kUnavailable,
                   SystemErrorText(number));
  }
  sockaddr_storage storage{};
  const socklen_t size = ToSocketAddress(endpoint_, storage);
  if (connect(fd(), reinterpret_cast<sockaddr*>(&storage), size) != 0 && errno != EINPROGRESS) {
    return SystemFailure(errno);
  }
  return {};
}

Result<bool> Attempt::Advance() {
  switch (phase_) {
    case Phase::kConnect:
      return FinishConnect();
    case Phase::kDialogue:
      return Converse();
    case Phase::kTls:
      break;
  }
  return ShakeHands();
}

Result<bool> Attempt::FinishConnect() {
  int number = 0;
  socklen_t size = sizeof number;
  if (getsockopt(fd(), SOL_SOCKET, SO_ERROR, &number, &size) != 0) number = errno;
  if (number != 0) return SystemFailure(number);
  dialogue_ = MakeStartTls(endpoint_.protocol, endpoint_.server_name);
  if (dialogue_ == nullptr) return BeginTls();
  phase_ = Phase::kDialogue;
  to_send_ = dialogue_->Feed("").send;
  return Converse();
}

Result<bool> Attempt::Converse() {
  char bytes[kReadSize];
  for (;;) {
    COMMRESOLVE_ASSIGN(sent, SendPending());
    if (!sent) return false;
    const ssize_t got = recv(fd(), bytes, sizeof bytes, 0);
    if (got < 0 && errno == EAGAIN) return false;
    if (got < 0) return SystemFailure(errno);
    if (got == 0) return Failure(Code::kUnavailable, "the server closed the connection before TLS");
    StartTlsStep step = dialogue_->Feed({bytes, static_cast<size_t>(got)});
    switch (step.kind) {
      case StartTlsStep::Kind::kContinue:
        to_send_ += step.send;
        break;
      case StartTlsStep::Kind::kReady:
        return BeginTls();
      case StartTlsStep::Kind::kFailed:
        return Failure(Code::kInvalidArgument, step.reason);
    }
  }
}

/// True once nothing is left to send.
Result<bool> Attempt::SendPending() {
  while (!to_send_.empty()) {
    const ssize_t sent = send(fd(), to_send_.data(), to_send_.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EAGAIN) return false;
    if (sent < 0) return SystemFailure(errno);
    to_send_.erase(0, static_cast<size_t>(sent));
  }
  return true;
}

Result<bool> Attempt::BeginTls() {
  phase_ = Phase::kTls;
  dialogue_.reset();
  ssl_.reset(SSL_new(context_));
  BioPtr bio = MakeSocketBio(fd(), kMaxHandshakeBytes);
  if (ssl_ == nullptr || bio == nullptr) return Failure(Code::kInternal, "out of memory");
  SSL_set_bio(ssl_.get(), bio.get(), bio.get());
  [[maybe_unused]] const BIO* now_owned_by_ssl = bio.release();
  SSL_set_connect_state(ssl_.get());
  if (!endpoint_.server_name.empty() &&
      SSL_set_tlsext_host_name(ssl_.get(), endpoint_.server_name.c_str()) != 1) {
    return Failure(Code::kInvalidArgument, "the server name cannot be sent in TLS");
  }
  return ShakeHands();
}

Result<bool> Attempt::ShakeHands() {
  ERR_clear_error();
  errno = 0;
  const int result = SSL_do_handshake(ssl_.get());
  const int number = errno;
  if (result == 1) {
    LiftReadLimit(SSL_get_rbio(ssl_.get()));
    return true;
  }
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      return false;
    case SSL_ERROR_SYSCALL:
      if (number == EMSGSIZE) {
        return Failure(Code::kInvalidArgument,
                       "TLS handshake failed: the server sends without end");
      }
      if (number != 0) {
        return Failure(Code::kUnavailable, "TLS handshake failed: " + SystemErrorText(number));
      }
      break;
    default:
      if (!IsUnexpectedEnd(ERR_peek_error())) {
        return Failure(Code::kInvalidArgument, "TLS handshake failed: " + TakeOpensslError());
      }
      break;
  }
  ERR_clear_error();
  return Failure(Code::kUnavailable, "TLS handshake failed: the server closed the connection");
}

Result<Handshake> Attempt::Describe(UnixTime now) const {
  Result<Handshake> handshake = DescribeProof(*ssl_);
  if (!handshake.ok()) return handshake.error().Within(endpoint_.ToString());
  handshake->endpoint = endpoint_;
  handshake->time = now;
  return handshake;
}

std::unique_ptr<TlsConnection> Attempt::Release() {
  return MakeSocketTlsConnection(std::move(socket_), std::move(ssl_), endpoint_.ToString());
}

void Attempt::Close() {
  SSL_shutdown(ssl_.get());
  socket_.Reset();
}

}  // namespace commresolve
