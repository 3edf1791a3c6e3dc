// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// known_certs on disk, and when it has to be read again.

#include <sys/stat.h>

#include <ctime>

#include "resolver/base/user_file.h"
#include "resolver/trust/known_certs.h"

namespace commresolve {
namespace {

int64_t Nanoseconds(const timespec& time) {
  return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

/// True if a change from now on will get another time than `changed_ns`, whatever the clock of the
/// file system ticks in.
bool Settled(int64_t changed_ns) {
  timespec now{};
  if (::clock_gettime(CLOCK_REALTIME, &now) != 0) return false;
  constexpr int64_t kCoarsestTick = 2'000'000'000;
  return changed_ns != 0 && Nanoseconds(now) - changed_ns > kCoarsestTick;
}

}  // namespace

KnownCertsFile::Stamp KnownCertsFile::StampOf(const std::string& target) {
  struct stat info{};
  if (::stat(target.c_str(), &info) != 0) return {};
  return {info.st_dev, info.st_ino, info.st_size, Nanoseconds(info.st_mtim),
          Nanoseconds(info.st_ctim)};
}

Result<std::shared_ptr<const KnownCerts>> KnownCertsFile::Load() const {
  const std::scoped_lock guard(lock_);
  // The very file whose content was trusted when it was read. Another owner, mode or file would
  // have another stamp.
  if (loaded_ != nullptr && StampOf(path_) == loaded_stamp_) return loaded_;
  COMMRESOLVE_TRY(CheckUserFile(path_));
  const Stamp before = StampOf(TargetOfUserFile(path_));
  COMMRESOLVE_ASSIGN(text, ReadUserFile(path_, kMaxKnownCertsBytes));
  COMMRESOLVE_ASSIGN(known, KnownCerts::Parse(text, path_));
  auto loaded = std::make_shared<const KnownCerts>(std::move(known));
  loaded_ = Settled(before.changed_ns) ? loaded : nullptr;
  loaded_stamp_ = before;
  return loaded;
}

Status KnownCertsFile::Edit(const std::function<Status(KnownCerts&)>& edit) {
  return EditUserFile(path_, kMaxKnownCertsBytes, lock_patience_,
                      [&](const std::string& before) -> Result<std::string> {
                        COMMRESOLVE_ASSIGN(known, KnownCerts::Parse(before, path_));
                        COMMRESOLVE_TRY(edit(known));
                        std::string after = known.ToText();
                        const auto readable = KnownCerts::Parse(after, path_);
                        if (after == before || readable.ok()) return after;
                        return Error{Code::kInvalidArgument,
                                     "the edit makes " + readable.error().message};
                      });
}

}  // namespace commresolve
