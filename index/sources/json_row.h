// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One line of JSON Lines as the few fields that the import looks at.

#ifndef COMMRESOLVE_INDEX_SOURCES_JSON_ROW_H_
#define COMMRESOLVE_INDEX_SOURCES_JSON_ROW_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "index/sources/reader.h"
#include "resolver/base/result.h"

namespace commresolve::index {

inline constexpr size_t kMaxJsonDepth = 16;

/// A field is empty if it is absent or null; `ip` also if it is a list, which is how rows about a
/// certificate name the addresses in it. Of a field that stands twice the last one counts.
struct JsonRow {
  std::optional<std::string> sha256;
  std::optional<std::string> ip;
  std::optional<int64_t> port;
  std::optional<std::string> sni;
  std::optional<std::string> time;
  std::optional<std::string> starttls;
  std::optional<std::string> transport;
  std::optional<std::string> role;
  std::optional<std::string> der_b64;
  std::vector<std::string> chain;  ///< At most kMaxChainLength entries; the rest is left out.
};

/// kInvalidArgument if `line` is not one JSON object, nests deeper than kMaxJsonDepth, or has one
/// of the fields with a value of another type. Other fields are passed over.
Result<JsonRow> ParseJsonRow(std::string_view line);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SOURCES_JSON_ROW_H_
