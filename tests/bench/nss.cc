// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a host lookup costs through the NSS module, beside the other services of the C library.
//
// Interleaved rounds: in each, one child process per line-up, because a process keeps its line-up.
// Runs in a mount namespace with its own /run and an /etc/hosts of five lines, against a DNS server
// of its own on the loopback that answers from memory with no work at all: a floor for any caching
// resolver.

#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <nss.h>
#include <resolv.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "grpc/snapshot/snapshot.h"
#include "tests/bench/bench.h"

namespace {

using namespace commresolve;

constexpr int kRounds = 7;
constexpr int kCalls = 3000;
constexpr int kSkipped = 77;
constexpr char kBound[] = "name-77.cert.alt";
constexpr char kForeignName[] = "www.example.org";
constexpr char kSnapshotPath[] = "/run/commresolve/hosts.snap";

void WriteText(const char* path, const std::string& text) { std::ofstream(path) << text; }

bool EnterNamespace() {
  const uid_t uid = geteuid();
  const gid_t gid = getegid();
  if (unshare(uid == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
  if (uid != 0) {
    WriteText("/proc/self/setgroups", "deny");
    WriteText("/proc/self/uid_map", std::to_string(uid) + " " + std::to_string(uid) + " 1");
    WriteText("/proc/self/gid_map", std::to_string(gid) + " " + std::to_string(gid) + " 1");
  }
  if (mount("none", "/", "none", MS_REC | MS_PRIVATE, nullptr) != 0 ||
      mount("tmpfs", "/run", "tmpfs", 0, "mode=755") != 0) {
    return false;
  }
  WriteText("/run/hosts",
            "127.0.0.1 localhost\n::1 localhost ip6-localhost\n192.0.2.1 one.example\n"
            "192.0.2.2 two.example\n192.0.2.3 three.example\n");
  return mount("/run/hosts", "/etc/hosts", "none", MS_BIND, nullptr) == 0 &&
         mkdir("/run/commresolve", 0755) == 0;
}

std::string Build(int names) {
  std::vector<SnapshotRecord> records;
  records.reserve(static_cast<size_t>(names));
  for (int i = 0; i < names; ++i) {
    records.push_back({.name = "name-" + std::to_string(i) + ".cert.alt",
                       .canonical_name = {},
                       .addresses = {*IpAddress::Parse("192.0.2.7")},
                       .proved_until = 1LL << 40});
  }
  const auto built = BuildSnapshot(records, {.generation = 1,
                                             .created = 1,
                                             .not_after = 1LL << 40,
                                             .socket_allowed = false,
                                             .seed = {5, 6},
                                             .host_names = {}});
  if (!built.ok()) std::abort();
  return built->bytes;
}

/// Answers every question for an A record with one address, others with none.
[[noreturn]] void ServeDns(int fd) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  while (true) {
    char packet[600] = {};
    sockaddr_in from{};
    socklen_t size = sizeof from;
    const ssize_t length = recvfrom(fd, packet, 512, 0, reinterpret_cast<sockaddr*>(&from), &size);
    if (length < 17) continue;
    const bool wants_v4 = packet[length - 3] == 1;
    packet[2] = static_cast<char>(0x81);
    packet[3] = static_cast<char>(0x80);
    packet[7] = wants_v4 ? 1 : 0;
    packet[11] = 0;
    const char answer[] = "\xc0\x0c\0\1\0\1\0\0\1\0\0\4\xc0\0\2\x07";
    if (wants_v4) std::memcpy(packet + length, answer, 16);
    sendto(fd, packet, static_cast<size_t>(length) + (wants_v4 ? 16 : 0), 0,
           reinterpret_cast<sockaddr*>(&from), size);
  }
}

struct LineUp {
  const char* title;
  const char* services;  ///< nullptr: the module's function alone.
  const char* name;
  int names;  ///< In the snapshot.
  std::vector<double> p50 = {};
  std::vector<double> p99 = {};
};

struct Figures {
  double p50, p99;
};

Figures Time(const std::function<bool()>& call) {
  std::vector<double> spent;
  for (int i = 0; i < 200; ++i) call();
  for (int i = 0; i < kCalls; ++i) {
    const auto start = std::chrono::steady_clock::now();
    if (!call()) _exit(3);
    spent.push_back(
        std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start)
            .count());
  }
  std::sort(spent.begin(), spent.end());
  return {spent[spent.size() / 2], spent[spent.size() * 99 / 100]};
}

Figures Measure(const LineUp& line, const sockaddr_in& dns) {
  void* module = dlopen(COMMRESOLVE_NSS_MODULE, RTLD_NOW);
  if (module == nullptr || res_init() != 0) _exit(4);
  _res.nscount = 1;
  _res.nsaddr_list[0] = dns;
  if (line.services == nullptr) {
    using Function = nss_status(const char*, gaih_addrtuple**, char*, size_t, int*, int*, int32_t*);
    auto* const function =
        reinterpret_cast<Function*>(dlsym(module, "_nss_commresolve_gethostbyname4_r"));
    return Time([&] {
      char buffer[1024];
      gaih_addrtuple* tuple = nullptr;
      int error = 0;
      int host_error = 0;
      return function(line.name, &tuple, buffer, sizeof buffer, &error, &host_error, nullptr) !=
             NSS_STATUS_TRYAGAIN;
    });
  }
  __nss_configure_lookup("hosts", line.services);
  return Time([&] {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    if (getaddrinfo(line.name, nullptr, &hints, &list) != 0) return false;
    freeaddrinfo(list);
    return true;
  });
}

/// One child; false if it could not look the name up.
bool Run(LineUp* line, const sockaddr_in& dns) {
  int ends[2];
  if (pipe(ends) != 0) std::abort();
  const pid_t child = fork();
  if (child == 0) {
    const Figures figures = Measure(*line, dns);
    _exit(write(ends[1], &figures, sizeof figures) == sizeof figures ? 0 : 1);
  }
  close(ends[1]);
  Figures figures{};
  const bool read_all = read(ends[0], &figures, sizeof figures) == sizeof figures;
  close(ends[0]);
  waitpid(child, nullptr, 0);
  if (!read_all) return false;
  line->p50.push_back(figures.p50);
  line->p99.push_back(figures.p99);
  return true;
}

double Median(const std::vector<double>& values) { return bench::Percentile(values, 0.5); }

}  // namespace

