// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One choice a line: a word, a blank, its value.

#include "grpc/sharing/membership.h"

#include <algorithm>
#include <utility>

#include "grpc/sharing/each_line.h"
#include "resolver/base/files.h"
#include "resolver/base/user_file.h"
#include "resolver/config/peer_text.h"

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
    COMMRESOLVE_TRY(CheckPeerText(peer));
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
  COMMRESOLVE_TRY(EachLine(text, path, "remove the file, and join again",
                           [&](std::string_view line) { return TakeLine(line, membership); }));
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
