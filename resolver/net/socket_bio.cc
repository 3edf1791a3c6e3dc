// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The BIO method behind MakeSocketBio().

#include "resolver/net/socket_bio.h"

#include <sys/socket.h>

#include <cerrno>

namespace commresolve {
namespace {

struct Socket {
  int fd;
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
  const ssize_t got = recv(SocketOf(bio)->fd, data, static_cast<size_t>(size), 0);
  if (IsRetry(got)) BIO_set_retry_read(bio);
  if (got == 0) SocketOf(bio)->ended = true;
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

BioPtr MakeSocketBio(int fd) {
  static const BIO_METHOD* const method = MakeMethod();
  if (method == nullptr) return nullptr;
  BioPtr bio(BIO_new(method));
  if (bio == nullptr) return nullptr;
  BIO_set_data(bio.get(), new Socket{fd});
  BIO_set_init(bio.get(), 1);
  return bio;
}

}  // namespace commresolve
