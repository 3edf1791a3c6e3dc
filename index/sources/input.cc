// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Opening, sniffing and reading inputs.

#include "index/sources/input.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "resolver/base/unique_fd.h"

namespace commresolve::index {
namespace {

constexpr size_t kHeadBytes = 4096;
constexpr size_t kBlockBytes = size_t{64} << 10;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

Error SystemError(const char* what) {
  return {Code::kUnavailable, std::string(what) + ": " + std::strerror(errno)};
}

Result<ReadFunction> OpenFile(const std::string& path) {
  // O_NONBLOCK: a pipe put in place of the file must not make the import wait.
  UniqueFd opened(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!opened.valid()) return SystemError("cannot open");
  struct stat info{};
  if (::fstat(opened.get(), &info) != 0) return SystemError("cannot read");
  if (!S_ISREG(info.st_mode)) return Error{Code::kInvalidArgument, "not a regular file"};
  const auto fd = std::make_shared<UniqueFd>(std::move(opened));
  return ReadFunction([fd](char* buffer, size_t size) -> Result<size_t> {
    while (true) {
      const ssize_t got = ::read(fd->get(), buffer, size);
      if (got >= 0) return static_cast<size_t>(got);
      if (errno != EINTR) return SystemError("cannot read");
    }
  });
}

bool LooksLikeDer(std::string_view head) {
  // A SEQUENCE with long or indefinite length; shorter ones are too short for a certificate.
  if (head.size() < 2 || head[0] != '\x30') return false;
  const auto length = static_cast<uint8_t>(head[1]);
  return length >= 0x80 && length <= 0x84;
}

InputKind Sniff(std::string_view head) {
  if (LooksLikeDer(head)) return InputKind::kBinary;
  if (head.find('\0') != std::string_view::npos) return InputKind::kUnknown;
  if (head.starts_with(kByteOrderMark)) head.remove_prefix(kByteOrderMark.size());
  const size_t first = head.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && head[first] == '{') return InputKind::kJsonLines;
  return InputKind::kText;
}

/// Appends what is left of `read` until `content` has `limit` bytes.
Status Append(const ReadFunction& read, uint64_t limit, std::string* content) {
  while (content->size() < limit) {
    const size_t held = content->size();
    const size_t wanted = std::min<size_t>(kBlockBytes, static_cast<size_t>(limit - held));
    content->resize(held + wanted);
    const Result<size_t> got = read(content->data() + held, wanted);
    content->resize(held + (got.ok() ? *got : 0));
    if (!got.ok()) return got.error();
    if (*got == 0) return {};
  }
  return {};
}

}  // namespace

Input DiskInput(const std::string& path, uint64_t size) {
  return {path, size, [path] { return OpenFile(path); }};
}

Input MemoryInput(const std::string& name, std::string_view content) {
  return {
      name, content.size(), [content]() -> Result<ReadFunction> {
        return ReadFunction([rest = content](char* buffer, size_t size) mutable -> Result<size_t> {
          const size_t count = rest.copy(buffer, size);
          rest.remove_prefix(count);
          return count;
        });
      }};
}

Result<InputKind> KindOf(const Input& input) {
  COMMRESOLVE_ASSIGN(read, input.open());
  std::string head;
  COMMRESOLVE_TRY(Append(read, kHeadBytes, &head));
  return Sniff(head);
}

Result<std::string> ReadWhole(const Input& input, uint64_t max_bytes) {
  COMMRESOLVE_ASSIGN(read, input.open());
  std::string content;
  COMMRESOLVE_TRY(Append(read, max_bytes + 1, &content));
  if (content.size() > max_bytes) {
    return Error{Code::kInvalidArgument, "larger than " + std::to_string(max_bytes) + " bytes"};
  }
  return content;
}

}  // namespace commresolve::index
