// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// cpp-httplib, with its own verification replaced by the question for one key.

#include "grpc/sharing/fetch_statement.h"

#include <fcntl.h>
#include <httplib.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "dht/record/delegation.h"
#include "resolver/base/unique_fd.h"

namespace commresolve::daemon {
namespace {

constexpr size_t kMostRecordBytes = 65'536;
constexpr std::chrono::milliseconds kLookAtStop{100};
constexpr int kRecordHeader = 5;

/// Cuts a connection off, from whatever thread and however slow the peer is.
class Cutter {
 public:
  Cutter(std::chrono::milliseconds patience, const std::atomic<bool>* stop)
      : end_(std::chrono::steady_clock::now() + patience), watch_([this, stop] { Watch(stop); }) {}
  ~Cutter() {
    {
      const std::lock_guard guard(lock_);
      over_ = true;
    }
    changed_.notify_all();
    watch_.join();
  }
  Cutter(const Cutter&) = delete;
  Cutter& operator=(const Cutter&) = delete;

  /// A copy of the descriptor: the client may close its own at any time.
  void Guard(int socket) {
    const std::lock_guard guard(lock_);
    socket_ = UniqueFd(::fcntl(socket, F_DUPFD_CLOEXEC, 0));
    if (cut_) CutNow();
  }
  void Cut() {
    const std::lock_guard guard(lock_);
    CutNow();
  }
  [[nodiscard]] bool late() const { return std::chrono::steady_clock::now() >= end_; }

 private:
  void Watch(const std::atomic<bool>* stop) {
    std::unique_lock guard(lock_);
    while (!over_) {
      if (late() || (stop != nullptr && *stop)) return CutNow();
      changed_.wait_for(guard, kLookAtStop);
    }
  }
  /// Called with `lock_` held.
  void CutNow() {
    cut_ = true;
    if (socket_.valid()) ::shutdown(socket_.get(), SHUT_RDWR);
  }

  const std::chrono::steady_clock::time_point end_;
  std::mutex lock_;  // Guards what follows.
  std::condition_variable changed_;
  UniqueFd socket_;
  bool cut_ = false;
  bool over_ = false;
  std::thread watch_;
};

/// What OpenSSL calls back about one session.
struct Session {
  const KeyId& key;
  Cutter& cutter;
  size_t bytes = 0;     ///< Of the records that came.
  bool proved = false;  ///< The certificate of the key was shown; the handshake does the rest.
};

/// In place of OpenSSL's verification of the chain.
int IsTheKey(X509_STORE_CTX* store, void* argument) {
  auto* const session = static_cast<Session*>(argument);
  unsigned char* der = nullptr;
  const X509* const leaf = X509_STORE_CTX_get0_cert(store);
  const int size = leaf == nullptr ? 0 : i2d_X509_PUBKEY(X509_get_X509_PUBKEY(leaf), &der);
  if (size > 0) {
    const std::string_view spki(reinterpret_cast<const char*>(der), static_cast<size_t>(size));
    session->proved = KeyId{Sha256(spki)} == session->key;
  }
  OPENSSL_free(der);
  if (!session->proved) X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
  return session->proved ? 1 : 0;
}

/// The client would read headers without an end.
void CountRecord(int written, int /*version*/, int type, const void* bytes, size_t size,
                 SSL* /*ssl*/, void* argument) {
  if (written != 0 || type != SSL3_RT_HEADER || size < kRecordHeader) return;
  auto* const session = static_cast<Session*>(argument);
  const auto* const header = static_cast<const unsigned char*>(bytes);
  session->bytes += size_t{header[3]} * 256 + header[4];
  if (session->bytes > kMostRecordBytes) session->cutter.Cut();
}

void Watch(SSL_CTX* context, Session& session) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_cert_verify_callback(context, IsTheKey, &session);
  SSL_CTX_set_msg_callback(context, CountRecord);
  SSL_CTX_set_msg_callback_arg(context, &session);
}

void Prepare(httplib::SSLClient& client, const Endpoint& endpoint,
             std::chrono::milliseconds patience, Cutter& cutter) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(patience);
  const auto rest = std::chrono::duration_cast<std::chrono::microseconds>(patience - seconds);
  client.set_hostname_addr_map({{endpoint.server_name, endpoint.ip.ToString()}});
  client.set_connection_timeout(seconds.count(), rest.count());
  client.set_read_timeout(seconds.count(), rest.count());
  client.set_write_timeout(seconds.count(), rest.count());
  client.set_socket_options([&cutter](int socket) { cutter.Guard(socket); });
  client.enable_server_certificate_verification(false);  // See Watch().
  client.set_follow_location(false);
  client.set_decompress(false);
  client.set_keep_alive(false);
}

std::string HostOf(const Endpoint& endpoint) {
  if (!endpoint.server_name.empty()) return endpoint.server_name;
  const std::string ip = endpoint.ip.ToString();
  return endpoint.ip.is_v6() ? "[" + ip + "]" : ip;
}

}  // namespace

Result<std::string> FetchStatement(const KeyId& key, const Endpoint& endpoint,
                                   std::chrono::milliseconds patience,
                                   const std::atomic<bool>* stop) {
  if (endpoint.protocol != Protocol::kTls) {
    return Error{Code::kInvalidArgument, "statement: " + endpoint.ToString() + " is not plain TLS"};
  }
  Cutter cutter(patience, stop);
  Session session{key, cutter};
  httplib::SSLClient client(endpoint.server_name, endpoint.port);
  Watch(client.ssl_context(), session);
  Prepare(client, endpoint, patience, cutter);
  const httplib::Headers headers = {{"Host", HostOf(endpoint)}, {"Accept-Encoding", "identity"}};
  std::string body;
  bool plain = false;
  const auto answered = client.Get(
      dht::kDelegationPath, headers,
      [&plain](const httplib::Response& response) {
        plain = response.status == 200 && !response.has_header("Content-Encoding");
        return plain;
      },
      [&body](const char* data, size_t size) {
        if (body.size() + size > dht::kMaxDelegationBytes) return false;
        body.append(data, size);
        return true;
      });
  const std::string where = "statement at " + endpoint.ToString();
  if (stop != nullptr && *stop) return Error{Code::kInterrupted, where + ": stopped"};
  // What had come before the cut is read all the same.
  if (session.bytes > kMostRecordBytes) return Error{Code::kUnavailable, where + ": too much"};
  if (cutter.late()) return Error{Code::kDeadlineExceeded, where + ": too slow"};
  if (answered && session.proved) return body;
  if (session.proved && !plain && answered.error() == httplib::Error::Canceled) {
    return Error{Code::kNotFound, where + ": there is none"};
  }
  if (!session.proved && session.bytes > 0) {
    return Error{Code::kUntrusted, where + ": another key answers"};
  }
  return Error{Code::kUnavailable, where + ": " + httplib::to_string(answered.error())};
}

}  // namespace commresolve::daemon
