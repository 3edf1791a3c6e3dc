// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The server: one thread accepts, one thread per connection serves.

#include "tests/fakes/tls_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <set>
#include <thread>

#include "resolver/base/unique_fd.h"

namespace commresolve::fakes {
namespace {

using SharedCtx = std::shared_ptr<SSL_CTX>;

void Check(bool good, const char* what) {
  if (good) return;
  std::perror(what);
  std::abort();
}

/// A context without certificate that speaks as `behaviour` demands.
SharedCtx MakeContext(Behaviour behaviour) {
  SharedCtx ctx(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  Check(ctx != nullptr, "SSL_CTX_new");
  SSL_CTX_set_session_cache_mode(ctx.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(ctx.get(), SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(ctx.get(), 0);
  if (behaviour == Behaviour::kTls10Only) {
    SSL_CTX_set_min_proto_version(ctx.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(ctx.get(), TLS1_VERSION);
    SSL_CTX_set_security_level(ctx.get(), 0);
  } else if (behaviour == Behaviour::kAnonymous) {
    SSL_CTX_set_max_proto_version(ctx.get(), TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(ctx.get(), "aNULL:@SECLEVEL=0");
  } else if (behaviour == Behaviour::kRenegotiate) {
    SSL_CTX_set_max_proto_version(ctx.get(), TLS1_2_VERSION);
  }
  return ctx;
}

SharedCtx ContextFor(const TestCertificate& certificate, Behaviour behaviour) {
  SharedCtx ctx = MakeContext(behaviour);
  Check(SSL_CTX_use_certificate(ctx.get(), certificate.certificate.get()) == 1, "certificate");
  for (const auto& issuer : certificate.issuers) SSL_CTX_add1_chain_cert(ctx.get(), issuer.get());
  Check(SSL_CTX_use_PrivateKey(ctx.get(), certificate.key.get()) == 1, "private key");
  return ctx;
}

/// Null if the files cannot be used.
SharedCtx ContextFor(const std::string& certificate, const std::string& key, Behaviour behaviour) {
  SharedCtx ctx = MakeContext(behaviour);
  if (SSL_CTX_use_certificate_chain_file(ctx.get(), certificate.c_str()) != 1) return nullptr;
  if (SSL_CTX_use_PrivateKey_file(ctx.get(), key.c_str(), SSL_FILETYPE_PEM) != 1) return nullptr;
  return ctx;
}

UniqueFd ListenOn(const IpAddress& ip, uint16_t port) {
  UniqueFd fd(
      socket(ip.is_v6() ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int on = 1;
  setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_storage storage{};
  socklen_t size = 0;
  if (ip.is_v6()) {
    auto* address = reinterpret_cast<sockaddr_in6*>(&storage);
    address->sin6_family = AF_INET6;
    address->sin6_port = htons(port);
    std::memcpy(&address->sin6_addr, ip.bytes().data(), 16);
    size = sizeof *address;
  } else {
    auto* address = reinterpret_cast<sockaddr_in*>(&storage);
    address->sin_family = AF_INET;
    address->sin_port = htons(port);
    std::memcpy(&address->sin_addr, ip.bytes().data(), 4);
    size = sizeof *address;
  }
  Check(bind(fd.get(), reinterpret_cast<sockaddr*>(&storage), size) == 0, "bind");
  Check(listen(fd.get(), 4096) == 0, "listen");
  return fd;
}

uint16_t PortOf(int fd) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  Check(getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &size) == 0, "getsockname");
  return ntohs(storage.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(&storage)->sin6_port
                                             : reinterpret_cast<sockaddr_in*>(&storage)->sin_port);
}

}  // namespace

/// Shared with the connection threads, so that the last of them may outlive the server object.
struct TlsServer::State {
  TlsServerOptions options;
  IpAddress first_address;
  uint16_t port = 0;
  std::vector<UniqueFd> listeners;
  UniqueFd stop{eventfd(0, EFD_CLOEXEC)};
  std::thread acceptor;

  mutable std::mutex mutex;
  mutable std::condition_variable idle;
  SharedCtx ctx;       // Guarded by mutex, as all that follows.
  std::set<int> open;  // Connections that are being served.
  Counts counts;

  static void AcceptAll(const std::shared_ptr<State>& self);
  static void Accept(const std::shared_ptr<State>& self, int listener);
  void Serve(int fd, SSL_CTX* context);
  void ServeTls(int fd, SSL* ssl);
  void Echo(SSL* ssl);
  void WaitForClose(int fd) const;
};

void TlsServer::State::AcceptAll(const std::shared_ptr<State>& self) {
  const UniqueFd poller(epoll_create1(EPOLL_CLOEXEC));
  const auto watch = [&](int fd) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    Check(epoll_ctl(poller.get(), EPOLL_CTL_ADD, fd, &event) == 0, "epoll_ctl");
  };
  watch(self->stop.get());
  for (const UniqueFd& listener : self->listeners) watch(listener.get());
  for (;;) {
    epoll_event events[64];
    const int count = epoll_wait(poller.get(), events, 64, -1);
    for (int i = 0; i < count; ++i) {
      if (events[i].data.fd == self->stop.get()) return;
      Accept(self, events[i].data.fd);
    }
  }
}

void TlsServer::State::Accept(const std::shared_ptr<State>& self, int listener) {
  for (;;) {
    const int fd = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    SharedCtx context;
    {
      const std::lock_guard lock(self->mutex);
      context = self->ctx;
      self->open.insert(fd);
      ++self->counts.connections;
      self->counts.most_at_once = std::max<uint64_t>(self->counts.most_at_once, self->open.size());
    }
    std::thread([self, fd, context] {
      sigset_t pipe;
      sigemptyset(&pipe);
      sigaddset(&pipe, SIGPIPE);
      pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
      self->Serve(fd, context.get());
      const std::lock_guard lock(self->mutex);
      self->open.erase(fd);
      close(fd);
      if (self->open.empty()) self->idle.notify_all();
    }).detach();
  }
}

void TlsServer::State::WaitForClose(int fd) const {
  char bytes[512];
  while (recv(fd, bytes, sizeof bytes, 0) > 0) {
  }
}

void TlsServer::State::Serve(int fd, SSL_CTX* context) {
  switch (options.behaviour) {
    case Behaviour::kCloseOnAccept:
      return;
    case Behaviour::kStall:
      return WaitForClose(fd);
    case Behaviour::kGarbage:
      send(fd, "HTTP/1.0 400 \x1b[31mBad\r\n\r\n", 24, MSG_NOSIGNAL);
      shutdown(fd, SHUT_WR);
      return WaitForClose(fd);
    default:
      break;
  }
  if (!SpeakBeforeTls(fd, options.protocol, options.fault)) return WaitForClose(fd);
  const SslPtr ssl(SSL_new(context));
  SSL_set_fd(ssl.get(), fd);
  ServeTls(fd, ssl.get());
}

void TlsServer::State::ServeTls(int fd, SSL* ssl) {
  const bool completed = SSL_accept(ssl) == 1;
  const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  {
    const std::lock_guard lock(mutex);
    counts.last_server_name = name == nullptr ? "" : name;
    if (completed) ++counts.handshakes;
  }
  if (!completed) return;
  Echo(ssl);
  if (options.behaviour != Behaviour::kTruncate) {
    SSL_shutdown(ssl);
    shutdown(fd, SHUT_WR);
    WaitForClose(fd);
  }
}

void TlsServer::State::Echo(SSL* ssl) {
  char bytes[16384];
  for (int got = SSL_read(ssl, bytes, sizeof bytes); got > 0;
       got = SSL_read(ssl, bytes, sizeof bytes)) {
    {
      const std::lock_guard lock(mutex);
      counts.bytes += static_cast<uint64_t>(got);
    }
    if (options.behaviour == Behaviour::kRenegotiate) {
      SSL_renegotiate(ssl);
      SSL_do_handshake(ssl);
    }
    if (SSL_write(ssl, bytes, got) <= 0 || options.behaviour == Behaviour::kTruncate) return;
  }
}

TlsServer::TlsServer(const TestCertificate& certificate, const TlsServerOptions& options)
    : state_(std::make_shared<State>()) {
  state_->options = options;
  state_->ctx = ContextFor(certificate, options.behaviour);
  Listen();
}

TlsServer::TlsServer(const std::string& certificate_file, const std::string& key_file,
                     const TlsServerOptions& options)
    : state_(std::make_shared<State>()) {
  state_->options = options;
  state_->ctx = ContextFor(certificate_file, key_file, options.behaviour);
  Check(state_->ctx != nullptr, "certificate and key files");
  Listen();
}

void TlsServer::Listen() {
  for (const std::string& text : state_->options.addresses) {
    const auto ip = IpAddress::Parse(text);
    Check(ip.ok(), text.c_str());
    if (state_->listeners.empty()) state_->first_address = *ip;
    state_->listeners.push_back(ListenOn(*ip, state_->options.port));
  }
  state_->port = PortOf(state_->listeners.front().get());
  state_->acceptor = std::thread([state = state_] { State::AcceptAll(state); });
}

TlsServer::~TlsServer() {
  eventfd_write(state_->stop.get(), 1);
  state_->acceptor.join();
  std::unique_lock lock(state_->mutex);
  for (const int fd : state_->open) shutdown(fd, SHUT_RDWR);
  state_->idle.wait(lock, [this] { return state_->open.empty(); });
}

Endpoint TlsServer::endpoint(const std::string& server_name) const {
  return {state_->first_address, state_->port, state_->options.protocol, server_name};
}

uint16_t TlsServer::port() const { return state_->port; }

void TlsServer::Present(const TestCertificate& certificate) {
  SharedCtx fresh = ContextFor(certificate, state_->options.behaviour);
  const std::lock_guard lock(state_->mutex);
  state_->ctx.swap(fresh);
}

bool TlsServer::Present(const std::string& certificate_file, const std::string& key_file) {
  SharedCtx fresh = ContextFor(certificate_file, key_file, state_->options.behaviour);
  if (fresh == nullptr) return false;
  const std::lock_guard lock(state_->mutex);
  state_->ctx.swap(fresh);
  return true;
}

TlsServer::Counts TlsServer::counts() const {
  const std::lock_guard lock(state_->mutex);
  return state_->counts;
}

bool TlsServer::WaitUntilIdle(std::chrono::milliseconds patience) const {
  std::unique_lock lock(state_->mutex);
  return state_->idle.wait_for(lock, patience, [this] { return state_->open.empty(); });
}

}  // namespace commresolve::fakes
