// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// NssFile: /etc/nsswitch.conf and the copy of it from before our service was put in.

#ifndef COMMRESOLVE_CLI_NSS_FILE_H_
#define COMMRESOLVE_CLI_NSS_FILE_H_

#include <string>

#include "cli/nsswitch.h"
#include "resolver/base/result.h"

namespace commresolve::cli {

/// How DisableNssFile() got rid of our service.
enum class NssRemoval : uint8_t {
  kNothing,   ///< It was not there.
  kRestored,  ///< The file is, to the byte, what it was before Enable().
  kTakenOut,  ///< The file was changed since, or we have not put it in: only our words are gone.
};

/// One nsswitch.conf. Used by one thread; the file is read once, by Open().
class NssFile {
 public:
  /// Opens `root`/etc/nsswitch.conf; an empty `root` is this system. A symbolic link is followed
  /// and its target edited. kNotFound if there is no such file; kInvalidArgument if it is none that
  /// can be edited, or if a link leads out of `root`; kUnavailable if it cannot be read.
  static Result<NssFile> Open(const std::string& root);

  [[nodiscard]] const std::string& path() const { return path_; }
  /// The copy is kept here, beside the file.
  [[nodiscard]] std::string backup_path() const { return path_ + ".before-commresolve"; }
  [[nodiscard]] const std::string& text() const { return text_; }

  /// kUnavailable, with a hint, if this user may not replace the file.
  [[nodiscard]] Status CheckMayChange() const;

  /// Writes `edit` in the place of the file, with owner and mode of the old one, after the old one
  /// was copied to backup_path() if our service did not stand in it. kUnavailable on any failure,
  /// with the old file in place.
  [[nodiscard]] Status Enable(const NsswitchEdit& edit) const;

  struct Disabled {
    NsswitchEdit edit;
    NssRemoval removal = NssRemoval::kNothing;
  };
  /// What taking our service out would write. Errors as DisableNss(), and kUnavailable if the copy
  /// cannot be read.
  [[nodiscard]] Result<Disabled> PlanDisable() const;
  /// Writes it and removes the copy. kUnavailable on any failure.
  [[nodiscard]] Status Disable(const Disabled& plan) const;

 private:
  NssFile(std::string path, std::string text) : path_(std::move(path)), text_(std::move(text)) {}
  std::string path_;
  std::string text_;
};

}  // namespace commresolve::cli

#endif  // COMMRESOLVE_CLI_NSS_FILE_H_
