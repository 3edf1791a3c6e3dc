// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One observer to a line: key, trust, name.

#include "resolver/trust/observers.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <set>

#include "resolver/base/user_file.h"

namespace commresolve {
namespace {

constexpr std::string_view kHeader = "# commresolve observers 1";
constexpr std::string_view kBlanks = " \t";

Error Corrupt(const std::string& what) { return {Code::kCorrupt, what}; }

bool IsNameByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

Status CheckName(std::string_view name) {
  if (name.size() > kMaxObserverName) {
    return Error{Code::kInvalidArgument, "name: longer than 64 bytes"};
  }
  if (ParseObserver(name).ok()) {
    return Error{Code::kInvalidArgument, "name: it could be a key"};
  }
  if (!std::ranges::all_of(name, IsNameByte)) {
    return Error{Code::kInvalidArgument, "name: not letters, digits, '.', '-' and '_' alone"};
  }
  return {};
}

Status CheckTrust(int trust) {
  if (trust >= 1 && trust <= kFullTrust) return {};
  return Error{Code::kInvalidArgument, "trust: not 1 to " + std::to_string(kFullTrust)};
}

std::string_view TakeField(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
  const std::string_view field = line.substr(0, line.find_first_of(kBlanks));
  line.remove_prefix(field.size());
  return field;
}

std::string FormatLine(const NamedObserver& observer) {
  std::string line = ObserverText(observer.id) + " " + std::to_string(observer.trust);
  return observer.name.empty() ? line : line + " " + observer.name;
}

/// Empty for a blank line or a comment.
Result<std::optional<NamedObserver>> ParseLine(std::string_view line) {
  NamedObserver observer;
  const std::string_view key = TakeField(line);
  if (key.empty() || key.starts_with('#')) return std::optional<NamedObserver>();
  const auto id = FromBase32(key);
  const auto digest = id.ok() ? DigestFromBytes<ObserverId>(*id) : Result<ObserverId>(id.error());
  if (!digest.ok() || ObserverText(*digest) != key) {
    return Corrupt("key: not 52 lower-case characters of base32");
  }
  observer.id = *digest;
  const std::string_view trust = TakeField(line);
  const auto [rest, failure] =
      std::from_chars(trust.data(), trust.data() + trust.size(), observer.trust);
  if (failure != std::errc() || rest != trust.data() + trust.size() ||
      !CheckTrust(observer.trust).ok()) {
    return Corrupt("trust: not 1 to " + std::to_string(kFullTrust));
  }
  observer.name = TakeField(line);
  if (const Status name = CheckName(observer.name); !name.ok()) {
    return Corrupt(name.error().message);
  }
  if (!TakeField(line).empty()) return Corrupt("more than key, trust and name");
  return std::optional<NamedObserver>(std::move(observer));
}

bool SameName(const NamedObserver& a, const NamedObserver& b) {
  return !a.name.empty() && a.name == b.name;
}

}  // namespace

Result<ObserverId> ParseObserver(std::string_view text) {
  const auto key = ParseKey(text);
  if (key.ok()) return ObserverId{key->bytes};
  return Error{Code::kInvalidArgument,
               "'" + std::string(text.substr(0, 100)) + "' is not the key of an observer",
               "52 characters of base32, 64 hex digits, or base64"};
}

std::string ObserverText(const ObserverId& id) { return Base32(id.view()); }

Result<Observers> Observers::Parse(std::string_view text, const std::string& path) {
  Observers observers;
  std::set<ObserverId> ids;
  std::set<std::string> names;
  if (text.size() > kMaxObserversBytes) {
    return Corrupt(path + " is larger than " + std::to_string(kMaxObserversBytes) + " bytes");
  }
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::string where = path + " line " + std::to_string(observers.lines_.size() + 1);
    auto observer = ParseLine(line);
    if (!observer.ok()) return observer.error().Within(where);
    if (*observer) {
      const std::string& name = (*observer)->name;
      if (ids.size() == kMaxObservers) return Corrupt("one observer too many").Within(where);
      if (!ids.insert((*observer)->id).second) return Corrupt("the same key twice").Within(where);
      if (!name.empty() && !names.insert(name).second) {
        return Corrupt("the same name twice").Within(where);
      }
    }
    observers.lines_.push_back({std::string(line), *std::move(observer)});
  }
  return observers;
}

std::string Observers::ToText() const {
  std::string text;
  for (const Line& line : lines_) text.append(line.text).append(1, '\n');
  return text;
}

std::vector<NamedObserver> Observers::list() const {
  std::vector<NamedObserver> all;
  for (const Line& line : lines_) {
    if (line.observer) all.push_back(*line.observer);
  }
  return all;
}

std::vector<ChosenObserver> Observers::chosen() const {
  std::vector<ChosenObserver> chosen;
  for (const Line& line : lines_) {
    if (line.observer) chosen.push_back({line.observer->id, line.observer->trust});
  }
  return chosen;
}

std::optional<NamedObserver> Observers::Find(std::string_view name_or_key) const {
  const auto id = ParseObserver(name_or_key);
  for (const Line& line : lines_) {
    if (!line.observer) continue;
    const bool named = !line.observer->name.empty() && line.observer->name == name_or_key;
    if (named || (id.ok() && line.observer->id == *id)) return line.observer;
  }
  return {};
}

Status Observers::Put(const NamedObserver& observer) {
  COMMRESOLVE_TRY(CheckTrust(observer.trust));
  COMMRESOLVE_TRY(CheckName(observer.name));
  size_t others = 0;
  Line* own = nullptr;
  for (Line& line : lines_) {
    if (!line.observer) continue;
    if (line.observer->id == observer.id) {
      own = &line;
      continue;
    }
    ++others;
    if (SameName(*line.observer, observer)) {
      return Error{Code::kInvalidArgument, "another observer is called '" + observer.name + "'",
                   "give this one another name, or remove the other first"};
    }
  }
  if (others >= kMaxObservers) {
    return Error{Code::kInvalidArgument,
                 "there are " + std::to_string(kMaxObservers) + " observers already"};
  }
  if (own != nullptr && own->observer == observer) return {};
  Line line{FormatLine(observer), observer};
  if (own != nullptr) {
    *own = std::move(line);
    return {};
  }
  if (lines_.empty()) lines_.push_back({std::string(kHeader), std::nullopt});
  lines_.push_back(std::move(line));
  return {};
}

bool Observers::Remove(const ObserverId& id) {
  return std::erase_if(lines_, [&id](const Line& line) {
           return line.observer && line.observer->id == id;
         }) > 0;
}

Result<Observers> LoadObservers(const std::string& path) {
  COMMRESOLVE_ASSIGN(text, ReadUserFile(path, kMaxObserversBytes));
  return Observers::Parse(text, path);
}

Status EditObservers(const std::string& path, const std::function<Status(Observers&)>& edit) {
  constexpr std::chrono::seconds kPatience{5};
  return EditUserFile(path, kMaxObserversBytes, kPatience,
                      [&](const std::string& before) -> Result<std::string> {
                        COMMRESOLVE_ASSIGN(observers, Observers::Parse(before, path));
                        COMMRESOLVE_TRY(edit(observers));
                        return observers.ToText();
                      });
}

}  // namespace commresolve
