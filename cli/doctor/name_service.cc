// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// nsswitch.conf, the module, resolv.conf, systemd-resolved and nscd.

#include "cli/doctor/name_service.h"

#include <sys/stat.h>

#include <algorithm>
#include <sstream>

#include "cli/doctor/unix_socket.h"
#include "cli/nss_module.h"
#include "cli/nsswitch.h"
#include "nss-module/wire.h"
#include "resolver/base/files.h"

namespace commresolve::cli {
namespace {

constexpr size_t kMaxFileBytes = 65'536;
constexpr char kEnable[] = "sudo commresolve nss enable";

Result<std::optional<HostsLine>> LineOf(const std::string& nsswitch) {
  COMMRESOLVE_ASSIGN(text, ReadFile(nsswitch, kMaxNsswitchBytes));
  return FindHostsLine(text);
}

/// The words of each line of `text`, comments left out.
std::vector<std::vector<std::string>> WordsOfLines(const std::string& text) {
  std::vector<std::vector<std::string>> lines;
  std::istringstream all(text);
  for (std::string line; std::getline(all, line);) {
    std::istringstream rest(line.substr(0, line.find_first_of("#;")));
    std::vector<std::string> words;
    for (std::string word; rest >> word;) words.push_back(word);
    lines.push_back(std::move(words));
  }
  return lines;
}

/// As the C library: the last of "search" and "domain" counts.
std::vector<std::string> SearchDomains(const std::string& text) {
  std::vector<std::string> domains;
  for (const auto& words : WordsOfLines(text)) {
    if (words.empty() || (words[0] != "search" && words[0] != "domain")) continue;
    domains.assign(words.begin() + 1, words.end());
  }
  std::erase(domains, ".");
  return domains;
}

}  // namespace

Finding CheckNsswitch(const std::string& nsswitch) {
  const std::string check = "nsswitch";
  const auto line = LineOf(nsswitch);
  if (!line.ok() && line.error().code == Code::kNotFound) {
    return Fail(check, line.error().message,
                "write it: hosts: files " + std::string(kNssOurs) + " dns");
  }
  if (!line.ok()) {
    const Health health = line.error().code == Code::kUnavailable ? Health::kWarn : Health::kFail;
    return {check, health, nsswitch + ": " + line.error().message, line.error().hint};
  }
  const std::string place = nsswitch + ":";
  if (!*line || !HasOurs(**line)) {
    return Fail(check,
                place +
                    " commresolve is not enabled, so programs do not find its names "
                    "and ask DNS for them",
                kEnable);
  }
  const std::string problem = PlacementProblem(**line);
  const std::string where = place + std::to_string((*line)->number) + ": ";
  if (!problem.empty()) return Fail(check, where + problem, kEnable);
  return Ok(check, where + "commresolve is asked before everything that may ask the network");
}

Finding CheckModule() {
  const auto path = LoadNssModule();
  if (!path.ok()) return Fail("module", path.error().message, path.error().hint);
  return Ok("module", *path + " has all entry points");
}

Finding CheckSearchDomains(const std::string& resolv_conf, bool bare_names) {
  const std::string check = "search_domains";
  const auto text = ReadFile(resolv_conf, kMaxFileBytes);
  if (!text.ok() && text.error().code == Code::kNotFound) return Ok(check, "no " + resolv_conf);
  if (!text.ok()) return Warn(check, text.error().message, "look into it by hand");
  const auto domains = SearchDomains(*text);
  const auto ours = std::find_if(domains.begin(), domains.end(), [](const std::string& domain) {
    return nss::IsOwnName(domain.data(), domain.size());
  });
  if (ours != domains.end()) {
    return Fail(check,
                resolv_conf + ": with the search domain " + *ours +
                    " every bare word is asked of DNS under our suffix",
                "take " + *ours + " out of the search domains");
  }
  if (domains.empty()) return Ok(check, "none");
  if (!bare_names) return Ok(check, domains[0] + "; bare names are switched off");
  return Warn(check, "a bare word that is not bound is asked of DNS below " + domains[0],
              "type names under cert.alt where that matters: these never reach DNS");
}

Finding CheckSystemdResolved(const std::string& folder, const std::string& nsswitch) {
  const std::string check = "systemd_resolved";
  struct stat info{};
  if (::stat(folder.c_str(), &info) != 0) return Ok(check, "not running");
  const auto line = LineOf(nsswitch);
  if (!line.ok()) return Warn(check, "running; " + line.error().message, line.error().hint);
  if (!*line || !HasOurs(**line)) {
    return Fail(check, "running, and asked for names under cert.alt", kEnable);
  }
  for (const NssEntry& entry : (*line)->entries) {
    if (entry.name == kNssService) break;
    if (entry.name != "resolve") continue;
    return Fail(check, "'resolve' stands before commresolve, so it hears of every name first",
                kEnable);
  }
  return Ok(check, "running, and asked after commresolve");
}

Finding CheckNscd(const std::string& socket, const std::string& config) {
  const std::string check = "nscd";
  if (!SomebodyListens(socket)) return Ok(check, "not running");
  const auto text = ReadFile(config, kMaxFileBytes);
  if (text.ok()) {
    bool cached = true;
    for (const auto& words : WordsOfLines(*text)) {
      if (words.size() < 3 || words[0] != "enable-cache" || words[1] != "hosts") continue;
      cached = words[2] == "yes";
    }
    if (!cached) return Ok(check, "running, without a cache for hosts");
  }
  return Warn(check,
              "running: it answers for programs, from a cache that is seconds to minutes old, and "
              "knows the module only if it was started after it was installed",
              "put 'enable-cache hosts no' into " + config + ", then: sudo systemctl restart nscd");
}

}  // namespace commresolve::cli
