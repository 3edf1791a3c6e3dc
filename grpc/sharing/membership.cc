// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One choice a line: a word, a blank, its value.

#include "grpc/sharing/membership.h"

#include <algorithm>
#include <utility>

#include "resolver/base/files.h"
#include "resolver/base/user_file.h"

namespace commresolve::daemon {
namespace {

constexpr size_t kMostBytes = 16'384;
constexpr std::string_view kHead =
    "# What this machine shares with its peers. Written by commresolved.\n";

using Choice = std::pair<std::string_view, bool Membership::*>;
constexpr Choice kChoices[] = {{"joined", &Membership::joined},
                               {"postings", &Membership::postings},
                               {"observations", &Membership::observations},
                               {"named", &Membership::named}};

Status CheckBootstrap(const std::string& text) {
  const auto where = ParseHostPort(text);
  if (where.ok() && where->port != 0 && text.find_first_of(" \t\n") == std::string::npos) return {};
  return Error{Code::kInvalidArgument, "'" + text + "' is no HOST:PORT of a peer",
               "as in 192.0.2.7:4222 or [2001:db8::7]:4222"};
}

bool TakeLine(std::string_view line, Membership& membership) {
  const size_t blank = line.find(' ');
  if (blank == std::string_view::npos) return false;
  const std::string_view word = line.substr(0, blank);
  const std::string_view value = line.substr(blank + 1);
  for (const auto& [name, field] : kChoices) {
    if (word != name) continue;
    membership.*field = value == "yes";
    return value == "yes" || value == "no";
  }
  return word == "bootstrap" && AddBootstrap({std::string(value)}, membership).ok();
}

}  // namespace

Status AddBootstrap(const std::vector<std::string>& more, Membership& membership) {
  std::vector<std::string> all = membership.bootstrap;
  for (const std::string& peer : more) {
    COMMRESOLVE_TRY(CheckBootstrap(peer));
    if (std::ranges::find(all, peer) == all.end()) all.push_back(peer);
  }
  if (all.size() > kMaxBootstrap) {
    return Error{Code::kInvalidArgument,
                 "more than " + std::to_string(kMaxBootstrap) + " peers to begin with"};
  }
  membership.bootstrap = std::move(all);
  return {};
}

Result<Membership> ParseMembership(std::string_view text, const std::string& path) {
  Membership membership;
  for (size_t number = 1; !text.empty(); ++number) {
    const size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    const bool comment = line.empty() || line.starts_with('#');
    if (end == std::string_view::npos || (!comment && !TakeLine(line, membership))) {
      return Error{Code::kCorrupt, path + ":" + std::to_string(number) + ": not understood",
                   "remove the file, and join again"};
    }
    text.remove_prefix(end + 1);
  }
  return membership;
}

std::string ToText(const Membership& membership) {
  std::string text(kHead);
  for (const auto& [name, field] : kChoices) {
    text.append(name).append(membership.*field ? " yes\n" : " no\n");
  }
  for (const std::string& peer : membership.bootstrap) text.append("bootstrap " + peer + "\n");
  return text;
}

Result<Membership> LoadMembership(const std::string& path) {
  COMMRESOLVE_ASSIGN(text, ReadUserFile(path, kMostBytes));
  return ParseMembership(text, path);
}

Status SaveMembership(const std::string& path, const Membership& membership) {
  return ReplaceFile(path, ToText(membership));
}

}  // namespace commresolve::daemon
