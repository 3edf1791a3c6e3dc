// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Locks of open file descriptions (fcntl(2), F_OFD_SETLK).

#include "index/ledger/waiters.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <utility>

namespace commresolve::index {
namespace {

/// All of the file. With `type` F_UNLCK it ends what this description holds.
struct flock WholeFile(short type) {
  struct flock lock{};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  return lock;
}

}  // namespace

Waiters::Waiters(std::string path) : path_(std::move(path)) { OpenFile(); }

void Waiters::OpenFile() {
  constexpr int kFlags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
  file_.Reset(::open(path_.c_str(), kFlags, S_IRUSR | S_IWUSR));
}

void Waiters::Enter() {
  const std::scoped_lock guard(lock_);
  if (here_++ > 0) return;
  if (!file_.valid()) OpenFile();
  // Nobody locks it exclusively, so this waits for nobody. Where there are no locks, Ask() of
  // the writer fails too.
  struct flock lock = WholeFile(F_RDLCK);
  static_cast<void>(::fcntl(file_.get(), F_OFD_SETLK, &lock));
}

void Waiters::Leave() {
  const std::scoped_lock guard(lock_);
  if (--here_ > 0) return;
  struct flock lock = WholeFile(F_UNLCK);
  static_cast<void>(::fcntl(file_.get(), F_OFD_SETLK, &lock));
}

Waiting Waiters::Ask() const {
  const std::scoped_lock guard(lock_);
  if (here_ > 0) return Waiting::kSomebody;
  struct flock lock = WholeFile(F_WRLCK);
  if (!file_.valid() || ::fcntl(file_.get(), F_OFD_GETLK, &lock) != 0) return Waiting::kUnknown;
  return lock.l_type == F_UNLCK ? Waiting::kNobody : Waiting::kSomebody;
}

}  // namespace commresolve::index
