// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Upload: the files of one Import call, in a private folder until they are read.

#ifndef COMMRESOLVE_GRPC_SERVICE_UPLOAD_H_
#define COMMRESOLVE_GRPC_SERVICE_UPLOAD_H_

#include <cstdint>
#include <fstream>
#include <memory>
#include <string>

#include "resolver/base/result.h"

namespace commresolve::daemon {

inline constexpr uint64_t kMaxUploadBytes = uint64_t{256} << 20;
inline constexpr size_t kMaxUploadFiles = 10'000;

/// Used by one thread. The folder goes away with the object.
class Upload {
 public:
  /// A new folder (0700) in `parent`. kUnavailable.
  static Result<std::unique_ptr<Upload>> Make(const std::string& parent);
  ~Upload();
  Upload(const Upload&) = delete;
  Upload& operator=(const Upload&) = delete;

  /// What is appended from now on is the content of a file of this name: one path component of at
  /// most 255 bytes that does not begin with a dot. kInvalidArgument otherwise, for a name that was
  /// there before, and for too many files.
  Status Begin(const std::string& name);
  /// kInvalidArgument before the first Begin() and past kMaxUploadBytes; kUnavailable if the disk
  /// is full.
  Status Append(const std::string& content);
  /// Everything is in the files. kUnavailable if the disk is full.
  Status Finish();

  [[nodiscard]] const std::string& folder() const { return folder_; }
  /// The name that was uploaded of a path in the folder.
  [[nodiscard]] std::string NameOf(const std::string& path) const;

 private:
  explicit Upload(std::string folder) : folder_(std::move(folder)) {}

  std::string folder_;
  std::ofstream file_;
  uint64_t bytes_ = 0;
  size_t files_ = 0;
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SERVICE_UPLOAD_H_
