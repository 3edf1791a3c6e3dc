// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Text files that hold what the user decided: read only if nobody else can have written them, and
// edited so that a crash leaves the old or the new text.

#ifndef COMMRESOLVE_RESOLVER_BASE_USER_FILE_H_
#define COMMRESOLVE_RESOLVER_BASE_USER_FILE_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

#include "resolver/base/result.h"

namespace commresolve {

/// The file that `path` means, behind symbolic links if there is one.
std::string TargetOfUserFile(const std::string& path);

/// kUntrusted if another user than this one or root owns the file, or may change or replace it;
/// kUnavailable for a link to nowhere. A missing file is fine.
Status CheckUserFile(const std::string& path);

/// The whole text; empty if there is no file. As CheckUserFile(); kCorrupt if it is longer than
/// `max_bytes` or no file; kUnavailable if it cannot be read.
Result<std::string> ReadUserFile(const std::string& path, size_t max_bytes);

/// Reads the file, lets `edit` make the new text from the old one, and writes that with fsync
/// before it returns, mode 0600, in place of the file behind a symbolic link; a missing folder is
/// created with mode 0700. Nothing is written if `edit` fails or changes nothing. kBusy if the lock
/// (`path` + ".lock") stays held for `patience`.
Status EditUserFile(const std::string& path, size_t max_bytes, std::chrono::milliseconds patience,
                    const std::function<Result<std::string>(const std::string& before)>& edit);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_BASE_USER_FILE_H_
