// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// EachLine: what the text files of sharing have in common.

#ifndef COMMRESOLVE_GRPC_SHARING_EACH_LINE_H_
#define COMMRESOLVE_GRPC_SHARING_EACH_LINE_H_

#include <functional>
#include <string>
#include <string_view>

#include "resolver/base/result.h"

namespace commresolve::daemon {

/// Calls `take` for each line of `text`, without its end, but not for empty ones and those that
/// begin with '#'. kCorrupt, naming `path` and line, with `hint`, if `take` returns false or the
/// last line has no end.
Status EachLine(std::string_view text, const std::string& path, const char* hint,
                const std::function<bool(std::string_view line)>& take);

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SHARING_EACH_LINE_H_