int main() {
  if (!EnterNamespace()) {
    std::printf("skipped: no mount namespace (root or user namespaces are needed)\n");
    return kSkipped;
  }
  const int dns_socket = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in dns{};
  dns.sin_family = AF_INET;
  dns.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof dns;
  if (bind(dns_socket, reinterpret_cast<sockaddr*>(&dns), size) != 0 ||
      getsockname(dns_socket, reinterpret_cast<sockaddr*>(&dns), &size) != 0) {
    return 1;
  }
  const pid_t server = fork();
  if (server == 0) ServeDns(dns_socket);

  constexpr char kWithUs[] = "files commresolve [!UNAVAIL=return] dns";
  std::vector<LineUp> lines = {
      {"module alone, hit, 100,000 names", nullptr, kBound, 100'000},
      {"module alone, hit, 1,000,000 names", nullptr, kBound, 1'000'000},
      {"module alone, foreign name", nullptr, kForeignName, 100'000},
      {"getaddrinfo: files, 5 lines", "files", "two.example", 100'000},
      {"getaddrinfo: commresolve, 100,000 names", "commresolve", kBound, 100'000},
      {"getaddrinfo: commresolve, 1,000,000 names", "commresolve", kBound, 1'000'000},
      {"getaddrinfo: myhostname", "myhostname", "localhost", 100'000},
      {"getaddrinfo: dns, loopback", "dns", kForeignName, 100'000},
      {"foreign name: files dns", "files dns", kForeignName, 100'000},
      {"foreign name: files commresolve dns", kWithUs, kForeignName, 100'000},
  };
  const std::pair<int, std::string> snapshots[] = {{100'000, Build(100'000)},
                                                   {1'000'000, Build(1'000'000)}};
  for (int round = 0; round < kRounds; ++round) {
    for (const auto& [names, bytes] : snapshots) {
      if (!PublishSnapshot(kSnapshotPath, bytes).ok()) return 1;
      for (LineUp& line : lines) {
        if (line.names == names && !Run(&line, dns) && round == 0) {
          std::printf("not available: %s\n", line.title);
        }
      }
    }
  }
  kill(server, SIGKILL);
  waitpid(server, nullptr, 0);
  std::printf("%s\n", bench::Machine().c_str());
  std::printf("%-44s %10s %10s %10s\n", "microseconds", "p50 best", "p50 med", "p99 med");
  for (const LineUp& line : lines) {
    std::printf("%-44s %10.2f %10.2f %10.2f\n", line.title, bench::Percentile(line.p50, 0),
                Median(line.p50), Median(line.p99));
  }
  const double files = Median(lines[3].p50);
  std::printf("\nhit over files: %.2f (100,000 names), %.2f (1,000,000 names)\n",
              Median(lines[4].p50) / files, Median(lines[5].p50) / files);
  std::printf("dns over hit: %.1f\n", Median(lines[7].p50) / Median(lines[4].p50));
  std::printf("cost of a foreign name: %+.2f us (best against best)\n",
              bench::Percentile(lines[9].p50, 0) - bench::Percentile(lines[8].p50, 0));
  return 0;
}
