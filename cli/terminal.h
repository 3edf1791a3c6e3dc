// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Terminal: how this program speaks.
//
// Data goes to standard output, everything else to standard error. Messages are one lower-case line
// without full stop: "commresolve: error: ...", then "commresolve: hint: ...". Colour never carries
// meaning alone. Text from the network is printed with its control characters replaced.

#ifndef COMMRESOLVE_CLI_TERMINAL_H_
#define COMMRESOLVE_CLI_TERMINAL_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/base/result.h"

namespace commresolve::cli {

enum class Color : uint8_t { kNone, kGood, kWarning, kBad, kDim };

/// Used by one thread.
class Terminal {
 public:
  /// `color` as in GlobalOptions; "auto" obeys NO_COLOR, CLICOLOR_FORCE, TERM=dumb and whether
  /// standard output is a terminal.
  Terminal(const std::string& color, bool quiet);

  void Line(const std::string& text) const;  ///< To standard output.
  void Error(const commresolve::Error& error) const;
  void Note(const std::string& text) const;  ///< To standard error, unless quiet.
  [[nodiscard]] std::string Paint(Color color, const std::string& text) const;

  /// Rows under `head` in aligned columns. On a terminal, cells wider than their share of the
  /// window are cut with an ellipsis; elsewhere nothing is cut.
  void Table(const std::vector<std::string>& head,
             const std::vector<std::vector<std::string>>& rows) const;

  /// A row of a table whose other rows are not known yet, shown at once. Cells are filled up to
  /// `widths`; on a terminal wider ones are cut, as in Table().
  void Row(const std::vector<std::string>& cells, std::vector<size_t> widths,
           Color color = Color::kNone) const;
  /// Shows what was printed so far, even if it goes into a pipe.
  void Flush() const;

  /// Draws or moves a progress bar on standard error if that is a terminal and not quiet.
  void Progress(const std::string& what, uint64_t done, uint64_t total);
  void ClearProgress();

  /// True if a person can be asked.
  [[nodiscard]] bool CanAsk() const;
  /// Asks on standard error and reads one line from standard input. The end of input cuts it
  /// short, and so does SIGINT or SIGTERM, whose handler has to set `stop`.
  [[nodiscard]] std::string Ask(const std::string& question, const std::atomic<bool>& stop) const;

 private:
  void PrintCells(const std::vector<std::string>& cells, const std::vector<size_t>& widths,
                  Color color) const;

  bool color_ = false;
  bool quiet_ = false;
  bool out_is_terminal_ = false;
  bool err_is_terminal_ = false;
  bool progress_shown_ = false;
  int last_percent_ = -1;
  std::string last_progress_;
};

/// `text` with control characters (C0, DEL, C1), Unicode direction marks and
/// invisible characters replaced by '?'.
/// Invalid UTF-8 likewise.
std::string Printable(std::string_view text);
/// `text` in at most `width` columns, with an ellipsis at the end if something is missing.
std::string Cut(const std::string& text, size_t width);

}  // namespace commresolve::cli

#endif  // COMMRESOLVE_CLI_TERMINAL_H_
