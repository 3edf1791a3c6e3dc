// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The BIO method behind MakeSocketBio().

#include "resolver/net/socket_bio.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <limits>

namespace commresolve {
namespace {

struct Socket {
  int fd;
  size_t left;  // Bytes that may still be read.
  bool ended = false;
};

Socket* SocketOf(BIO* bio) { return static_cast<Socket*>(BIO_get_data(bio)); }

bool IsRetry(ssize_t result) { return result < 0 && (errno == EAGAIN || errno == EINTR); }

int Write(BIO* bio, const char* data, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t sent = send(SocketOf(bio)->fd, data, static_cast<size_t>(size), MSG_NOSIGNAL);
  if (IsRetry(sent)) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

int Read(BIO* bio, char* data, int size) {
  BIO_clear_retry_flags(bio);
  Socket& socket = *SocketOf(bio);
  if (socket.left == 0) {
    errno = EMSGSIZE;
    return -1;
  }
  const ssize_t got = recv(socket.fd, data, std::min(static_cast<size_t>(size), socket.left), 0);
  if (IsRetry(got)) BIO_set_retry_read(bio);
  if (got == 0) socket.ended = true;
  if (got > 0) socket.left -= static_cast<size_t>(got);
  return static_cast<int>(got);
}

long Control(BIO* bio, int command, long, void*) {
  switch (command) {
    case BIO_CTRL_FLUSH:
      return 1;
    case BIO_CTRL_EOF:
      return SocketOf(bio)->ended ? 1 : 0;
    default:
      return 0;
  }
}

int Destroy(BIO* bio) {
  delete SocketOf(bio);
  return 1;
}

BIO_METHOD* MakeMethod() {
  BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
  if (method == nullptr) return nullptr;
  BIO_meth_set_write(method, Write);
  BIO_meth_set_read(method, Read);
  BIO_meth_set_ctrl(method, Control);
  BIO_meth_set_destroy(method, Destroy);
  return method;
}

}  // namespace

BioPtr MakeSocketBio(int fd, size_t read_limit) {
  static const BIO_METHOD* const method = MakeMethod();
  if (method == nullptr) return nullptr;
  BioPtr bio(BIO_new(method));
  if (bio == nullptr) return nullptr;
  BIO_set_data(bio.get(), new Socket{fd, read_limit});
  BIO_set_init(bio.get(), 1);
  return bio;
}

void LiftReadLimit(BIO* bio) { SocketOf(bio)->left = std::numeric_limits<size_t>::max(); }

}  // namespace commresolve
