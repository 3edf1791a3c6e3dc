// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Temporary folders, child processes, and the main program that hides the machine's /run.

#include "tests/nss-module/world.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace commresolve::test {
namespace {

bool private_run = false;

void WriteText(const char* path, const std::string& text) { std::ofstream(path) << text; }

/// Works as root, and as anybody where user namespaces are allowed.
bool HideRun() {
  const uid_t uid = geteuid();
  const gid_t gid = getegid();
  if (uid == 0 ? unshare(CLONE_NEWNS) != 0 : unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) {
    return false;
  }
  if (uid != 0) {
    WriteText("/proc/self/setgroups", "deny");
    WriteText("/proc/self/uid_map", std::to_string(uid) + " " + std::to_string(uid) + " 1");
    WriteText("/proc/self/gid_map", std::to_string(gid) + " " + std::to_string(gid) + " 1");
  }
  return mount("none", "/", "none", MS_REC | MS_PRIVATE, nullptr) == 0 &&
         mount("tmpfs", "/run", "tmpfs", 0, "mode=755") == 0;
}

int Listen(const std::string& path, int backlog) {
  const int fd = ::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  ::unlink(path.c_str());
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(fd, backlog) != 0) {
    std::perror(path.c_str());
    std::abort();
  }
  return fd;
}

}  // namespace

IpAddress Ip(std::string_view text) {
  auto address = IpAddress::Parse(text);
  if (!address.ok()) std::abort();
  return *address;
}

SnapshotRecord Named(std::string name, const std::vector<std::string>& addresses,
                     std::string canonical) {
  SnapshotRecord record{
      .name = std::move(name), .canonical_name = std::move(canonical), .proved_until = kNever};
  for (const std::string& address : addresses) record.addresses.push_back(Ip(address));
  return record;
}

bool HasPrivateRun() { return private_run; }
bool IsUndisturbed() { return private_run || !std::filesystem::exists("/run/commresolve"); }

World::World() : run_("/tmp/commresolve-nss-XXXXXX") {
  if (mkdtemp(run_.data()) == nullptr || mkdir(folder().c_str(), 0755) != 0) std::abort();
  setenv("XDG_RUNTIME_DIR", run_.c_str(), 1);
  unsetenv("COMMRESOLVE_NSS_SOCKET");
}

World::~World() {
  unsetenv("XDG_RUNTIME_DIR");
  std::filesystem::remove_all(run_);
}

SnapshotOptions World::Options(bool socket_allowed) {
  return {.generation = 1,
          .created = 1,
          .not_after = kNever,
          .socket_allowed = socket_allowed,
          .seed = {0x0123456789abcdef, 0xfedcba9876543210}};
}

std::string World::Build(const std::vector<SnapshotRecord>& records,
                         const SnapshotOptions& options) {
  auto built = BuildSnapshot(records, options);
  if (!built.ok() || !built->refused.empty()) {
    std::cerr << (built.ok() ? built->refused[0].error : built.error()).message << '\n';
    std::abort();
  }
  return built->bytes;
}

void World::Publish(const std::vector<SnapshotRecord>& records, bool socket_allowed) {
  const Status status = PublishSnapshot(snapshot(), Build(records, Options(socket_allowed)));
  if (!status.ok()) std::abort();
}

void World::Write(std::string_view bytes) const {
  std::filesystem::remove_all(snapshot());
  std::ofstream(snapshot(), std::ios::binary)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

Child::Child(const std::function<void()>& body) : pid_(fork()) {
  if (pid_ < 0) std::abort();
  if (pid_ > 0) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  body();
  _exit(0);
}

Child::~Child() {
  kill(pid_, SIGKILL);
  kill(pid_, SIGCONT);
  waitpid(pid_, nullptr, 0);
}

FakeDaemon::Pipe::Pipe() {
  if (::pipe2(ends, O_CLOEXEC) != 0) std::abort();
}

FakeDaemon::FakeDaemon(const std::string& path, int backlog,
                       const std::function<void(int fd)>& serve)
    : child_([this, &path, backlog, &serve] {
        const int listener = Listen(path, backlog);
        ::close(ready_.ends[0]);
        ::close(ready_.ends[1]);
        while (true) {
          const int fd = ::accept(listener, nullptr, nullptr);
          if (fd < 0) continue;
          serve(fd);
          ::close(fd);
        }
      }) {
  ::close(ready_.ends[1]);
  char end = 0;
  // Ends when the child has closed its side.
  while (::read(ready_.ends[0], &end, 1) < 0 && errno == EINTR) {
  }
  ::close(ready_.ends[0]);
}

size_t OpenDescriptors() {
  size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    ++count;
  }
  return count;
}

int64_t MillisecondsOf(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               start)
      .count();
}

}  // namespace commresolve::test

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  commresolve::test::private_run = commresolve::test::HideRun();
  return RUN_ALL_TESTS();
}
