// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Putting our service into a line "hosts", and taking it out.

#include <algorithm>

#include "cli/nsswitch.h"
#include "cli/nsswitch_text.h"

namespace commresolve::cli {
namespace {

constexpr std::string_view kService = kNssService;

/// The line end that the file uses.
std::string LineEnd(std::string_view text) {
  return text.find("\r\n") != std::string_view::npos ? "\r\n" : "\n";
}

/// Where our word begins as a service of `line`, npos if nowhere. Found even in lines that the C
/// library does not understand: what was put there has to be taken out of them too.
size_t FindOurs(std::string_view line) {
  const std::string_view text = WithoutComment(line);
  for (size_t at = text.find(kService); at != std::string_view::npos;
       at = text.find(kService, at + 1)) {
    const size_t end = at + kService.size();
    const bool begins =
        at > 0 && (IsBlank(text[at - 1]) || text[at - 1] == ':' || text[at - 1] == ']');
    const bool ends = end == text.size() || IsBlank(text[end]) || text[end] == '[';
    if (begins && ends) return at;
  }
  return std::string_view::npos;
}

std::string WithoutOurs(std::string line) {
  for (size_t at = FindOurs(line); at != std::string::npos; at = FindOurs(line)) {
    const std::string_view text = WithoutComment(line);
    size_t end = at + kService.size();
    for (size_t next = AfterBlanks(text, end); next < text.size() && text[next] == '[';
         next = AfterBlanks(text, end)) {
      end = std::min(text.find(']', next), text.size() - 1) + 1;
    }
    // The blank that goes with it is the one that EnableNss() has put there.
    const bool first = at == AfterHosts(text);
    const bool more = AfterBlanks(line, end) < line.size();
    if (first && more && IsBlank(line[end])) {
      ++end;
    } else if (IsBlank(text[at - 1])) {
      --at;
    }
    line.erase(at, end - at);
  }
  return line;
}

/// `line`, in which our service does not stand, with it.
Result<std::string> WithOurs(const HostsLine& line) {
  const auto& entries = line.entries;
  const auto asker = std::find_if(entries.begin(), entries.end(), [](const NssEntry& entry) {
    return !IsLocalService(entry.name);
  });
  const auto files = std::find_if(entries.begin(), asker,
                                  [](const NssEntry& entry) { return entry.name == "files"; });
  const auto place = files == asker ? asker : files + 1;
  for (auto entry = entries.begin(); entry != place; ++entry) {
    if (!entry->actions.notfound_ends) continue;
    return Error{Code::kInvalidArgument,
                 "line " + std::to_string(line.number) + ": '" + entry->name +
                     "' ends the search for every name with NOTFOUND=return",
                 "take [NOTFOUND=return] after '" + entry->name + "' out first"};
  }
  std::string text = line.text;
  if (place == entries.begin() && place != entries.end()) {
    return text.insert(place->begin, std::string(kNssOurs) + " ");
  }
  size_t at = place == entries.begin() ? text.size() : (place - 1)->end;
  while (place == entries.begin() && IsBlank(text[at - 1])) --at;
  return text.insert(at, std::string(" ") + kNssOurs);
}

/// `text` with line `change.number` replaced; its line end is added if it has none.
std::string Replaced(std::string_view text, const LineChange& change) {
  std::string edited;
  for (const TextLine& line : LinesOf(text)) {
    const bool changed = line.number == change.number;
    edited += changed ? std::string_view(change.after) : line.text;
    edited += changed && !line.ended() ? LineEnd(text) : std::string(line.end);
  }
  return edited;
}

NsswitchEdit WithNewLine(std::string_view text) {
  NsswitchEdit edit;
  edit.text = text;
  if (!text.empty() && !text.ends_with('\n')) edit.text += LineEnd(text);
  // Without the line, the C library looks into /etc/hosts and DNS too.
  const std::string line = std::string("hosts: files ") + kNssOurs + " dns";
  edit.changes.push_back({LinesOf(edit.text).size() + 1, "", line});
  edit.text += line + LineEnd(text);
  return edit;
}

}  // namespace

Result<NsswitchEdit> EnableNss(std::string_view text) {
  COMMRESOLVE_ASSIGN(found, FindHostsLine(text));
  if (!found) return WithNewLine(text);
  if (PlacementProblem(*found).empty()) return NsswitchEdit{std::string(text), {}};
  LineChange change{found->number, found->text, WithoutOurs(found->text)};
  COMMRESOLVE_ASSIGN(bare, FindHostsLine(change.after + "\n"));
  if (!bare) return Error{Code::kInternal, "the line 'hosts' was lost"};
  bare->number = found->number;
  COMMRESOLVE_ASSIGN(after, WithOurs(*bare));
  change.after = after;
  COMMRESOLVE_ASSIGN(again, FindHostsLine(after + "\n"));
  if (const std::string problem = again ? PlacementProblem(*again) : "lost"; !problem.empty()) {
    return Error{Code::kInternal, "the line '" + after + "' would be wrong: " + problem};
  }
  return NsswitchEdit{Replaced(text, change), {change}};
}

Result<NsswitchEdit> DisableNss(std::string_view text) {
  COMMRESOLVE_TRY(CheckText(text));
  NsswitchEdit edit;
  for (const TextLine& line : LinesOf(text)) {
    const std::string before(line.text);
    const std::string after = IsHosts(before) ? WithoutOurs(before) : before;
    if (after != before) edit.changes.push_back({line.number, before, after});
    edit.text += after;
    edit.text += line.end;
  }
  return edit;
}

}  // namespace commresolve::cli
