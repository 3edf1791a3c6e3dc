// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reading the line "hosts"; the edits stand in nsswitch_edit.cc.

#include "cli/nsswitch.h"

#include <algorithm>
#include <array>

#include "cli/nsswitch_text.h"

namespace commresolve::cli {
namespace {

/// What one bracket says, in the words of nsswitch.conf(5): [!STATUS=ACTION ...].
class Criteria {
 public:
  Criteria(std::string_view text, size_t at) : text_(text), at_(at) {}

  /// Reads from '[' to behind ']'. False where the C library gives up.
  bool Read(NssActions& actions) {
    ++at_;
    SkipBlanks();
    do {
      if (!ReadOne(actions)) return false;
      SkipBlanks();
      if (at_ == text_.size()) return false;
    } while (text_[at_] != ']');
    ++at_;
    return true;
  }
  [[nodiscard]] size_t at() const { return at_; }

 private:
  bool ReadOne(NssActions& actions) {
    const bool all_others = at_ < text_.size() && text_[at_] == '!';
    if (all_others) ++at_;
    bool* status = StatusOf(Word(), actions);
    SkipBlanks();
    if (status == nullptr || at_ == text_.size() || text_[at_] != '=') return false;
    ++at_;
    SkipBlanks();
    const std::string action = Word();
    if (action != "RETURN" && action != "CONTINUE" && action != "MERGE") return false;
    const bool ends = action == "RETURN";
    const bool saved = *status;
    if (all_others) actions = {ends, ends, ends, ends};
    *status = all_others ? saved : ends;
    return true;
  }

  static bool* StatusOf(const std::string& word, NssActions& actions) {
    if (word == "SUCCESS") return &actions.success_ends;
    if (word == "NOTFOUND") return &actions.notfound_ends;
    if (word == "UNAVAIL") return &actions.unavail_ends;
    if (word == "TRYAGAIN") return &actions.tryagain_ends;
    return nullptr;
  }

  std::string Word() {
    std::string word;
    for (; at_ < text_.size() && !IsBlank(text_[at_]) && text_[at_] != '=' && text_[at_] != ']';
         ++at_) {
      const char c = text_[at_];
      word += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return word;
  }

  void SkipBlanks() { at_ = AfterBlanks(text_, at_); }

  std::string_view text_;
  size_t at_;
};

Error Unreadable(size_t number, size_t column) {
  return {Code::kInvalidArgument,
          "line " + std::to_string(number) +
              ": the C library does not understand 'hosts' from column " +
              std::to_string(column + 1) + " on",
          "mend that line first; a '#' behind services begins no comment"};
}

Result<std::vector<NssEntry>> ReadEntries(std::string_view text, size_t number) {
  std::vector<NssEntry> entries;
  for (size_t at = AfterBlanks(text, AfterHosts(text)); at < text.size();
       at = AfterBlanks(text, at)) {
    NssEntry entry;
    entry.begin = at;
    while (at < text.size() && !IsBlank(text[at]) && text[at] != '[') ++at;
    entry.end = at;
    entry.name = text.substr(entry.begin, at - entry.begin);
    if (entry.name.empty()) return Unreadable(number, at);
    const size_t bracket = AfterBlanks(text, at);
    if (bracket < text.size() && text[bracket] == '[') {
      Criteria criteria(text, bracket);
      if (!criteria.Read(entry.actions)) return Unreadable(number, bracket);
      entry.end = at = criteria.at();
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::string Quoted(const std::string& name) { return "'" + name + "'"; }

}  // namespace

Result<std::optional<HostsLine>> FindHostsLine(std::string_view text) {
  COMMRESOLVE_TRY(CheckText(text));
  std::optional<HostsLine> found;
  for (const TextLine& line : LinesOf(text)) {
    if (!IsHosts(line.text) || (!line.ended() && found)) continue;
    found = HostsLine{line.number, std::string(line.text), line.ended(), {}};
  }
  if (!found) return found;
  COMMRESOLVE_ASSIGN(entries, ReadEntries(found->text, found->number));
  found->entries = std::move(entries);
  return found;
}

bool HasOurs(const HostsLine& line) {
  return std::any_of(line.entries.begin(), line.entries.end(),
                     [](const NssEntry& entry) { return entry.name == kNssService; });
}

bool IsLocalService(std::string_view name) {
  static constexpr std::array<std::string_view, 7> kLocal = {
      "files", "db", "myhostname", "mymachines", "gw_name", "libvirt", "libvirt_guest"};
  return std::find(kLocal.begin(), kLocal.end(), name) != kLocal.end();
}

std::string PlacementProblem(const HostsLine& line) {
  const auto is_ours = [](const NssEntry& entry) { return entry.name == kNssService; };
  const auto ours = std::find_if(line.entries.begin(), line.entries.end(), is_ours);
  if (ours == line.entries.end()) return "commresolve is not enabled";
  for (auto entry = line.entries.begin(); entry != ours; ++entry) {
    if (entry->actions.notfound_ends && IsLocalService(entry->name)) {
      return Quoted(entry->name) + " before commresolve ends the search with NOTFOUND=return";
    }
    if (!IsLocalService(entry->name)) {
      return Quoted(entry->name) + " stands before commresolve and hears of every name first";
    }
  }
  const auto next = ours + 1;
  const auto is_files = [](const NssEntry& entry) { return entry.name == "files"; };
  const auto asker = std::find_if_not(
      next, line.entries.end(), [](const NssEntry& entry) { return IsLocalService(entry.name); });
  if (std::none_of(line.entries.begin(), ours, is_files) && std::any_of(next, asker, is_files)) {
    return "commresolve stands before 'files', so /etc/hosts is not the last word";
  }
  const NssActions& actions = ours->actions;
  if (next != line.entries.end() && actions.unavail_ends) {
    return "with UNAVAIL=return other names are not found any more";
  }
  if (next != line.entries.end() &&
      !(actions.success_ends && actions.notfound_ends && actions.tryagain_ends)) {
    return "without [!UNAVAIL=return] names of ours go on to " + Quoted(next->name);
  }
  if (!line.ended) return "the line has no line end, so the C library does not read it";
  return {};
}

}  // namespace commresolve::cli
