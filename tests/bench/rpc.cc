// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// gRPC over the Unix socket of a real commresolved: Search and cached Resolve next to a unary call
// of the same server that does nothing (the health check), in turn in one run.
//
//   bench_rpc [CERTIFICATES] [SECONDS]     (100,000 and 3 by default; seconds for each line)

#include <fcntl.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/client_unary_call.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <random>
#include <thread>

#include "commresolve/v1/keeper_service.pb.h"
#include "commresolve/v1/resolver_service.grpc.pb.h"
#include "index/recorder.h"
#include "resolver/resolver.h"
#include "tests/bench/bench.h"
#include "tests/bench/generator.h"
#include "tests/fakes/certificates.h"
#include "tests/fakes/tls_server.h"

namespace commresolve::bench {
namespace {

namespace proto = ::commresolve::v1;

constexpr size_t kMostConnections = 16;  // As many as a user may have.
constexpr size_t kTurns = 3;             // Of each kind of call, for each number of clients.
constexpr const char* kBoundWords = "bench target";

/// A folder with `count` certificates, and words bound to `server`.
void Fill(const std::string& folder, size_t count, const fakes::TlsServer& server,
          const KeyId& key) {
  const SystemClock clock;
  const auto store = Need(index::Store::Open(folder, ""));
  index::Recorder recorder(*store);
  const Generator generator;
  for (size_t i = 0; i < count; ++i) {
    Need(recorder.Add({{generator.Make(i).der}, std::nullopt, clock.Now(), "import", false, ""}));
  }
  Need(recorder.Finish({}));
  const auto prober = Need(Prober::Make(clock));
  KnownCertsFile known(store->known_certs_path());
  Resolver resolver({}, {&clock, &known, store.get(), store.get(), nullptr, prober.get()});
  RaceResult race = prober->Race({server.endpoint()}, {}, [](const Handshake&) { return true; });
  if (!race.winner) Fail(race.losers.front().handshake.error());
  Need(store->RecordHandshake(race.winner->handshake));
  Need(resolver.Bind(Need(KeywordSet::FromText(kBoundWords)), key, Tier::kPinned, false, "", ""));
}

/// The daemon under test, from start to SIGTERM.
class Daemon {
 public:
  explicit Daemon(const std::string& folder) : socket_(folder + "/run/grpc.sock") {
    const std::string data = folder + "/data";
    const std::string runtime = folder + "/run";
    process_ = ::fork();
    if (process_ != 0) return;
    ::dup2(::open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
    ::execl(COMMRESOLVED, COMMRESOLVED, "--data-dir", data.c_str(), "--runtime-dir",
            runtime.c_str(), nullptr);
    ::_exit(127);
  }
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;
  ~Daemon() {
    ::kill(process_, SIGTERM);
    ::waitpid(process_, nullptr, 0);
  }
  [[nodiscard]] const std::string& socket() const { return socket_; }
  /// CPU seconds that it has used.
  [[nodiscard]] double Cpu() const {
    clockid_t clock{};
    timespec time{};
    if (::clock_getcpuclockid(process_, &clock) != 0 || ::clock_gettime(clock, &time) != 0) {
      Fail({Code::kInternal, "the CPU time of the daemon cannot be read"});
    }
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
  }

 private:
  std::string socket_;
  pid_t process_ = -1;
};

/// A connection of its own.
std::shared_ptr<grpc::Channel> Connect(const std::string& socket) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel("unix:" + socket, grpc::InsecureChannelCredentials(), arguments);
}

/// One that asks; several share a connection if there are more than a user may have.
class Client {
 public:
  explicit Client(std::shared_ptr<grpc::Channel> channel) : channel_(std::move(channel)) {
    if (!channel_->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(30))) {
      Fail({Code::kUnavailable, "the daemon does not answer"});
    }
    resolver_ = proto::ResolverService::NewStub(channel_);
  }

  void DoNothing() {
    // Debian has no generated class for this service. Its request may be empty, and what is not
    // known of the response is skipped.
    static const grpc::internal::RpcMethod kCheck("/grpc.health.v1.Health/Check",
                                                  grpc::internal::RpcMethod::NORMAL_RPC);
    grpc::ClientContext context;
    const proto::UnbindResponse nothing;
    proto::UnbindResponse response;
    Check(grpc::internal::BlockingUnaryCall<proto::UnbindResponse, proto::UnbindResponse>(
        channel_.get(), kCheck, &context, nothing, &response));
  }
  void Resolve() {
    grpc::ClientContext context;
    proto::ResolveRequest request;
    request.set_name(kBoundWords);
    proto::ResolveResponse response;
    Check(resolver_->Resolve(&context, request, &response));
    if (response.answer().fresh()) Fail({Code::kInternal, "the answer was not on record"});
  }
  void Search(const std::string& query) {
    grpc::ClientContext context;
    proto::SearchRequest request;
    request.set_query(query);
    const auto reader = resolver_->Search(&context, request);
    proto::SearchResponse response;
    while (reader->Read(&response)) {
    }
    Check(reader->Finish());
  }

