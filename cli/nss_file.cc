// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The file behind the edits of nsswitch.h.

#include "cli/nss_file.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "resolver/base/files.h"

namespace commresolve::cli {
namespace {

constexpr char kFile[] = "/etc/nsswitch.conf";

struct Free {
  void operator()(char* text) const { std::free(text); }
};

Result<std::string> RealPath(const std::string& path) {
  const std::unique_ptr<char, Free> real(::realpath(path.c_str(), nullptr));
  if (real) return std::string(real.get());
  const Code code = errno == ENOENT ? Code::kNotFound : Code::kUnavailable;
  return Error{code, path + ": " + std::strerror(errno),
               "name the folder of the system to set up with --root"};
}

/// Where the file really is. A link that is meant to be read inside `root` would lead this program
/// to the file of the system it runs on.
Result<std::string> Locate(const std::string& root) {
  if (root.empty()) return RealPath(kFile);
  COMMRESOLVE_ASSIGN(real_root, RealPath(root));
  COMMRESOLVE_ASSIGN(real, RealPath(real_root + kFile));
  if (real_root == "/" || real.starts_with(real_root + "/")) return real;
  return Error{Code::kInvalidArgument, root + kFile + " is a link out of that folder, to " + real,
               "edit the file that is meant by hand, or run this inside (chroot)"};
}

}  // namespace

Result<NssFile> NssFile::Open(const std::string& root) {
  COMMRESOLVE_ASSIGN(path, Locate(root));
  COMMRESOLVE_ASSIGN(text, ReadFile(path, kMaxNsswitchBytes));
  return NssFile(path, std::move(text));
}

Status NssFile::CheckMayChange() const {
  const std::string folder = path_.substr(0, path_.rfind('/') + 1);
  if (::access(folder.c_str(), W_OK) == 0) return {};
  const bool denied = errno == EACCES || errno == EPERM;
  return Error{Code::kUnavailable, path_ + " cannot be changed: " + std::strerror(errno),
               denied && ::geteuid() != 0 ? "run it as root, through sudo" : ""};
}

Status NssFile::Enable(const NsswitchEdit& edit) const {
  COMMRESOLVE_ASSIGN(without, DisableNss(text_));
  const bool copied = without.changes.empty();
  if (copied) {
    COMMRESOLVE_TRY(ReplaceFileLike(backup_path(), text_, path_));
  }
  const Status status = ReplaceFileLike(path_, edit.text, path_);
  if (!status.ok() && copied) ::unlink(backup_path().c_str());
  return status;
}

Result<NssFile::Disabled> NssFile::PlanDisable() const {
  COMMRESOLVE_ASSIGN(edit, DisableNss(text_));
  if (edit.changes.empty()) return Disabled{std::move(edit), NssRemoval::kNothing};
  const auto before = ReadFile(backup_path(), kMaxNsswitchBytes);
  if (!before.ok() && before.error().code == Code::kUnavailable) return before.error();
  if (before.ok()) {
    const auto enabled = EnableNss(*before);
    if (enabled.ok() && enabled->text == text_) {
      edit.text = *before;
      return Disabled{std::move(edit), NssRemoval::kRestored};
    }
  }
  return Disabled{std::move(edit), NssRemoval::kTakenOut};
}

Status NssFile::Disable(const Disabled& plan) const {
  if (plan.removal != NssRemoval::kNothing) {
    COMMRESOLVE_TRY(ReplaceFileLike(path_, plan.edit.text, path_));
  }
  if (::unlink(backup_path().c_str()) != 0 && errno != ENOENT) {
    return Error{Code::kUnavailable,
                 "cannot remove " + backup_path() + ": " + std::strerror(errno)};
  }
  return {};
}

}  // namespace commresolve::cli
