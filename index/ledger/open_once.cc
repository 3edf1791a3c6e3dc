// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The set of folders this process has open.

#include "index/ledger/open_once.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <mutex>
#include <set>

namespace commresolve::index {
namespace {

std::mutex& Lock() {
  static std::mutex lock;
  return lock;
}

template <class Key>
std::set<Key>& Held() {
  static std::set<Key> held;
  return held;
}

}  // namespace

Result<OpenOnce> OpenOnce::Take(const std::string& folder) {
  struct stat info{};
  if (::stat(folder.c_str(), &info) != 0) {
    return Error{Code::kUnavailable, "cannot read " + folder + ": " + std::strerror(errno)};
  }
  const Key key{::getpid(), info.st_dev, info.st_ino};
  const std::scoped_lock guard(Lock());
  if (!Held<Key>().insert(key).second) {
    return Error{Code::kBusy, "the ledger in " + folder + " is open in this process already"};
  }
  return OpenOnce(key);
}

OpenOnce::~OpenOnce() {
  if (key_ == Key{}) return;
  const std::scoped_lock guard(Lock());
  Held<Key>().erase(key_);
}

}  // namespace commresolve::index
