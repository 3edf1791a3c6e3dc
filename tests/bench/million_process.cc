// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `commresolve search` as a whole process, from its start to its end.

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>

#include "resolver/base/unique_fd.h"
#include "tests/bench/bench.h"
#include "tests/bench/million.h"

namespace commresolve::bench {
namespace {

constexpr size_t kNames = 20;
constexpr size_t kHotWords = 5;
constexpr size_t kWarmRuns = 3;  // Of each query.

/// Seconds.
double Search(const Million& million, const std::string& query) {
  std::array<std::string, 6> words = {COMMRESOLVE_PROGRAM,      "--no-daemon", "--data-dir",
                                      million.folder + "/data", "search",      query};
  std::array<char*, 7> arguments{};
  for (size_t i = 0; i < words.size(); ++i) arguments.at(i) = words.at(i).data();
  posix_spawn_file_actions_t quiet;
  posix_spawn_file_actions_init(&quiet);
  for (const int fd : {STDOUT_FILENO, STDERR_FILENO}) {
    posix_spawn_file_actions_addopen(&quiet, fd, "/dev/null", O_WRONLY, 0);
  }
  const double begin = WallClock();
  pid_t child = 0;
  int status = -1;
  if (posix_spawn(&child, words[0].c_str(), &quiet, nullptr, arguments.data(), environ) == 0) {
    static_cast<void>(::waitpid(child, &status, 0));
  }
  const double seconds = WallClock() - begin;
  posix_spawn_file_actions_destroy(&quiet);
  if (status != 0) Fail({Code::kUnavailable, words[0] + " did not find " + query});
  return seconds;
}

/// Takes the data out of the system's cache; the programs stay.
void Cool(const std::string& folder) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const UniqueFd file(::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.valid()) continue;
    static_cast<void>(::fdatasync(file.get()));
    static_cast<void>(::posix_fadvise(file.get(), 0, 0, POSIX_FADV_DONTNEED));
  }
}

void Measure(const Million& million, const std::string& name,
             const std::vector<std::string>& queries) {
  std::vector<double> warm;
  std::vector<double> cold;
  for (const std::string& query : queries) {
    Cool(million.folder + "/data");
    cold.push_back(Search(million, query));
    for (size_t i = 0; i < kWarmRuns; ++i) warm.push_back(Search(million, query));
  }
  Report(name + ", data in the cache, p50", Percentile(warm, 0.5) * 1e3, "ms", Maximum(30));
  Report(name + ", data in the cache, p90", Percentile(warm, 0.9) * 1e3, "ms");
  Report(name + ", data on the disk, p50", Percentile(cold, 0.5) * 1e3, "ms", Maximum(100));
  Report(name + ", data on the disk, p90", Percentile(cold, 0.9) * 1e3, "ms");
}

/// Of different owners, the large ones more often: as many as there are certificates of each.
std::vector<std::string> Names(const Million& million) {
  const World& world = million.generator.world();
  Random random(kSeed, 7, million.count);
  std::vector<std::string> names;
  while (names.size() < kNames) {
    const Identity identity = world.IdentityOf(world.FirstCertificate(random.Below(million.count)));
    if (identity.organization.words.size() == 2) names.push_back(identity.organization.Name());
  }
  return names;
}

}  // namespace

void MeasureProcess(Million& million) {
  Heading("7. commresolve search, from start to end");
  million.store.reset();  // A file that is mapped stays in the cache.
  million.fts5.reset();
  Measure(million, "a name", Names(million));
  Measure(million, "a hot word", {CommonWords().begin(), CommonWords().begin() + kHotWords});
}

}  // namespace commresolve::bench
