// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lines of a file of any size in bounded memory.

#ifndef COMMRESOLVE_INDEX_SOURCES_LINE_READER_H_
#define COMMRESOLVE_INDEX_SOURCES_LINE_READER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "resolver/base/result.h"

namespace commresolve::index {

inline constexpr size_t kMaxLineBytes = size_t{1} << 20;

/// Puts up to `size` bytes into `buffer` and returns how many; 0 is the end.
using ReadFunction = std::function<Result<size_t>(char* buffer, size_t size)>;

struct Line {
  std::string_view text;  ///< Without the line end; empty if `too_long`. Valid until Next().
  uint64_t offset = 0;    ///< Of its first byte in the file.
  uint64_t number = 0;    ///< From 1.
  bool too_long = false;  ///< More than kMaxLineBytes; skipped.
};

class LineReader {
 public:
  explicit LineReader(ReadFunction read) : read_(std::move(read)) {}
  /// The next line; empty at the end or when reading fails, see status().
  std::optional<Line> Next();
  [[nodiscard]] const Status& status() const { return status_; }

 private:
  bool Fill();
  std::optional<Line> SkipLong();

  ReadFunction read_;
  Status status_;
  std::string buffer_;
  size_t at_ = 0;        ///< Where the next line begins in buffer_.
  uint64_t offset_ = 0;  ///< The same place in the file.
  uint64_t number_ = 0;
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SOURCES_LINE_READER_H_
