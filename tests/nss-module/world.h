// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A user's runtime folder with a snapshot in it, and processes that play the daemon.

#ifndef COMMRESOLVE_TESTS_NSS_MODULE_WORLD_H_
#define COMMRESOLVE_TESTS_NSS_MODULE_WORLD_H_

#include <sys/types.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "grpc/snapshot/snapshot.h"

namespace commresolve::test {

inline constexpr UnixTime kNever = 4'000'000'000;

IpAddress Ip(std::string_view text);
/// A record that does not expire.
SnapshotRecord Named(std::string name, const std::vector<std::string>& addresses,
                     std::string canonical = {});

/// True if /run is this process's own empty tmpfs, so that the system's place can be tested.
bool HasPrivateRun();
/// True if nothing at /run/commresolve disturbs: it is private, or not there.
bool IsUndisturbed();

/// Points XDG_RUNTIME_DIR at a folder of its own for as long as it lives.
class World {
 public:
  World();
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  [[nodiscard]] std::string folder() const { return run_ + "/commresolve"; }
  [[nodiscard]] std::string snapshot() const { return folder() + "/hosts.snap"; }
  [[nodiscard]] std::string socket() const { return folder() + "/nss.sock"; }

  static SnapshotOptions Options(bool socket_allowed);
  static std::string Build(const std::vector<SnapshotRecord>& records,
                           const SnapshotOptions& options);
  void Publish(const std::vector<SnapshotRecord>& records, bool socket_allowed);
  /// Puts any bytes where the snapshot stands.
  void Write(std::string_view bytes) const;

 private:
  std::string run_;
};

/// A process that runs `body` until the end of this object.
class Child {
 public:
  explicit Child(const std::function<void()>& body);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  pid_t pid_;
};

/// A process that listens at `path` and lets `serve` handle each accepted connection in turn. It
/// listens when the constructor returns. The kernel takes whoever called listen() for the peer.
class FakeDaemon {
 public:
  FakeDaemon(const std::string& path, int backlog, const std::function<void(int fd)>& serve);

 private:
  struct Pipe {
    Pipe();
    int ends[2];
  };
  Pipe ready_;
  Child child_;
};

/// The number of open descriptors of this process.
size_t OpenDescriptors();
int64_t MillisecondsOf(const std::function<void()>& work);

}  // namespace commresolve::test

#endif  // COMMRESOLVE_TESTS_NSS_MODULE_WORLD_H_
