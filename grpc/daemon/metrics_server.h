// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// MetricsServer: answers GET /metrics on a Unix socket.

#ifndef COMMRESOLVE_GRPC_DAEMON_METRICS_SERVER_H_
#define COMMRESOLVE_GRPC_DAEMON_METRICS_SERVER_H_

#include <functional>
#include <memory>
#include <string>

#include "resolver/base/result.h"

namespace commresolve::daemon {

/// Serves from Start() until destruction, one request at a time.
class MetricsServer {
 public:
  /// Makes the socket `path` with mode 0600, in place of one that is there. `text` gives the
  /// metrics and is called on another thread. Changes the umask for a moment: call it while there
  /// is one thread that creates files. kUnavailable.
  static Result<std::unique_ptr<MetricsServer>> Start(const std::string& path,
                                                      std::function<std::string()> text);
  /// Waits two seconds for a request under way.
  ~MetricsServer();

 private:
  struct Impl;
  explicit MetricsServer(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_DAEMON_METRICS_SERVER_H_
