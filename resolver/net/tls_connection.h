// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// TlsConnection: an open TLS connection whose server has proved its key.

#ifndef COMMRESOLVE_RESOLVER_NET_TLS_CONNECTION_H_
#define COMMRESOLVE_RESOLVER_NET_TLS_CONNECTION_H_

#include <atomic>
#include <memory>

#include "resolver/base/result.h"

namespace commresolve {

/// Used by one thread.
class TlsConnection {
 public:
  virtual ~TlsConnection() = default;

  /// Copies `in_fd` to the server and the server to `out_fd` until the server closes; end of input
  /// sends close_notify and keeps reading. Renegotiation is refused, so the key that was proved
  /// stays the key. kUnavailable if the connection breaks (a close without close_notify is an error
  /// too), kInterrupted if `stop` (may be null) is set.
  virtual Status Pipe(int in_fd, int out_fd, const std::atomic<bool>* stop) = 0;
};

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_NET_TLS_CONNECTION_H_
