// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// EngineWorld: an engine on a temporary folder, with a public CA of its own, and servers to ask.

#ifndef COMMRESOLVE_TESTS_GRPC_ENGINE_ENGINE_WORLD_H_
#define COMMRESOLVE_TESTS_GRPC_ENGINE_ENGINE_WORLD_H_

#include <chrono>
#include <functional>
#include <mutex>
#include <string>

#include "grpc/engine/engine.h"
#include "tests/fakes/certificates.h"
#include "tests/fakes/tls_server.h"

namespace commresolve::fakes {

/// A clock that a test moves while threads look at it.
class SharedClock final : public Clock {
 public:
  [[nodiscard]] UnixTime Now() const override;
  void Advance(int64_t seconds) { ahead_ += seconds; }
  /// Runs once, on the thread that looks next, before it is told the time.
  void BeforeNextLook(std::function<void()> action);

 private:
  std::atomic<int64_t> ahead_{0};
  mutable std::mutex lock_;  // Guards what follows.
  mutable std::function<void()> action_;
};

/// True once `condition` holds; false if it does not within 30 seconds.
bool Eventually(const std::function<bool()>& condition);

/// Aborts the test program if it cannot be set up.
class EngineWorld {
 public:
  EngineWorld();
  ~EngineWorld();
  EngineWorld(const EngineWorld&) = delete;
  EngineWorld& operator=(const EngineWorld&) = delete;

  [[nodiscard]] const std::string& folder() const { return folder_; }
  TestCa& ca() { return ca_; }
  SharedClock& clock() { return clock_; }
  daemon::Engine& engine() { return *engine_; }
  [[nodiscard]] Config MakeConfig() const;

  /// Looks at the server as `observe` does, and binds the words to the key it showed.
  void ObserveAndBind(const TlsServer& server, const std::string& words);
  void Observe(const TlsServer& server);
  Resolution Resolve(const std::string& name, Prove prove = Prove::kMaxAge,
                     daemon::Deadline deadline = daemon::Deadline::max());

 private:
  std::string folder_;
  TestCa ca_{"Engine CA"};
  SharedClock clock_;
  std::unique_ptr<daemon::Engine> engine_;
};

}  // namespace commresolve::fakes

#endif  // COMMRESOLVE_TESTS_GRPC_ENGINE_ENGINE_WORLD_H_
