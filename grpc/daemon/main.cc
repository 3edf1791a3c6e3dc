// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Entry point of `commresolved`: start everything in order, wait for signals, stop in reverse.

#include <netdb.h>
#include <nss.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include "grpc/daemon/doors.h"
#include "grpc/daemon/metrics.h"
#include "grpc/daemon/metrics_server.h"
#include "grpc/daemon/nss_answerer.h"
#include "grpc/daemon/options.h"
#include "grpc/daemon/publisher.h"
#include "grpc/daemon/rpc_server.h"
#include "grpc/daemon/service_manager.h"
#include "grpc/engine/held_index.h"
#include "grpc/engine/refresher.h"
#include "grpc/engine/wide_search.h"
#include "grpc/sharing/peer_sharing.h"

namespace commresolve::daemon {
namespace {

constexpr int kUsage = 2;
constexpr int kUnavailable = 4;
constexpr size_t kRefreshesAtOnce = 4;
constexpr std::chrono::milliseconds kLookEvery{2'000};

/// One line for the journal. Never a name that somebody asked for.
void Log(const char* level, const std::string& text) {
  std::cerr << "commresolved: level=" << level << " " << text << '\n' << std::flush;
}

int Fail(const Error& error) {
  std::cerr << "commresolved: error: " << error.message << '\n';
  if (!error.hint.empty()) std::cerr << "commresolved: hint: " << error.hint << '\n';
  return error.code == Code::kInvalidArgument ? kUsage : kUnavailable;
}

/// Signals are taken by Wait() alone; threads started later inherit the mask.
sigset_t BlockSignals() {
  sigset_t signals;
  ::sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&signals, signal);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  struct sigaction ignore{};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignore, nullptr);
  return signals;
}

void Reload(Engine& engine, const DaemonOptions& options) {
  auto config = LoadConfig(options.config, options.data_dir);
  const Status status = config.ok() ? engine.Reload(std::move(*config)) : Status(config.error());
  if (status.ok()) {
    Log("info", "event=reloaded");
  } else {
    Log("error", "event=reload_failed reason=\"" + status.error().message + "\"");
  }
}

/// Tells the journal when something begins or ceases to fail, and not each time that it does.
class ProblemLog {
 public:
  explicit ProblemLog(std::string what) : what_(std::move(what)) {}
  void Note(const std::string& problem) {
    if (problem == last_) return;
    if (problem.empty()) {
      Log("info", "event=" + what_ + "_recovered");
    } else {
      Log("error", "event=" + what_ + "_failed reason=\"" + problem + "\"");
    }
    last_ = problem;
  }

