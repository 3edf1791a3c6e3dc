// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Pieces to files.

#include "grpc/service/upload.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace commresolve::daemon {
namespace {

constexpr size_t kMaxNameBytes = 255;

Status CheckName(const std::string& name) {
  const bool good = !name.empty() && name.size() <= kMaxNameBytes && name.front() != '.' &&
                    name.find('/') == std::string::npos && name.find('\0') == std::string::npos;
  if (good) return {};
  return Error{Code::kInvalidArgument, "file: is not the name of a file in one folder"};
}

}  // namespace

Result<std::unique_ptr<Upload>> Upload::Make(const std::string& parent) {
  std::string folder = parent + "/upload.XXXXXX";
  if (::mkdtemp(folder.data()) == nullptr) {
    return Error{Code::kUnavailable,
                 "cannot create a folder in " + parent + ": " + std::strerror(errno)};
  }
  return std::unique_ptr<Upload>(new Upload(std::move(folder)));
}

Upload::~Upload() {
  file_.close();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

Status Upload::Begin(const std::string& name) {
  COMMRESOLVE_TRY(CheckName(name));
  if (++files_ > kMaxUploadFiles) {
    return Error{Code::kInvalidArgument, "file: more than 10000 in one call"};
  }
  COMMRESOLVE_TRY(Finish());
  const std::string path = folder_ + "/" + name;
  if (std::filesystem::exists(path)) {
    return Error{Code::kInvalidArgument, "file: the name was used before in this call"};
  }
  file_.open(path, std::ios::binary);
  if (file_) return {};
  return Error{Code::kUnavailable, "cannot write an uploaded file"};
}

Status Upload::Append(const std::string& content) {
  if (!file_.is_open()) return Error{Code::kInvalidArgument, "content: before the name of a file"};
  bytes_ += content.size();
  if (bytes_ > kMaxUploadBytes) {
    return Error{Code::kInvalidArgument, "content: more than 256 MiB in one call",
                 "import the rest in another call"};
  }
  file_.write(content.data(), static_cast<std::streamsize>(content.size()));
  return file_ ? Status() : Error{Code::kUnavailable, "cannot write an uploaded file"};
}

Status Upload::Finish() {
  if (!file_.is_open()) return {};
  file_.close();
  return file_ ? Status() : Error{Code::kUnavailable, "cannot write an uploaded file"};
}

std::string Upload::NameOf(const std::string& path) const {
  return path.starts_with(folder_ + "/") ? path.substr(folder_.size() + 1) : path;
}

}  // namespace commresolve::daemon
