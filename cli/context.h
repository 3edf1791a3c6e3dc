// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Context: what every command works with: settings, terminal, backend, stores, network; opened when
// first used.

#ifndef COMMRESOLVE_CLI_CONTEXT_H_
#define COMMRESOLVE_CLI_CONTEXT_H_

#include <atomic>
#include <chrono>
#include <memory>

#include "cli/backend.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "grpc/client/client.h"
#include "index/store.h"
#include "resolver/config/config.h"
#include "resolver/net/address_lookup.h"
#include "resolver/net/prober.h"
#include "resolver/resolver.h"
#include "resolver/trust/known_certs.h"

namespace commresolve::cli {

/// Set by SIGINT and SIGTERM.
extern std::atomic<bool> stop_requested;
/// Set by commands that look at stop_requested; others are ended at once by the signal.
extern std::atomic<bool> stop_is_watched;
/// From now on this command looks at the flag that is returned, and ends by itself.
const std::atomic<bool>* WatchStop();

/// Used by one thread, for one command.
class Context {
 public:
  /// Reads the settings. Errors as LoadConfig().
  static Result<std::unique_ptr<Context>> Make(const GlobalOptions& options);

  [[nodiscard]] bool json() const { return options_.json; }
  [[nodiscard]] UnixTime now() const { return clock_.Now(); }
  Terminal& terminal() { return terminal_; }
  Config& config() { return config_; }
  [[nodiscard]] const ResolverSettings& settings() const { return config_.resolver; }
  const Clock& clock() const { return clock_; }

  /// The daemon that --socket names, or the one that owns the data folder, or else this process.
  /// kUnavailable if nobody answers at --socket.
  Result<Backend*> backend();
  /// The part of the daemon of backend() in the network of peers. kUnavailable if there is none,
  /// kInvalidArgument with --no-daemon.
  Result<daemon::SharingClient*> sharing();
  /// With --socket there is no data folder to read: kInvalidArgument.
  [[nodiscard]] Status NeedFolder() const;

  // Opened on first use, and owned by the context.
  Result<index::Store*> store();  ///< Fails as NeedFolder() too.
  Result<Prober*> prober();
  /// Null if DNS is switched off.
  Result<AddressLookup*> dns();
  KnownCertsFile& known_certs() { return known_certs_; }
  /// What is bound. Fails as NeedFolder() too.
  Result<std::shared_ptr<const KnownCerts>> known();
  /// True if a person can be shown what the folder holds, and asked.
  [[nodiscard]] bool CanAsk() const { return NeedFolder().ok() && terminal_.CanAsk(); }

  /// Indexes what handshakes have recorded, unless another process does for longer than `patience`.
  void CatchUp(std::chrono::milliseconds patience = {});

  /// Prints `error` (as JSON too, with --json) and returns its exit code.
  ExitCode Fail(const Error& error);

 private:
  Context(const GlobalOptions& options, Config config);
  /// Null if there is no daemon to ask.
  Result<std::unique_ptr<daemon::Client>> FindClient();

  GlobalOptions options_;
  Config config_;
  SystemClock clock_;
  Terminal terminal_;
  KnownCertsFile known_certs_;
  std::unique_ptr<index::Store> store_;
  std::unique_ptr<Prober> prober_;
  std::unique_ptr<AddressLookup> dns_;
  std::unique_ptr<Backend> backend_;
  std::unique_ptr<daemon::Client> sharing_;  // Commands that share need no backend.
};

/// The words of the command line as one text.
std::string Joined(const std::vector<std::string>& words);

}  // namespace commresolve::cli

#endif  // COMMRESOLVE_CLI_CONTEXT_H_
