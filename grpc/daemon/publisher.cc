// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Collect, compare, write.

#include "grpc/daemon/publisher.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

#include "grpc/daemon/name_records.h"
#include "resolver/base/unique_fd.h"

namespace commresolve::daemon {
namespace {

using std::chrono::seconds;

constexpr int64_t kSnapshotLasts = 120;
constexpr int64_t kRenewEvery = 60;
constexpr seconds kLeastBetween{1};

std::vector<std::string> HostNames() {
  char name[256] = {};
  if (::gethostname(name, sizeof name - 1) != 0 || name[0] == '\0') return {};
  return {name};
}

/// Opens `path` for writing and closes it again, which is what a watcher waits for. Never leaves
/// anything else behind, whenever the process dies.
Status Touch(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
                           S_IRUSR | S_IWUSR));
  if (fd.valid()) return {};
  return Error{Code::kUnavailable, "cannot write " + path + ": " + std::strerror(errno)};
}

}  // namespace

Publisher::Publisher(Engine& engine, std::string path)
    : engine_(engine), path_(std::move(path)), thread_([this] { Run(); }) {}

Publisher::~Publisher() {
  {
    const std::scoped_lock guard(lock_);
    stop_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Publisher::Wake() {
  {
    const std::scoped_lock guard(lock_);
    woken_ = true;
  }
  wake_.notify_all();
}

Publisher::Counts Publisher::counts() const {
  const std::scoped_lock guard(lock_);
  return counts_;
}

void Publisher::Run() {
  std::unique_lock guard(lock_);
  while (!stop_) {
    woken_ = false;
    guard.unlock();
    const Status status = Publish();
    guard.lock();
    counts_.problem = status.ok() ? "" : status.error().message;
    if (!status.ok()) ++counts_.failed;
    wake_.wait_for(guard, kLeastBetween, [this] { return stop_; });
    // An edit of known_certs by another program wakes nobody: look every few seconds.
    wake_.wait_for(guard, seconds(4), [this] { return stop_ || woken_; });
  }
}

Status Publisher::Publish() {
  COMMRESOLVE_ASSIGN(known, engine_.known_certs());
  const auto config = engine_.config();
  const UnixTime now = engine_.clock().Now();
  COMMRESOLVE_ASSIGN(records, NameRecords(*known, *config, now, [this](const KeyId& key) {
                       return engine_.FindKey(key);
                     }));
  // By the clock that readers have, which may have been set meanwhile.
  const bool due = now < created_ || now - created_ >= kRenewEvery;
  if (!due && records == last_) return {};
  SnapshotOptions options;
  options.generation = ++generation_;
  options.created = now;
  options.not_after = now + kSnapshotLasts;
  options.host_names = HostNames();
  if (::getrandom(options.seed.data(), sizeof options.seed, 0) !=
      static_cast<ssize_t>(sizeof options.seed)) {
    return Error{Code::kUnavailable, "no random numbers from the system"};
  }
  COMMRESOLVE_ASSIGN(built, BuildSnapshot(records, options));
  COMMRESOLVE_TRY(PublishSnapshot(path_, built.bytes));
  if (!SameAnswers(last_, records)) COMMRESOLVE_TRY(Touch(path_ + ".changed"));
  last_ = std::move(records);
  created_ = now;
  const std::scoped_lock guard(lock_);
  ++counts_.published;
  counts_.names = built.names;
  counts_.refused = built.refused.size();
  return {};
}

}  // namespace commresolve::daemon
