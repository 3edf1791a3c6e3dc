// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// MappedFile: a file of ours in memory without being read first. Only for files that are replaced
// as a whole: one that is cut short while it is mapped ends the process.

#ifndef COMMRESOLVE_RESOLVER_BASE_MAPPED_FILE_H_
#define COMMRESOLVE_RESOLVER_BASE_MAPPED_FILE_H_

#include <sys/stat.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "resolver/base/result.h"

namespace commresolve {

class MappedFile {
 public:
  /// kNotFound, kInvalidArgument if it has more than `max_bytes` or is not a regular file,
  /// kUnavailable.
  static Result<MappedFile> Open(const std::string& path, size_t max_bytes);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  [[nodiscard]] std::string_view bytes() const { return bytes_; }
  /// False once another file has taken its place.
  [[nodiscard]] bool IsCurrent() const;

 private:
  MappedFile(std::string path, const struct stat& info) : path_(std::move(path)), info_(info) {}

  std::string path_;
  struct stat info_{};
  std::string_view bytes_;
};

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_BASE_MAPPED_FILE_H_
