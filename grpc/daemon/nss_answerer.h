// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// NssAnswerer: answers names that the snapshot lacks, proving on demand.

#ifndef COMMRESOLVE_GRPC_DAEMON_NSS_ANSWERER_H_
#define COMMRESOLVE_GRPC_DAEMON_NSS_ANSWERER_H_

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "grpc/engine/engine.h"
#include "grpc/nss_endpoint/nss_endpoint.h"

namespace commresolve::daemon {

/// Only what is bound, and keys that are known, are ever proved: a name that nobody bound is "no
/// such name" at once and costs no handshake. A proof goes on when the program has given up, so
/// that the next question finds it.
class NssAnswerer {
 public:
  /// `engine` is borrowed.
  explicit NssAnswerer(Engine& engine);
  /// Waits for the handshakes under way; questions that wait get "try again".
  ~NssAnswerer();

  /// For NssEndpoint. Never blocks; "try again" when 256 questions wait.
  void Take(NssQuestion question, NssReplier replier);

 private:
  using Asked = std::pair<NssQuestion, NssReplier>;
  void Work();
  NssAnswer AnswerTo(const std::string& name);

  Engine& engine_;
  std::mutex lock_;  // Guards what follows, to waiting_.
  std::condition_variable arrived_;
  bool stop_ = false;
  std::deque<Asked> waiting_;
  std::vector<std::thread> workers_;
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_DAEMON_NSS_ANSWERER_H_
