// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// NsswitchText: lines and blanks of nsswitch.conf, for the reader and the editor of it alone.
//
// All functions are pure; views lead into the text given.

#ifndef COMMRESOLVE_CLI_NSSWITCH_TEXT_H_
#define COMMRESOLVE_CLI_NSSWITCH_TEXT_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include "resolver/base/result.h"

namespace commresolve::cli {

/// As isspace() in the C locale.
bool IsBlank(char c);
/// The first place from `at` on that is not blank.
size_t AfterBlanks(std::string_view text, size_t at);

struct TextLine {
  size_t number;          ///< From 1.
  std::string_view text;  ///< Without its line end.
  std::string_view end;   ///< "\n", or empty at the end of the text.
  [[nodiscard]] bool ended() const { return !end.empty(); }
};
/// All lines; put together they are `text`.
std::vector<TextLine> LinesOf(std::string_view text);

/// What stands before the first '#'.
std::string_view WithoutComment(std::string_view line);
/// True if `line` tells the services of the database "hosts".
bool IsHosts(std::string_view line);
/// Of such a line: where the colons and blanks after the word "hosts" end.
size_t AfterHosts(std::string_view line);

/// kInvalidArgument if `text` is too large or holds a NUL byte.
Status CheckText(std::string_view text);

}  // namespace commresolve::cli

#endif  // COMMRESOLVE_CLI_NSSWITCH_TEXT_H_
