// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a host lookup costs through the NSS module, beside the other services of the C library.
//
// Interleaved rounds: in each, one child process per line-up, because a process keeps its line-up.
// Runs in a mount namespace with its own /run and an /etc/hosts of five lines. DNS is asked of two
// servers on the loopback: one that does no work at all, a floor for any resolver, and unbound,
// which answers from its cache. Services that are not installed are left out, and named.

#include <dlfcn.h>
#include <netdb.h>
#include <nss.h>
#include <resolv.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "grpc/snapshot/snapshot.h"
#include "tests/bench/bench.h"
#include "tests/bench/dns_server.h"

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

struct LineUp {
  const char* title;
  const char* services;  ///< nullptr: the module's function alone.
  const char* name;
  int names;  ///< In the snapshot.
  const sockaddr_in* dns = nullptr;
  const bench::DnsServer* upstream = nullptr;  ///< Of a cache: it should be asked hardly ever.
  uint64_t passed_on = 0;                      ///< Questions that came to the upstream.
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

Figures Measure(const LineUp& line) {
  void* module = dlopen(COMMRESOLVE_NSS_MODULE, RTLD_NOW);
  if (module == nullptr || res_init() != 0) _exit(4);
  if (line.dns != nullptr) {
    _res.nscount = 1;
    _res.nsaddr_list[0] = *line.dns;
  }
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
bool Run(LineUp* line) {
  int ends[2];
  if (pipe(ends) != 0) std::abort();
  const uint64_t asked = line->upstream == nullptr ? 0 : line->upstream->questions();
  const pid_t child = fork();
  if (child == 0) {
    const Figures figures = Measure(*line);
    _exit(write(ends[1], &figures, sizeof figures) == sizeof figures ? 0 : 1);
  }
  close(ends[1]);
  Figures figures{};
  const bool read_all = read(ends[0], &figures, sizeof figures) == sizeof figures;
  close(ends[0]);
  waitpid(child, nullptr, 0);
  if (!read_all) return false;
  if (line->upstream != nullptr) line->passed_on += line->upstream->questions() - asked;
  line->p50.push_back(figures.p50);
  line->p99.push_back(figures.p99);
  return true;
}

double Median(const std::vector<double>& values) { return bench::Percentile(values, 0.5); }

/// All lines in turn, again and again. A line that cannot be had is named, and taken out.
bool Interleave(std::vector<LineUp>* lines) {
  const std::pair<int, std::string> snapshots[] = {{100'000, Build(100'000)},
                                                   {1'000'000, Build(1'000'000)}};
  for (int round = 0; round < kRounds; ++round) {
    for (const auto& [names, bytes] : snapshots) {
      if (!PublishSnapshot(kSnapshotPath, bytes).ok()) return false;
      std::erase_if(*lines, [&names = names](LineUp& line) {
        if (line.names != names || Run(&line)) return false;
        std::printf("not available: %s\n", line.title);
        return true;
      });
    }
  }
  return true;
}

void Print(const std::vector<LineUp>& lines) {
  std::printf("%s\n%-44s %10s %10s %10s\n", bench::Machine().c_str(), "microseconds", "p50 best",
              "p50 med", "p99 med");
  for (const LineUp& line : lines) {
    std::printf("%-44s %10.2f %10.2f %10.2f\n", line.title, bench::Percentile(line.p50, 0),
                Median(line.p50), Median(line.p99));
  }
  for (const LineUp& line : lines) {
    if (line.upstream == nullptr) continue;
    std::printf("%s: %llu of %d lookups were not answered from the cache\n", line.title,
                static_cast<unsigned long long>(line.passed_on), kRounds * (kCalls + 200));
  }
}

/// The p50 of one line over that of another; nothing if one of them was not to be had.
void PrintRatio(const char* what, const std::vector<LineUp>& lines, const char* over,
                const char* under, const char* target) {
  const auto over_line = std::ranges::find(lines, std::string_view(over), &LineUp::title);
  const auto under_line = std::ranges::find(lines, std::string_view(under), &LineUp::title);
  if (over_line == lines.end() || under_line == lines.end()) return;
  std::printf("%-44s %10.2f   target: %s\n", what, Median(over_line->p50) / Median(under_line->p50),
              target);
}

constexpr char kAlone[] = "module alone, hit, 100,000 names";
constexpr char kAloneMany[] = "module alone, hit, 1,000,000 names";
constexpr char kFiles[] = "getaddrinfo: files, 5 lines";
constexpr char kHit[] = "getaddrinfo: commresolve, 100,000 names";
constexpr char kHitMany[] = "getaddrinfo: commresolve, 1,000,000 names";
constexpr char kMyHostName[] = "getaddrinfo: myhostname";
constexpr char kIdleDns[] = "getaddrinfo: dns, server without work";
constexpr char kUnbound[] = "getaddrinfo: dns, unbound, cached";
constexpr char kWithout[] = "foreign name: files dns";
constexpr char kWith[] = "foreign name: files commresolve dns";

void PrintRatios(const std::vector<LineUp>& lines) {
  std::printf("\np50 med over p50 med\n");
  PrintRatio("hit over files, 100,000 names", lines, kHit, kFiles, "at most 1");
  PrintRatio("hit over files, 1,000,000 names", lines, kHitMany, kFiles, "at most 1");
  PrintRatio("1,000,000 names over 100,000", lines, kHitMany, kHit, "0.9 to 1.1");
  PrintRatio("the same, module alone", lines, kAloneMany, kAlone, "0.9 to 1.1");
  PrintRatio("unbound over hit", lines, kUnbound, kHit, "at least 6");
  PrintRatio("server without work over hit", lines, kIdleDns, kHit, "none");
  PrintRatio("myhostname over hit", lines, kMyHostName, kHit, "none");
  const auto with = std::ranges::find(lines, std::string_view(kWith), &LineUp::title);
  const auto without = std::ranges::find(lines, std::string_view(kWithout), &LineUp::title);
  if (with == lines.end() || without == lines.end()) return;
  std::vector<double> costs;
  for (size_t i = 0; i < with->p50.size(); ++i) costs.push_back(with->p50[i] - without->p50[i]);
  std::printf("%-44s %+10.2f   target: at most 4\n", "microseconds more for a foreign name",
              Median(costs));
}

}  // namespace

