// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writing to a person or a pipe.

#include "cli/terminal.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>

namespace commresolve::cli {
namespace {

constexpr size_t kMinColumn = 8;
constexpr int kBarWidth = 30;

bool DirectionMark(UChar32 c) {
  return c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

/// Takes no room and means nothing to a reader: zero-width blanks, word joiners, tags.
bool Invisible(UChar32 c) {
  return c == 0x200B || c == 0xFEFF || (c >= 0x2060 && c <= 0x2064) ||
         (c >= 0xE0000 && c <= 0xE007F);
}

/// Reads the character at `i` and moves `i` behind it; negative if it is not valid UTF-8.
UChar32 NextCharacter(std::string_view text, int32_t& i) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const auto length = static_cast<int32_t>(text.size());
  UChar32 c = 0;
  U8_NEXT(bytes, i, length, c);  // NOLINT(bugprone-inc-dec-in-conditions): ICU's macro
  return c;
}

/// Wide East Asian characters take two.
size_t Columns(UChar32 c) {
  const int32_t wide = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
  return wide == U_EA_WIDE || wide == U_EA_FULLWIDTH ? 2 : 1;
}

size_t Width(const std::string& text) {
  size_t width = 0;
  int32_t i = 0;
  while (i < static_cast<int32_t>(text.size())) width += Columns(NextCharacter(text, i));
  return width;
}

size_t WindowWidth() {
  winsize window{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0) return window.ws_col;
  return 80;
}

/// Narrows the widest columns until everything fits.
void Fit(std::vector<size_t>& widths, size_t window) {
  const auto total = [&widths] {
    size_t sum = 0;
    for (const size_t width : widths) sum += width + 2;
    return sum;
  };
  while (total() > window + 2) {
    const auto widest = std::max_element(widths.begin(), widths.end());
    if (*widest <= kMinColumn) return;
    --*widest;
  }
}

bool WantsColor(const std::string& color, bool terminal) {
  if (color != "auto") return color == "always";
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0') return false;
  const char* force = std::getenv("CLICOLOR_FORCE");
  if (force != nullptr && std::string_view(force) != "0" && *force != '\0') return true;
  const char* term = std::getenv("TERM");
  return terminal && term != nullptr && std::string_view(term) != "dumb";
}

}  // namespace

std::string Printable(std::string_view text) {
  std::string clean;
  int32_t i = 0;
  while (i < static_cast<int32_t>(text.size())) {
    const int32_t start = i;
    const UChar32 c = NextCharacter(text, i);
    if (c < 0x20 || (c >= 0x7F && c < 0xA0) || DirectionMark(c) || Invisible(c)) {
      clean += '?';
    } else {
      clean.append(text.substr(static_cast<size_t>(start), static_cast<size_t>(i - start)));
    }
  }
  return clean;
}

std::string Cut(const std::string& text, size_t width) {
  size_t used = 0;
  int32_t fits = 0;  // Bytes that leave a column for the ellipsis.
  int32_t i = 0;
  while (i < static_cast<int32_t>(text.size())) {
    used += Columns(NextCharacter(text, i));
    if (used > width) return text.substr(0, static_cast<size_t>(fits)) + "…";
    if (used < width) fits = i;
  }
  return text;
}

Terminal::Terminal(const std::string& color, bool quiet)
    : quiet_(quiet),
      out_is_terminal_(::isatty(STDOUT_FILENO) == 1),
      err_is_terminal_(::isatty(STDERR_FILENO) == 1) {
  color_ = WantsColor(color, out_is_terminal_);
}

void Terminal::Line(const std::string& text) const { std::cout << text << '\n'; }

void Terminal::Error(const commresolve::Error& error) const {
  std::cout.flush();
  std::cerr << "commresolve: error: " << Printable(error.message) << '\n';
  if (!error.hint.empty()) std::cerr << "commresolve: hint: " << Printable(error.hint) << '\n';
}

void Terminal::Note(const std::string& text) const {
  if (!quiet_) std::cerr << "commresolve: " << Printable(text) << '\n';
}

std::string Terminal::Paint(Color color, const std::string& text) const {
  if (!color_ || color == Color::kNone) return text;
  const char* code = "2";
  if (color == Color::kGood) code = "32";
  if (color == Color::kWarning) code = "33";
  if (color == Color::kBad) code = "1;31";
  return std::string("\033[") + code + "m" + text + "\033[0m";
}

void Terminal::Table(const std::vector<std::string>& head,
                     const std::vector<std::vector<std::string>>& rows) const {
  std::vector<size_t> widths;
  widths.reserve(head.size());
  for (const std::string& cell : head) widths.push_back(Width(cell));
  for (const auto& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], Width(row[i]));
  }
  if (out_is_terminal_) Fit(widths, WindowWidth());
  PrintCells(head, widths, Color::kDim);
  for (const auto& row : rows) PrintCells(row, widths, Color::kNone);
}

void Terminal::PrintCells(const std::vector<std::string>& cells, const std::vector<size_t>& widths,
                          Color color) const {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) {
    const std::string cell = Cut(cells[i], widths[i]);
    line += cell;
    if (i + 1 < cells.size()) line.append(widths[i] - Width(cell) + 2, ' ');
  }
  Line(Paint(color, line));
}

void Terminal::Row(const std::vector<std::string>& cells, std::vector<size_t> widths,
                   Color color) const {
  if (out_is_terminal_) Fit(widths, WindowWidth());
  for (size_t i = 0; i < cells.size() && !out_is_terminal_; ++i) {
    widths[i] = std::max(widths[i], Width(cells[i]));
  }
  PrintCells(cells, widths, color);
  Flush();
}

void Terminal::Flush() const { std::cout.flush(); }

void Terminal::Progress(const std::string& what, uint64_t done, uint64_t total) {
  if (quiet_ || !err_is_terminal_ || total == 0) return;
  const int percent = static_cast<int>(std::min(done, total) * 100 / total);
  if (percent == last_percent_ && what == last_progress_) return;
  last_percent_ = percent;
  last_progress_ = what;
  const int filled = kBarWidth * percent / 100;
  std::cerr << '\r' << what << " [" << std::string(static_cast<size_t>(filled), '#')
            << std::string(static_cast<size_t>(kBarWidth - filled), '.') << "] " << percent << " %"
            << "\033[K" << std::flush;
  progress_shown_ = true;
}

void Terminal::ClearProgress() {
  if (progress_shown_) std::cerr << "\r\033[K" << std::flush;
  progress_shown_ = false;
  last_percent_ = -1;
}

bool Terminal::CanAsk() const { return err_is_terminal_ && ::isatty(STDIN_FILENO) == 1; }

std::string Terminal::Ask(const std::string& question, const std::atomic<bool>& stop) const {
  std::cout.flush();
  std::cerr << question << std::flush;
  // Not through std::cin, which would go on waiting after Ctrl-C.
  std::string answer;
  bool whole = false;
  while (!stop) {
    // Another thread may take the signal, so nothing wakes this one for certain.
    constexpr int kLookMs = 100;
    pollfd input{STDIN_FILENO, POLLIN, 0};
    const int ready = ::poll(&input, 1, kLookMs);
    if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
    if (ready < 0) break;
    char byte = 0;
    if (::read(STDIN_FILENO, &byte, 1) != 1) break;
    whole = byte == '\n';
    if (whole) break;
    answer += byte;
  }
  if (!whole) std::cerr << '\n';
  return answer;
}

}  // namespace commresolve::cli
