// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A buffer that holds at most one line and one block.

#include "index/sources/line_reader.h"

#include <utility>

namespace commresolve::index {
namespace {

constexpr size_t kBlockBytes = size_t{64} << 10;

}  // namespace

bool LineReader::Fill() {
  buffer_.erase(0, std::exchange(at_, 0));
  const size_t held = buffer_.size();
  buffer_.resize(held + kBlockBytes);
  const Result<size_t> got = read_(buffer_.data() + held, kBlockBytes);
  buffer_.resize(held + (got.ok() ? *got : 0));
  if (!got.ok()) status_ = got.error();
  return buffer_.size() > held;
}

std::optional<Line> LineReader::Next() {
  size_t searched = 0;
  while (true) {
    const size_t end = buffer_.find('\n', at_ + searched);
    if (end != std::string::npos) {
      std::string_view text = std::string_view(buffer_).substr(at_, end - at_);
      const Line line{text, offset_, ++number_, text.size() > kMaxLineBytes};
      offset_ += text.size() + 1;
      at_ = end + 1;
      if (line.too_long) return Line{{}, line.offset, line.number, true};
      return line;
    }
    searched = buffer_.size() - at_;
    if (searched > kMaxLineBytes) return SkipLong();
    if (Fill()) continue;
    if (!status_.ok() || searched == 0) return std::nullopt;
    const Line line{std::string_view(buffer_).substr(at_), offset_, ++number_, false};
    offset_ += searched;
    at_ = buffer_.size();
    return line;
  }
}

std::optional<Line> LineReader::SkipLong() {
  const Line line{{}, offset_, ++number_, true};
  while (true) {
    const size_t end = buffer_.find('\n', at_);
    const size_t skipped = (end == std::string::npos ? buffer_.size() : end + 1) - at_;
    offset_ += skipped;
    at_ += skipped;
    if (end != std::string::npos || !Fill()) return line;
  }
}

}  // namespace commresolve::index