 private:
  static void Check(const grpc::Status& status) {
    if (!status.ok()) Fail({Code::kUnavailable, status.error_message()});
  }
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<proto::ResolverService::Stub> resolver_;
};

struct Kind {
  const char* name;
  std::function<void(Client&, std::mt19937_64&)> call;
  std::vector<double> times = {};
  double seconds = 0;
  double daemon_cpu = 0;
};

/// All clients call at once, as fast as they can, for `seconds`.
void Run(const Daemon& daemon, std::vector<std::unique_ptr<Client>>& clients, Kind& kind,
         double seconds) {
  std::vector<std::vector<double>> times(clients.size());
  std::vector<std::thread> threads;
  const double cpu = daemon.Cpu();
  const double begin = WallClock();
  for (size_t i = 0; i < clients.size(); ++i) {
    threads.emplace_back([&, i] {
      std::mt19937_64 random(i);
      double now = WallClock();
      while (now - begin < seconds) {
        kind.call(*clients[i], random);
        const double end = WallClock();
        times[i].push_back(end - now);
        now = end;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  kind.seconds += WallClock() - begin;
  kind.daemon_cpu += daemon.Cpu() - cpu;
  for (const auto& some : times) kind.times.insert(kind.times.end(), some.begin(), some.end());
}

/// Searches for the names of those who own the first `count` certificates.
void Measure(const Daemon& daemon, size_t count, size_t client_count, double seconds) {
  const World world(kSeed);
  std::vector<std::shared_ptr<grpc::Channel>> channels(std::min(client_count, kMostConnections));
  for (auto& channel : channels) channel = Connect(daemon.socket());
  std::vector<std::unique_ptr<Client>> clients;
  for (size_t i = 0; i < client_count; ++i) {
    clients.push_back(std::make_unique<Client>(channels[i % channels.size()]));
  }
  std::vector<Kind> kinds = {
      {"no-op", [](Client& client, auto& /*random*/) { client.DoNothing(); }},
      {"Resolve", [](Client& client, auto& /*random*/) { client.Resolve(); }},
      {"Search", [&world, count](Client& client, auto& random) {
         const uint64_t owner = world.OwnerOf(world.FirstCertificate(random() % count));
         client.Search(world.OrganizationOf(owner).Name());
       }}};
  for (size_t turn = 0; turn < kTurns; ++turn) {
    for (Kind& kind : kinds) Run(daemon, clients, kind, seconds / kTurns);
  }
  const double floor = Percentile(kinds.front().times, 0.5);
  for (const Kind& kind : kinds) {
    const auto calls = static_cast<double>(kind.times.size());
    std::printf("%7zu  %-8s %9.0f %9.0f %10.0f %9.2f %12.0f\n", client_count, kind.name,
                Percentile(kind.times, 0.5) * 1e6, Percentile(kind.times, 0.99) * 1e6,
                calls / kind.seconds, Percentile(kind.times, 0.5) / floor,
                kind.daemon_cpu / calls * 1e6);
  }
}

int Main(size_t count, double seconds) {
  std::printf("machine: %s\n%zu certificates\n", Machine().c_str(), count);
  const Folder folder;
  const auto certificate = fakes::MakeCertificate({.names = {"target.example"}});
  const fakes::TlsServer server(certificate);
  Fill(folder.path() + "/data", count, server, certificate.key_id());
  const Daemon daemon(folder.path());
  std::printf("%7s  %-8s %9s %9s %10s %9s %12s\n", "clients", "call", "p50 us", "p99 us", "calls/s",
              "x no-op", "us CPU/call");
  for (const size_t clients : {1, 8, 64}) Measure(daemon, count, clients, seconds);
  return 0;
}

}  // namespace
}  // namespace commresolve::bench

int main(int argc, char** argv) {
  const size_t count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 100'000;
  const double seconds = argc > 2 ? std::strtod(argv[2], nullptr) : 3;
  return commresolve::bench::Main(count == 0 ? 1 : count, seconds);
}
