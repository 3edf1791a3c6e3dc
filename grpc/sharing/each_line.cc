// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lines, counted from 1.

#include "grpc/sharing/each_line.h"

namespace commresolve::daemon {

Status EachLine(std::string_view text, const std::string& path, const char* hint,
                const std::function<bool(std::string_view line)>& take) {
  for (size_t number = 1; !text.empty(); ++number) {
    const size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    const bool comment = line.empty() || line.starts_with('#');
    if (end == std::string_view::npos || (!comment && !take(line))) {
      return Error{Code::kCorrupt, path + ":" + std::to_string(number) + ": not understood", hint};
    }
    text.remove_prefix(end + 1);
  }
  return {};
}

}  // namespace commresolve::daemon
