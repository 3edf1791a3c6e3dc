// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lines of nsswitch.conf, told apart as the C library does it.

#include "cli/nsswitch_text.h"

#include <algorithm>

#include "cli/nsswitch.h"

namespace commresolve::cli {
namespace {

constexpr std::string_view kHosts = "hosts";

}  // namespace

bool IsBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

size_t AfterBlanks(std::string_view text, size_t at) {
  while (at < text.size() && IsBlank(text[at])) ++at;
  return at;
}

std::vector<TextLine> LinesOf(std::string_view text) {
  std::vector<TextLine> lines;
  while (!text.empty()) {
    const size_t size = std::min(text.find('\n'), text.size());
    lines.push_back({lines.size() + 1, text.substr(0, size), text.substr(size, 1)});
    text.remove_prefix(std::min(size + 1, text.size()));
  }
  return lines;
}

std::string_view WithoutComment(std::string_view line) { return line.substr(0, line.find('#')); }

bool IsHosts(std::string_view line) {
  const std::string_view rest = line.substr(AfterBlanks(line, 0));
  if (!rest.starts_with(kHosts)) return false;
  return rest.size() == kHosts.size() || rest[kHosts.size()] == ':' || IsBlank(rest[kHosts.size()]);
}

size_t AfterHosts(std::string_view line) {
  size_t at = AfterBlanks(line, 0) + kHosts.size();
  while (at < line.size() && (line[at] == ':' || IsBlank(line[at]))) ++at;
  return at;
}

Status CheckText(std::string_view text) {
  if (text.size() > kMaxNsswitchBytes) {
    return Error{Code::kInvalidArgument, "it is larger than 64 KiB"};
  }
  if (text.find('\0') != std::string_view::npos) {
    return Error{Code::kInvalidArgument, "it holds a NUL byte: this is no text"};
  }
  return {};
}

}  // namespace commresolve::cli
