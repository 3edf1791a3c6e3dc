// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Pipe(): two directions, one poll loop.

#include "resolver/net/socket_tls_connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>

#include "resolver/net/sigpipe_guard.h"
#include "resolver/net/system_error.h"

namespace commresolve {
namespace {

/// How often a stop flag is looked at while nothing happens.
constexpr int kStopIntervalMs = 100;

/// Bytes on their way in one direction; refilled only when empty.
struct Buffer {
  std::array<char, 16384> bytes;
  size_t begin = 0;
  size_t end = 0;

  [[nodiscard]] bool empty() const { return begin == end; }
  [[nodiscard]] size_t size() const { return end - begin; }
  void Fill(size_t size) {
    begin = 0;
    end = size;
  }
};

/// One call of Pipe().
class Pump {
 public:
  Pump(SSL* ssl, int socket, int in_fd, int out_fd)
      : ssl_(ssl), socket_(socket), in_fd_(in_fd), out_fd_(out_fd) {}

  Status Run(const std::atomic<bool>* stop) {
    for (;;) {
      if (stop != nullptr && stop->load(std::memory_order_relaxed)) {
        return Error{Code::kInterrupted, "stopped"};
      }
      COMMRESOLVE_TRY(SendToServer());
      COMMRESOLVE_TRY(ReceiveFromServer());
      if (server_ended_ && from_server_.empty()) return {};
      COMMRESOLVE_TRY(Wait());
    }
  }

 private:
  /// Gives the server what was read, and after the end of input close_notify.
  Status SendToServer() {
    socket_blocks_write_ = false;
    while (!to_server_.empty()) {
      ERR_clear_error();
      errno = 0;
      const int sent = SSL_write(ssl_, to_server_.bytes.data() + to_server_.begin,
                                 static_cast<int>(to_server_.size()));
      if (sent <= 0) return OnBlocked(sent);
      to_server_.begin += static_cast<size_t>(sent);
    }
    if (input_ended_ && !close_sent_) {
      ERR_clear_error();
      errno = 0;
      const int result = SSL_shutdown(ssl_);
      if (result < 0) return OnBlocked(result);
      close_sent_ = true;
    }
    return {};
  }

  Status ReceiveFromServer() {
    if (!from_server_.empty() || server_ended_) return {};
    ERR_clear_error();
    errno = 0;
    const int got =
        SSL_read(ssl_, from_server_.bytes.data(), static_cast<int>(from_server_.bytes.size()));
    if (got > 0) {
      from_server_.Fill(static_cast<size_t>(got));
      return {};
    }
    if (SSL_get_error(ssl_, got) == SSL_ERROR_ZERO_RETURN) {
      server_ended_ = true;
      return {};
    }
    return OnBlocked(got);
  }

  /// What a TLS call that did not succeed means: wait, or the connection is broken.
  Status OnBlocked(int result) {
    const int number = errno;
    switch (SSL_get_error(ssl_, result)) {
      case SSL_ERROR_WANT_READ:
        return {};
      case SSL_ERROR_WANT_WRITE:
        socket_blocks_write_ = true;
        return {};
      case SSL_ERROR_SYSCALL:
        if (number != 0) return Error{Code::kUnavailable, SystemErrorText(number)};
        break;
      default:
        if (ERR_GET_REASON(ERR_peek_error()) != SSL_R_UNEXPECTED_EOF_WHILE_READING) {
          return Error{Code::kUnavailable, "TLS failed: " + TakeOpensslError()};
        }
        break;
    }
    ERR_clear_error();
    return Error{Code::kUnavailable, "the server closed the connection without close_notify"};
  }

  Status Wait() {
    enum : size_t { kSocket, kIn, kOut, kCount };
    pollfd fds[kCount] = {{socket_, 0, 0}, {-1, POLLIN, 0}, {-1, POLLOUT, 0}};
    if (from_server_.empty() && !server_ended_) fds[kSocket].events |= POLLIN;
    if (socket_blocks_write_) fds[kSocket].events |= POLLOUT;
    // poll() reports a broken connection even if nothing is asked for, again and again.
    if (fds[kSocket].events == 0) fds[kSocket].fd = -1;
    if (to_server_.empty() && !input_ended_) fds[kIn].fd = in_fd_;
    if (!from_server_.empty()) fds[kOut].fd = out_fd_;
    const bool more_decrypted = from_server_.empty() && SSL_pending(ssl_) > 0;
    if (poll(fds, kCount, more_decrypted ? 0 : kStopIntervalMs) < 0 && errno != EINTR) {
      return Error{Code::kInternal, "poll: " + SystemErrorText(errno)};
    }
    if (fds[kIn].revents != 0) COMMRESOLVE_TRY(ReadInput());
    if (fds[kOut].revents != 0) COMMRESOLVE_TRY(WriteOutput());
    return {};
  }

  Status ReadInput() {
    const ssize_t got = read(in_fd_, to_server_.bytes.data(), to_server_.bytes.size());
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) return {};
    if (got < 0) return Error{Code::kUnavailable, "cannot read input: " + SystemErrorText(errno)};
    if (got == 0) {
      input_ended_ = true;
    } else {
      to_server_.Fill(static_cast<size_t>(got));
    }
    return {};
  }

  /// Writes no more than a writable pipe surely takes: a reader that waits for its own input to be
  /// read must not be able to block both directions.
  Status WriteOutput() {
    const size_t size = std::min<size_t>(from_server_.size(), PIPE_BUF);
    const ssize_t sent = write(out_fd_, from_server_.bytes.data() + from_server_.begin, size);
    if (sent < 0 && (errno == EINTR || errno == EAGAIN)) return {};
    if (sent < 0)
      return Error{Code::kUnavailable, "cannot write output: " + SystemErrorText(errno)};
    from_server_.begin += static_cast<size_t>(sent);
    return {};
  }

  SSL* ssl_;
  int socket_;
  int in_fd_;
  int out_fd_;
  Buffer to_server_;
  Buffer from_server_;
  bool input_ended_ = false;
  bool close_sent_ = false;
  bool server_ended_ = false;
  bool socket_blocks_write_ = false;
};

class SocketTlsConnection final : public TlsConnection {
 public:
  SocketTlsConnection(UniqueFd socket, SslPtr ssl, std::string peer)
      : socket_(std::move(socket)), ssl_(std::move(ssl)), peer_(std::move(peer)) {}

  Status Pipe(int in_fd, int out_fd, const std::atomic<bool>* stop) override {
    const SigpipeGuard guard;
    const Status status = Pump(ssl_.get(), socket_.get(), in_fd, out_fd).Run(stop);
    if (!status.ok()) return status.error().Within(peer_);
    SSL_shutdown(ssl_.get());
    return {};
  }

 private:
  UniqueFd socket_;
  SslPtr ssl_;
  std::string peer_;
};

}  // namespace

std::unique_ptr<TlsConnection> MakeSocketTlsConnection(UniqueFd socket, SslPtr ssl,
                                                       std::string peer) {
  // What a person types is to leave at once, not when the last packet was acknowledged.
  const int on = 1;
  setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return std::make_unique<SocketTlsConnection>(std::move(socket), std::move(ssl), std::move(peer));
}

}  // namespace commresolve
