// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One question at each socket, one look at each snapshot.

#include "cli/doctor/daemon.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>

#include "cli/doctor/unix_socket.h"
#include "grpc/snapshot/snapshot.h"
#include "nss-module/wire.h"
#include "resolver/base/files.h"

namespace commresolve::cli {
namespace {

constexpr size_t kMaxSnapshotBytes = size_t{256} << 20;
constexpr uint16_t kBudgetMs = 1'000;

std::string StartHint(const RuntimePlace& place, const std::string& verb) {
  return place.is_user ? "systemctl --user " + verb + " commresolved"
                       : "sudo systemctl " + verb + " commresolved";
}

/// Asks for our suffix itself, which is nobody's name.
Status AskDaemon(const std::string& path) {
  COMMRESOLVE_ASSIGN(fd, ConnectUnix(path, SOCK_SEQPACKET));
  const auto begin = std::chrono::steady_clock::now();
  constexpr size_t kNameSize = sizeof nss::kOwnSuffix - 1;
  uint8_t datagram[sizeof(nss::Request) + kNameSize];
  nss::Request request = {};
  request.size = sizeof datagram;
  request.version = nss::kVersion;
  request.operation = nss::kResolveName;
  request.budget_ms = kBudgetMs;
  request.name_size = kNameSize;
  request.id = static_cast<uint64_t>(begin.time_since_epoch().count());
  std::memcpy(datagram, &request, sizeof request);
  std::memcpy(datagram + sizeof request, nss::kOwnSuffix, kNameSize);
  if (::send(fd.get(), datagram, sizeof datagram, MSG_NOSIGNAL) !=
      static_cast<ssize_t>(sizeof datagram)) {
    return Error{Code::kUnavailable, path + ": " + std::strerror(errno)};
  }
  pollfd waiting{fd.get(), POLLIN, 0};
  if (::poll(&waiting, 1, kBudgetMs) != 1) {
    return Error{Code::kDeadlineExceeded, path + " did not answer within a second"};
  }
  uint8_t answer[sizeof(nss::Reply) + nss::kMostRecord] = {};
  const ssize_t length = ::recv(fd.get(), answer, sizeof answer, 0);
  nss::Reply reply = {};
  std::memcpy(&reply, answer, sizeof reply);
  if (length < static_cast<ssize_t>(sizeof reply) || reply.size != length ||
      reply.version != nss::kVersion || reply.id != request.id) {
    return Error{Code::kCorrupt, path + " does not answer as this version does"};
  }
  return {};
}

bool Exists(const std::string& path) {
  struct stat info{};
  return ::lstat(path.c_str(), &info) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

/// Of a daemon that has answered at `nss_socket`.
Finding CheckCalls(const RuntimePlace& place, const std::string& nss_socket) {
  const std::string path = place.folder + "/grpc.sock";
  if (SomebodyListens(path)) return Ok("daemon", nss_socket + " answers, " + path + " is open");
  return Warn("daemon", nss_socket + " answers, but programs cannot call " + path,
              StartHint(place, "restart"));
}

std::string ModeText(mode_t mode) {
  std::string text;
  for (const int shift : {9, 6, 3, 0}) text += static_cast<char>('0' + (mode >> shift & 7));
  return text;
}

/// Empty if nobody but the daemon can write where `path` leads, as far as the module cares.
std::string WriterProblem(const RuntimePlace& place, const std::string& path, bool regular) {
  struct stat info{};
  if (::lstat(path.c_str(), &info) != 0) return path + ": " + std::strerror(errno);
  if (regular ? !S_ISREG(info.st_mode) : !S_ISDIR(info.st_mode)) {
    return path + (regular ? " is not a regular file" : " is not a folder");
  }
  if (place.is_user && info.st_uid != ::geteuid()) {
    return path + " belongs to user " + std::to_string(info.st_uid);
  }
  if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return path + " can be written by others, mode " + ModeText(info.st_mode);
  }
  return {};
}

Finding CheckSnapshot(const RuntimePlace& place, UnixTime now) {
  const std::string check = "snapshot";
  const std::string path = place.folder + "/" + nss::kSnapshotFile;
  const std::string restart = StartHint(place, "restart");
  for (const bool regular : {false, true}) {
    const std::string problem = WriterProblem(place, regular ? path : place.folder, regular);
    if (!problem.empty()) {
      return Fail(check, problem, Exists(path) ? "remove it, then: " + restart : restart);
    }
  }
  auto bytes = ReadFile(path, kMaxSnapshotBytes);
  if (!bytes.ok()) {
    return Warn(check, "not checked: " + bytes.error().message, "look at its size and mode");
  }
  const auto snapshot = SnapshotReader::Parse(*std::move(bytes), std::nullopt);
  if (!snapshot.ok()) return Fail(check, path + ": " + snapshot.error().message, restart);
  const auto summary = snapshot->summary();
  const std::string names = path + ": " + std::to_string(summary.names) + " names";
  const int64_t left = static_cast<int64_t>(summary.not_after) - static_cast<int64_t>(now);
  const int64_t age = static_cast<int64_t>(now) - static_cast<int64_t>(summary.created);
  if (left <= 0) {
    return Fail(check, names + ", which ended " + std::to_string(-left) + " s ago", restart);
  }
  if (age < -nss::kMostClockSlack) {
    return Fail(check, names + ", made " + std::to_string(-age) + " s in the future",
                "check the clock of this machine, then " + restart);
  }
  return Ok(check, names + ", made " + std::to_string(age < 0 ? 0 : age) + " s ago, good for " +
                       std::to_string(left) + " s");
}

}  // namespace

std::vector<RuntimePlace> RuntimePlaces() {
  std::vector<RuntimePlace> places;
  const char* run = std::getenv("XDG_RUNTIME_DIR");
  if (run != nullptr && *run == '/') {
    places.push_back({std::string(run) + "/" + nss::kUserFolder, true});
  }
  places.push_back({nss::kSystemFolder, false});
  return places;
}

Findings CheckDaemons(const std::vector<RuntimePlace>& places) {
  Findings findings;
  for (const RuntimePlace& place : places) {
    const std::string path = place.folder + "/" + nss::kSocketFile;
    const Status status = AskDaemon(path);
    if (status.ok()) {
      findings.push_back(CheckCalls(place, path));
    } else if (status.error().code != Code::kNotFound) {
      findings.push_back(
          Fail("daemon", "no answer: " + status.error().message, StartHint(place, "restart")));
    }
  }
  if (findings.empty() && !places.empty()) {
    findings.push_back(Fail("daemon", "none is running, so no name is proved",
                            StartHint(places.front(), "enable --now")));
  }
  return findings;
}

Findings CheckSnapshots(const std::vector<RuntimePlace>& places, UnixTime now) {
  Findings findings;
  for (const RuntimePlace& place : places) {
    if (Exists(place.folder + "/" + nss::kSnapshotFile) ||
        Exists(place.folder + "/" + nss::kSocketFile)) {
      findings.push_back(CheckSnapshot(place, now));
    }
  }
  return findings;
}

}  // namespace commresolve::cli
