// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one place where Xapian's exceptions become errors. For this folder alone.

#ifndef COMMRESOLVE_INDEX_SEARCH_XAPIAN_GUARD_H_
#define COMMRESOLVE_INDEX_SEARCH_XAPIAN_GUARD_H_

#include <xapian.h>

#include <cerrno>
#include <cstring>
#include <exception>
#include <string>
#include <utility>

#include "resolver/base/result.h"

namespace commresolve::index {

/// Stored in the index; another number means that it has to be rebuilt.
inline constexpr const char* kIndexFormat = "4";
inline constexpr const char* kFormatName = "format";

/// kCorrupt with the way out of it.
inline Error Damaged(const std::string& path, const std::string& reason) {
  return {Code::kCorrupt, path + ": the search index is damaged: " + reason,
          "run `commresolve index rebuild`"};
}

/// Xapian says what the system said (disk full, no permission) only where the system said anything;
/// its other complaints about the database are about what stands in the files.
inline Error FromXapian(const std::string& path, const Xapian::Error& error) {
  const std::string type = error.get_type();
  if (type == "DatabaseLockError") {
    return {Code::kBusy, path + ": another process writes the search index",
            "wait for it to end, or stop it"};
  }
  const bool database = type.starts_with("Database");
  // Of two failures in a row, Xapian tells the first in words only.
  if (database && error.get_msg().find(std::strerror(ENOSPC)) != std::string::npos) {
    return {Code::kUnavailable, path + ": " + error.get_msg(), "free some space on this disk"};
  }
  const char* system = error.get_error_string();
  const bool gone = system != nullptr && std::string(system) == std::strerror(ENOENT);
  if (database && system != nullptr && !gone) {
    return {Code::kUnavailable, path + ": " + error.get_msg() + ": " + system};
  }
  if (database || type == "RangeError" || type == "SerialisationError" ||
      type == "DocNotFoundError") {
    return Damaged(path, error.get_msg());
  }
  return {Code::kInternal, path + ": " + error.get_description()};
}

/// Runs `body`, a callable that returns a Result, and turns whatever it throws into an Error.
/// DatabaseModifiedError passes through: the reader alone knows what to do about it.
template <class Body>
auto Guarded(const std::string& path, Body body) -> decltype(body()) {
  try {
    return body();
  } catch (const Xapian::DatabaseModifiedError&) {
    throw;
  } catch (const Xapian::Error& error) {
    return FromXapian(path, error);
  } catch (const std::exception& error) {
    return Error{Code::kInternal, path + ": " + error.what()};
  }
}

/// kNotFound if `path` holds no index, kCorrupt if it holds only a part of one.
Status CheckFiles(const std::string& path);

/// kCorrupt if `database` has another format than kIndexFormat.
Status CheckFormat(const std::string& path, const Xapian::Database& database);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SEARCH_XAPIAN_GUARD_H_
