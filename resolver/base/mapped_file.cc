// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// mmap() behind mapped_file.h.

#include "resolver/base/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "resolver/base/unique_fd.h"

namespace commresolve {

Result<MappedFile> MappedFile::Open(const std::string& path, size_t max_bytes) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd.valid()) {
    return Error{errno == ENOENT ? Code::kNotFound : Code::kUnavailable,
                 "cannot open " + path + ": " + std::strerror(errno)};
  }
  struct stat info{};
  if (::fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode) ||
      static_cast<size_t>(info.st_size) > max_bytes) {
    return Error{Code::kInvalidArgument,
                 path + " is no file of at most " + std::to_string(max_bytes) + " bytes"};
  }
  MappedFile file(path, info);
  if (info.st_size == 0) return file;
  const auto size = static_cast<size_t>(info.st_size);
  void* const begin = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd.get(), 0);
  if (begin == MAP_FAILED) {
    return Error{Code::kUnavailable, "cannot map " + path + ": " + std::strerror(errno)};
  }
  static_cast<void>(::madvise(begin, size, MADV_RANDOM));  // It is looked up, not read through.
  file.bytes_ = {static_cast<const char*>(begin), size};
  return file;
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : path_(std::move(other.path_)),
      info_(other.info_),
      bytes_(std::exchange(other.bytes_, std::string_view())) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(info_, other.info_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) ::munmap(const_cast<char*>(bytes_.data()), bytes_.size());
}

bool MappedFile::IsCurrent() const {
  struct stat now{};
  return ::stat(path_.c_str(), &now) == 0 && now.st_ino == info_.st_ino &&
         now.st_dev == info_.st_dev && now.st_mtim.tv_sec == info_.st_mtim.tv_sec &&
         now.st_mtim.tv_nsec == info_.st_mtim.tv_nsec;
}

}  // namespace commresolve