 private:
  const std::string what_;
  std::string last_;
};

void Wait(const sigset_t& signals, const std::function<void()>& reload,
          const std::function<void()>& look) {
  const auto watchdog = WatchdogInterval();
  for (;;) {
    const auto patience = std::min(watchdog.value_or(kLookEvery), kLookEvery);
    look();
    const timespec time{std::chrono::duration_cast<std::chrono::seconds>(patience).count(),
                        patience.count() % 1'000 * 1'000'000};
    const int signal = ::sigtimedwait(&signals, nullptr, &time);
    if (watchdog) NotifyServiceManager("WATCHDOG=1");
    if (signal == SIGHUP) reload();
    if (signal == SIGTERM || signal == SIGINT) return;
  }
}

/// Every program must be able to enter that of the system.
Status MakeRuntimeFolder(const DaemonOptions& options) {
  if (!options.system) return MakePrivateFolder(options.runtime_dir);
  if (::mkdir(options.runtime_dir.c_str(), 0755) == 0 || errno == EEXIST) {
    return CheckWriters(options.runtime_dir);
  }
  return Error{Code::kUnavailable,
               "cannot create " + options.runtime_dir + ": " + std::strerror(errno)};
}

/// Null if its files cannot be used: names are answered all the same.
std::unique_ptr<PeerSharing> SharingOf(Engine& engine) {
  auto sharing = PeerSharing::Open(engine);
  if (sharing.ok()) return std::move(*sharing);
  Log("error", "event=sharing_failed reason=\"" + sharing.error().message + "\"");
  return nullptr;
}

/// Null if there is nobody to ask but the engine.
Result<std::unique_ptr<WideSearch>> SearchOf(Engine& engine) {
  COMMRESOLVE_ASSIGN(servers, IndexServersOf(*engine.config()));
  if (servers == nullptr) return std::unique_ptr<WideSearch>();
  return std::make_unique<WideSearch>(engine, std::move(servers));
}

Result<int> ServeIndex(const DaemonOptions& options, const sigset_t& signals) {
  COMMRESOLVE_ASSIGN(config, LoadConfig(options.config, options.data_dir));
  COMMRESOLVE_ASSIGN(tcp, TcpDoorOf(config));
  if (!tcp) {
    return Error{Code::kInvalidArgument, "an index server needs the settings for TCP",
                 "set grpc_listen, grpc_certificate, grpc_key and grpc_client_ca"};
  }
  COMMRESOLVE_TRY(MakeRuntimeFolder(options));
  const SystemClock clock;
  const std::string listen = config.grpc_listen;
  COMMRESOLVE_ASSIGN(index, HeldIndex::Open(std::move(config), clock));
  COMMRESOLVE_ASSIGN(
      server, RpcServer::StartIndex(
                  *index, {options.runtime_dir + "/grpc.sock",
                           options.system ? mode_t{0666} : mode_t{0600}, "", std::move(tcp)}));
  NotifyServiceManager("READY=1");
  Log("info", "event=started index_server=" + listen + " runtime_dir=" + options.runtime_dir);
  Wait(
      signals,
      [] { Log("error", "event=reload_failed reason=\"an index server has to be restarted\""); },
      [] {});
  NotifyServiceManager("STOPPING=1");
  Log("info", "event=stopping");
  return 0;
}

Result<int> Serve(const DaemonOptions& options, const sigset_t& signals) {
  COMMRESOLVE_ASSIGN(config, LoadConfig(options.config, options.data_dir));
  COMMRESOLVE_TRY(MakeRuntimeFolder(options));
  const std::string folder = options.runtime_dir + "/";
  const SystemClock clock;
  COMMRESOLVE_ASSIGN(engine, Engine::Open(std::move(config), clock, options.runtime_dir));
  // Before everything that resolves: that may be asking its observers until it ends.
  const std::unique_ptr<PeerSharing> sharing = SharingOf(*engine);
  NssAnswerer answerer(*engine);
  NssEndpointOptions nss;
  nss.inherited = InheritedSocket("nss");
  if (!nss.inherited.valid()) nss.path = folder + "nss.sock";
  nss.mode = options.system ? 0666 : 0600;
  COMMRESOLVE_ASSIGN(
      endpoint, NssEndpoint::Start(std::move(nss), [&](NssQuestion question, NssReplier replier) {
        answerer.Take(std::move(question), std::move(replier));
      }));
  COMMRESOLVE_ASSIGN(tcp, TcpDoorOf(*engine->config()));
  COMMRESOLVE_ASSIGN(search, SearchOf(*engine));
  COMMRESOLVE_ASSIGN(
      server, RpcServer::Start(
                  *engine, {folder + "grpc.sock", options.system ? mode_t{0666} : mode_t{0600},
                            folder + "keeper.sock", std::move(tcp), search.get(), sharing.get()}));
  Publisher publisher(*engine, folder + "hosts.snap");
  Refresher refresher(*engine, kRefreshesAtOnce);
  const UnixTime started_at = clock.Now();
  COMMRESOLVE_ASSIGN(
      metrics, MetricsServer::Start(folder + "metrics.sock", [&] {
        const auto known = engine->known_certs();
        return MetricsText({.version = COMMRESOLVE_VERSION,
                            .started_at = started_at,
                            .bindings = known.ok() ? (*known)->bindings().size() : 0,
                            .known_certs_readable = known.ok(),
                            .index_healthy = engine->index_problem().empty(),
                            .publisher = publisher.counts(),
                            .refresher = refresher.counts(),
                            .nss = endpoint->counters(),
                            .calls = server->calls(),
                            .sharing = sharing ? std::optional(sharing->status()) : std::nullopt});
      }));
  engine->OnChange([&] {
    publisher.Wake();
    refresher.Wake();
  });
  NotifyServiceManager("READY=1");
  Log("info", "event=started runtime_dir=" + options.runtime_dir);
  ProblemLog publishing("publish");
  ProblemLog recording("record");
  ProblemLog indexing("index");
  ProblemLog peering("sharing");
  Wait(
      signals, [&] { Reload(*engine, options); },
      [&] {
        publishing.Note(publisher.counts().problem);
        recording.Note(engine->record_problem());
        indexing.Note(engine->index_problem());
        if (sharing) peering.Note(sharing->problem());
      });
  NotifyServiceManager("STOPPING=1");
  Log("info", "event=stopping");
  engine->OnChange(nullptr);
  endpoint->Stop();
  if (search) search->End();
  return 0;
}

int Run(int argc, char** argv) {
  // Or a lookup in this process would ask this process.
  ::__nss_configure_lookup("hosts", "files dns");
  ::setenv("COMMRESOLVE_NSS_SOCKET", "0", 1);
  // Anybody on the network could fill the journal with its lines.
  ::setenv("GRPC_VERBOSITY", "NONE", 0);
  const auto options = ParseOptions(argc, argv);
  if (!options.ok()) return Fail(options.error());
  if (options->help) {
    std::cout << HelpText();
    return 0;
  }
  if (options->version) {
    std::cout << "commresolved " COMMRESOLVE_VERSION "\n";
    return 0;
  }
  const sigset_t signals = BlockSignals();
  const auto served =
      options->index_server ? ServeIndex(*options, signals) : Serve(*options, signals);
  if (!served.ok()) return Fail(served.error());
  return *served;
}

}  // namespace
}  // namespace commresolve::daemon

int main(int argc, char** argv) { return commresolve::daemon::Run(argc, argv); }