int main() {
  if (!EnterNamespace()) {
    std::printf("skipped: no mount namespace (root or user namespaces are needed)\n");
    return kSkipped;
  }
  const auto idle = bench::DnsServer::StartIdle();
  if (idle == nullptr) return 1;
  const auto unbound = bench::DnsServer::StartUnbound(*idle, "/run", kForeignName);
  constexpr char kWithUs[] = "files commresolve [!UNAVAIL=return] dns";
  std::vector<LineUp> lines = {
      {kAlone, nullptr, kBound, 100'000},
      {kAloneMany, nullptr, kBound, 1'000'000},
      {"module alone, foreign name", nullptr, kForeignName, 100'000},
      {kFiles, "files", "two.example", 100'000},
      {kHit, "commresolve", kBound, 100'000},
      {kHitMany, "commresolve", kBound, 1'000'000},
      {kMyHostName, "myhostname", "localhost", 100'000},
      {kIdleDns, "dns", kForeignName, 100'000, &idle->address()},
      {kWithout, "files dns", kForeignName, 100'000, &idle->address()},
      {kWith, kWithUs, kForeignName, 100'000, &idle->address()},
  };
  if (unbound == nullptr) {
    std::printf("not available: %s\n", kUnbound);
  } else {
    lines.push_back({kUnbound, "dns", kForeignName, 100'000, &unbound->address(), idle.get()});
  }
  if (!Interleave(&lines)) return 1;
  Print(lines);
  PrintRatios(lines);
  return 0;
}
