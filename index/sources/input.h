// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Input: a file to read, on disk or in memory, and what kind of file it is.

#ifndef COMMRESOLVE_INDEX_SOURCES_INPUT_H_
#define COMMRESOLVE_INDEX_SOURCES_INPUT_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "index/sources/line_reader.h"
#include "resolver/base/result.h"

namespace commresolve::index {

struct Input {
  std::string name;  ///< Path for messages.
  uint64_t size = 0;
  std::function<Result<ReadFunction>()> open;  ///< From the start; may be called again.
};

Input DiskInput(const std::string& path, uint64_t size);
/// `content` is borrowed until the last read.
Input MemoryInput(const std::string& name, std::string_view content);

enum class InputKind : uint8_t {
  kJsonLines,
  kText,     ///< PEM, or nothing we know.
  kBinary,   ///< DER or BER: a certificate or PKCS#7.
  kUnknown,  ///< Other binary data.
};

/// Judged by the first bytes, never by the name.
Result<InputKind> KindOf(const Input& input);

/// The whole content. kInvalidArgument if it is more than `max_bytes`.
Result<std::string> ReadWhole(const Input& input, uint64_t max_bytes);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SOURCES_INPUT_H_
