// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Finds an answer without leaving anything behind: every descriptor is closed before it returns.

#include "nss-module/lookup.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <ctime>

namespace commresolve::nss {
namespace {

constexpr int64_t kSocketBudgetMs = 250;

/// A folder with a snapshot and a socket.
struct Place {
  char path[sizeof(sockaddr_un::sun_path)];
  size_t folder_size;
  bool is_user;
};

struct Question {
  Key key;
  bool own;
  int64_t now;
  int64_t deadline_ms;  ///< 0 until a socket is asked: one budget for all of them.
};

/// In rising order of what it weighs against the word of another place.
enum class Outcome : uint8_t { kAbsent, kNo, kUnsure, kNoAddress, kYes };

/// Closes on return. A descriptor of a standard stream that the program had closed is not used:
/// another thread may be about to write to that number.
struct Descriptor {
  explicit Descriptor(int opened) : fd(opened) {
    if (fd < 0 || fd > STDERR_FILENO) return;
    fd = fcntl(opened, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    close(opened);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd >= 0) close(fd);
  }
  int fd;
};

template <size_t N>
const char* PathOf(Place* place, const char (&file)[N]) {
  place->path[place->folder_size] = '/';
  memcpy(place->path + place->folder_size + 1, file, N);
  return place->path;
}

/// The system call itself: stat() of a new C library cannot be linked with an old one.
bool Stat(int fd, const char* path, int flags, struct statx* info) {
  return syscall(SYS_statx, fd, path, flags, STATX_TYPE | STATX_MODE | STATX_UID, info) == 0;
}

bool IsMineAlone(const struct statx& info, unsigned type) {
  return (info.stx_mode & S_IFMT) == type && info.stx_uid == geteuid() &&
         (info.stx_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/// The caller's own folder; false if there is none that nobody else can write to.
bool FindUserPlace(Place* place) {
  const char* run = secure_getenv("XDG_RUNTIME_DIR");
  if (run == nullptr || *run != '/') return false;
  const size_t size = strlen(run);
  if (size + 1 + sizeof kUserFolder + sizeof kSnapshotFile > sizeof place->path) return false;
  memcpy(place->path, run, size);
  place->folder_size = size;
  struct statx info;
  if (!Stat(AT_FDCWD, PathOf(place, kUserFolder), AT_SYMLINK_NOFOLLOW, &info)) return false;
  place->folder_size += sizeof kUserFolder;
  place->is_user = true;
  return IsMineAlone(info, S_IFDIR);
}

int64_t NowMs() {
  timespec now{};
  static_cast<void>(clock_gettime(CLOCK_MONOTONIC, &now));
  return int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1000000;
}

/// Last line against a daemon that asks itself, and against a stranger's socket.
bool IsTrustedPeer(int fd, Place* place) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 || peer.pid == getpid()) {
    return false;
  }
  if (peer.uid == 0 || peer.uid == geteuid()) return true;
  struct statx info;
  place->path[place->folder_size] = '\0';
  return Stat(AT_FDCWD, place->path, 0, &info) && info.stx_uid == peer.uid;
}

bool WaitReadable(int fd, int64_t deadline_ms) {
  while (true) {
    const int64_t left = deadline_ms - NowMs();
    pollfd waiting = {fd, POLLIN, 0};
    const int ready = left > 0 ? poll(&waiting, 1, static_cast<int>(left)) : 0;
    if (ready >= 0 || errno != EINTR) return ready > 0;
  }
}

/// One datagram there and one back. `kAbsent` if nobody listens at the place.
Outcome AskSocket(Question* question, Place* place, Answer* answer) {
  const char* allowed = secure_getenv("COMMRESOLVE_NSS_SOCKET");
  if (allowed != nullptr && strcmp(allowed, "0") == 0) return Outcome::kAbsent;
  const Descriptor at(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  memcpy(address.sun_path, PathOf(place, kSocketFile), place->folder_size + 1 + sizeof kSocketFile);
  if (connect(at.fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    return errno == ENOENT || errno == ECONNREFUSED ? Outcome::kAbsent : Outcome::kUnsure;
  }
  if (!IsTrustedPeer(at.fd, place)) return Outcome::kUnsure;
  const int64_t now_ms = NowMs();
  if (question->deadline_ms == 0) question->deadline_ms = now_ms + kSocketBudgetMs;
  uint8_t datagram[sizeof(Request) + kMostName];
  const size_t size = sizeof(Request) + question->key.size;
  const int64_t left = question->deadline_ms - now_ms;
  if (left <= 0) return Outcome::kUnsure;
  Request request = {};
  request.size = static_cast<uint16_t>(size);
  request.version = kVersion;
  request.operation = kResolveName;
  request.budget_ms = static_cast<uint16_t>(left);
  request.name_size = static_cast<uint8_t>(question->key.size);
  // Need not be hard to guess: the connection has one peer and one question.
  request.id = static_cast<uint64_t>(now_ms);
  memcpy(datagram, &request, sizeof request);
  memcpy(datagram + sizeof request, question->key.bytes, question->key.size);
  if (send(at.fd, datagram, size, MSG_NOSIGNAL | MSG_DONTWAIT) != static_cast<ssize_t>(size) ||
      !WaitReadable(at.fd, question->deadline_ms)) {
    return Outcome::kUnsure;
  }
  const ssize_t length = recv(at.fd, answer->bytes, sizeof answer->bytes, MSG_DONTWAIT);
  const ReplyStatus status = ReadReply(answer->bytes, static_cast<size_t>(length < 0 ? 0 : length),
                                       request.id, question->key, question->now, &answer->record);
  static constexpr Outcome kOutcomes[] = {Outcome::kYes, Outcome::kNo, Outcome::kNoAddress,
                                          Outcome::kUnsure};
  return kOutcomes[static_cast<size_t>(status)];
}

/// What the snapshot of `place` says. `*ask` tells whether its socket may know more.
Outcome ReadSnapshot(const Question& question, Place* place, Answer* answer, bool* ask) {
  *ask = true;
  // O_NONBLOCK and O_NOCTTY: what stands there may be a FIFO or a terminal.
  const int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  const Descriptor file(open64(PathOf(place, kSnapshotFile), flags));
  if (file.fd < 0) return errno == ENOENT ? Outcome::kAbsent : Outcome::kUnsure;
  struct statx info;
  if (place->is_user && !(Stat(file.fd, "", AT_EMPTY_PATH, &info) && IsMineAlone(info, S_IFREG))) {
    return Outcome::kUnsure;
  }
  const auto read_at = [&file](uint64_t offset, void* to, size_t size) {
    ssize_t length = 0;
    do length = pread64(file.fd, to, size, static_cast<off64_t>(offset));
    while (length < 0 && errno == EINTR);
    return length < 0 ? size_t{0} : static_cast<size_t>(length);
  };
  Header header;
  if (read_at(0, &header, sizeof header) != sizeof header || !IsSound(header) ||
      !IsOfNow(header, question.now)) {
    return Outcome::kUnsure;
  }
  *ask = (header.policy & kPolicySocket) != 0;
  uint8_t(&bytes)[kMostRecord] = reinterpret_cast<uint8_t(&)[kMostRecord]>(answer->bytes);
  const Find found =
      FindRecord(read_at, header, question.key, question.now, bytes, &answer->record);
  if (found == Find::kFound) return Outcome::kYes;
  return found == Find::kMissing && !*ask ? Outcome::kNo : Outcome::kUnsure;
}

Outcome AskPlace(Question* question, Place* place, Answer* answer) {
  bool ask = true;
  const Outcome read = ReadSnapshot(*question, place, answer, &ask);
  if (read == Outcome::kYes || !question->own || !ask) return read;
  const Outcome asked = AskSocket(question, place, answer);
  return asked == Outcome::kAbsent ? read : asked;
}

/// The caller's own place first, then the system's. What one of them knows is the answer; that a
/// name does not exist takes the word of one and the doubt of none.
Verdict Ask(Question* question, Answer* answer) {
  Place place = {};
  Outcome outcome = Outcome::kAbsent;
  answer->now = question->now = time(nullptr);
  if (FindUserPlace(&place)) outcome = AskPlace(question, &place, answer);
  if (outcome < Outcome::kNoAddress) {
    memcpy(place.path, kSystemFolder, sizeof kSystemFolder);
    place.folder_size = sizeof kSystemFolder - 1;
    place.is_user = false;
    const Outcome system = AskPlace(question, &place, answer);
    if (system > outcome) outcome = system;
  }
  if (outcome == Outcome::kYes) return Verdict::kFound;
  if (!question->own) return Verdict::kForeign;
  if (outcome == Outcome::kNoAddress) return Verdict::kNoAddress;
  return outcome == Outcome::kNo ? Verdict::kNoSuchName : Verdict::kUnsure;
}

/// True for the name of this machine, whole or its first label.
bool IsMachine(const char* name, size_t size) {
  char raw[kMostName + 2] = {};
  char machine[kMostName + 1];
  if (gethostname(raw, sizeof raw - 1) != 0) return false;
  const size_t length = NormaliseName(raw, strlen(raw), machine);
  return length >= size && memcmp(machine, name, size) == 0 &&
         (length == size || (machine[size] == '.' && memchr(name, '.', size) == nullptr));
}

}  // namespace

Verdict LookUpName(const char* name, Answer* answer) {
  char key[kMostName + 1];
  const size_t size = strlen(name);
  const bool own = IsOwnName(name, size);
  const size_t key_size = NormaliseName(name, size, key);
  if (key_size == 0) return own ? Verdict::kNoSuchName : Verdict::kForeign;
  if (!own && IsReservedName(key, key_size)) return Verdict::kForeign;
  Question question = {{key, key_size, false}, own, 0, 0};
  const Verdict verdict = Ask(&question, answer);
  const bool shadows = verdict == Verdict::kFound && !own && IsMachine(key, key_size);
  return shadows ? Verdict::kForeign : verdict;
}

Verdict LookUpAddress(const void* address, size_t size, Answer* answer) {
  static const uint8_t kMapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  const bool mapped = size == 16 && memcmp(address, kMapped, sizeof kMapped) == 0;
  const auto* bytes = static_cast<const uint8_t*>(address) + (mapped ? sizeof kMapped : 0);
  Question question = {{bytes, mapped ? 4 : size, true}, false, 0, 0};
  return Ask(&question, answer);
}

}  // namespace commresolve::nss
