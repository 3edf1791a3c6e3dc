// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reading the settings file with toml++.

#include "resolver/config/config.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>

// The shared library is built with exceptions; the header alone can do without.
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#include <fmt/format.h>
#include <toml++/toml.h>

#include "resolver/base/files.h"
#include "resolver/config/nearest.h"
#include "resolver/keyword/host_name.h"

namespace commresolve {
namespace {

constexpr size_t kMaxRootsBytes = size_t{16} << 20;

/// Sets one setting from its value; false (with the wanted kind in `wanted`) if it does not fit.
using Setter = std::function<bool(Config&, const toml::node&, std::string& wanted)>;

Setter Bool(const std::function<bool&(Config&)>& field) {
  return [field](Config& config, const toml::node& node, std::string& wanted) {
    wanted = "true or false";
    const auto value = node.value_exact<bool>();
    if (value) field(config) = *value;
    return value.has_value();
  };
}

Setter Text(const std::function<bool(Config&, const std::string&)>& set, const std::string& kind) {
  return [set, kind](Config& config, const toml::node& node, std::string& wanted) {
    wanted = node.is_string() ? kind : kind + ", in quotes";
    const auto value = node.value_exact<std::string>();
    return value && set(config, *value);
  };
}

bool SetDuration(const std::string& text, int64_t minimum, int64_t maximum, int64_t& seconds) {
  const auto parsed = ParseDuration(text);
  if (!parsed.ok() || *parsed < minimum || *parsed > maximum) return false;
  seconds = *parsed;
  return true;
}

bool SetSuffix(Config& config, const std::string& text) {
  const auto host = NormaliseHostName(text);
  if (!host.ok() || host->starts_with("*.")) return false;
  config.resolver.suffix = *host;
  return true;
}

bool SetFirstUse(Config& config, const std::string& text) {
  const auto mode = ParseFirstUseMode(text);
  if (mode) config.resolver.first_use = *mode;
  return mode.has_value();
}

bool SetRenewal(Config& config, const std::string& text) {
  config.resolver.renewal = text == "hold" ? RenewalPolicy::kHold : RenewalPolicy::kAccept;
  return text == "hold" || text == "accept";
}

bool SetMaxAge(Config& config, const std::string& text) {
  return SetDuration(text, 1, int64_t{7} * 86'400, config.resolver.max_age);
}

bool SetTimeout(Config& config, const std::string& text) {
  int64_t seconds = 0;
  if (!SetDuration(text, 1, 120, seconds)) return false;
  config.resolver.probe.deadline = std::chrono::seconds(seconds);
  return true;
}

bool SetAbsolutePath(std::string& field, const std::string& text) {
  field = text;
  return text.starts_with('/');
}

bool SetListen(Config& config, const std::string& text) {
  const auto where = ParseHostPort(text);
  config.grpc_listen = text;
  return where.ok() && where->port != 0 && IpAddress::Parse(where->host).ok();
}

Setter Servers() {
  return [](Config& config, const toml::node& node, std::string& wanted) {
    wanted = "a list of texts like \"192.0.2.53\" or \"[2001:db8::53]:5353\"";
    const toml::array* list = node.as_array();
    if (list == nullptr || list->size() > 16) return false;
    for (const toml::node& item : *list) {
      const auto server = item.value_exact<std::string>();
      if (!server) return false;
      const auto where = ParseHostPort(*server);
      if (!where.ok() || !IpAddress::Parse(where->host).ok()) return false;
      config.dns_servers.push_back(*server);
    }
    return true;
  };
}

bool SetIndexTimeout(Config& config, const std::string& text) {
  int64_t seconds = 0;
  if (!SetDuration(text, 1, 20, seconds)) return false;
  config.index_timeout = std::chrono::seconds(seconds);
  return true;
}

Result<IndexServer> ReadIndexServer(const toml::node& node) {
  const Error unlike{Code::kInvalidArgument, "tables of texts: name, address and key"};
  const toml::table* table = node.as_table();
  if (table == nullptr) return unlike;
  std::map<std::string, std::string> members;
  for (const auto& [key, member] : *table) {
    const auto text = member.value_exact<std::string>();
    if (!text) return unlike;
    members.emplace(key.str(), *text);
  }
  return MakeIndexServer(members);
}

Setter IndexServers() {
  return [](Config& config, const toml::node& node, std::string& wanted) {
    wanted = fmt::format("at most {} tables: name, address and key", kMaxIndexServers);
    const toml::array* list = node.as_array();
    if (list == nullptr || list->size() > kMaxIndexServers) return false;
    for (const toml::node& item : *list) {
      auto server = ReadIndexServer(item);
      wanted = server.ok() ? "names that differ" : server.error().message;
      if (!server.ok() || std::ranges::find(config.index_servers, server->name,
                                            &IndexServer::name) != config.index_servers.end()) {
        return false;
      }
      config.index_servers.push_back(std::move(*server));
    }
    return true;
  };
}

const std::map<std::string, Setter>& Setters() {
  static const std::map<std::string, Setter> setters = {
      {"bare_names", Bool([](Config& c) -> bool& { return c.bare_names; })},
      {"ca_file",
       Text([](Config& c, const std::string& t) { return SetAbsolutePath(c.ca_file, t); },
            "an absolute path")},
      {"data_dir",
       Text([](Config& c, const std::string& t) { return SetAbsolutePath(c.data_folder, t); },
            "an absolute path")},
      {"dns_hints", Bool([](Config& c) -> bool& { return c.resolver.dns_hints; })},
      {"dns_names", Bool([](Config& c) -> bool& { return c.resolver.dns_names; })},
      {"dns_servers", Servers()},
      {"first_use", Text(SetFirstUse, "\"ask\", \"accept-new\" or \"refuse\"")},
      {"grpc_certificate",
       Text([](Config& c, const std::string& t) { return SetAbsolutePath(c.grpc_certificate, t); },
            "an absolute path")},
      {"grpc_client_ca",
       Text([](Config& c, const std::string& t) { return SetAbsolutePath(c.grpc_client_ca, t); },
            "an absolute path")},
      {"grpc_key",
       Text([](Config& c, const std::string& t) { return SetAbsolutePath(c.grpc_key, t); },
            "an absolute path")},
      {"grpc_listen", Text(SetListen, "an address and port like \"192.0.2.1:7766\"")},
      {"hash_known_certs", Bool([](Config& c) -> bool& { return c.resolver.hash_known_certs; })},
      {"index_client_certificate",
       Text([](Config& c,
               const std::string& t) { return SetAbsolutePath(c.index_client_certificate, t); },
            "an absolute path")},
      {"index_client_key",
       Text([](Config& c, const std::string& t) { return SetAbsolutePath(c.index_client_key, t); },
            "an absolute path")},
      {"index_servers", IndexServers()},
      {"index_timeout", Text(SetIndexTimeout, "a length of time from \"1s\" to \"20s\"")},
      {"max_age", Text(SetMaxAge, "a length of time from \"1s\" to \"7d\"")},
      {"renewal", Text(SetRenewal, "\"accept\" or \"hold\"")},
      {"suffix", Text(SetSuffix, "a domain name such as \"cert.alt\"")},
      {"timeout", Text(SetTimeout, "a length of time from \"1s\" to \"2m\"")},
  };
  return setters;
}

/// The text with what is not ASCII in comments replaced; 0, or the line where it stands elsewhere.
/// (toml++ 3.3 runs into undefined behaviour on some characters outside strings. No setting needs
/// them.)
size_t KeepAscii(std::string& text) {
  size_t line = 1;
  bool comment = false;
  for (char& c : text) {
    if (c == '\n') {
      ++line;
      comment = false;
    } else if (c == '#') {
      comment = true;
    } else if (static_cast<unsigned char>(c) >= 0x80) {
      if (!comment) return line;
      c = '?';
    }
  }
  return 0;
}

std::string Where(const std::string& path, const toml::source_region& source) {
  return path + ":" + std::to_string(source.begin.line);
}

std::string HintForKey(const std::string& name) {
  if (const std::string near = Nearest(name, ConfigKeys()); !near.empty()) {
    return "did you mean '" + near + "'?";
  }
  return fmt::format("the keys are {}", fmt::join(ConfigKeys(), ", "));
}

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// $NAME, or $HOME/fallback; empty if neither is an absolute path.
std::string XdgFolder(const char* name, const std::string& fallback) {
  if (const std::string folder = Variable(name); folder.starts_with('/')) return folder;
  const std::string home = Variable("HOME");
  return home.starts_with('/') ? home + fallback : "";
}

/// Mistakes are told here rather than when a chain is checked, which may be hours later.
Status CheckRoots(const std::string& ca_file, const std::string& path) {
  if (ca_file.empty()) return {};
  const auto text = ReadFile(ca_file, kMaxRootsBytes);
  const auto wrong = [&path](const std::string& why) {
    return Error{Code::kInvalidArgument, fmt::format("{}: 'ca_file': {}", path, why)};
  };
  if (!text.ok()) return wrong(text.error().message);
  if (text->find("CERTIFICATE-----") != std::string::npos) return {};
  return wrong(ca_file + " holds no PEM certificate");
}

/// Settings that are nothing without one another.
Status CheckTogether(const Config& config, const std::string& path) {
  const std::array doors = {&config.grpc_listen, &config.grpc_certificate, &config.grpc_key,
                            &config.grpc_client_ca};
  const auto missing = std::count_if(doors.begin(), doors.end(),
                                     [](const std::string* set) { return set->empty(); });
  if (missing != 0 && static_cast<size_t>(missing) != doors.size()) {
    return Error{Code::kInvalidArgument,
                 path +
                     ": TCP needs all of grpc_listen, grpc_certificate, grpc_key and "
                     "grpc_client_ca, or none",
                 "there is no TCP without certificates on both sides"};
  }
  const bool over_tcp = std::ranges::any_of(
      config.index_servers, [](const IndexServer& server) { return server.key.has_value(); });
  const bool certificate = !config.index_client_certificate.empty();
  const bool key = !config.index_client_key.empty();
  if (certificate == key && (key || !over_tcp)) return {};
  return Error{Code::kInvalidArgument,
               path + ": index servers need index_client_certificate and index_client_key",
               "they answer nobody without a certificate"};
}

}  // namespace

std::vector<std::string> ConfigKeys() {
  std::vector<std::string> keys;
  for (const auto& [key, setter] : Setters()) keys.push_back(key);
  return keys;
}

Result<Config> ParseConfig(std::string_view text, const std::string& path) {
  if (text.size() > kMaxConfigBytes) {
    return Error{Code::kInvalidArgument,
                 path + " is larger than " + std::to_string(kMaxConfigBytes) + " bytes"};
  }
  std::string ascii(text);
  if (const size_t line = KeepAscii(ascii); line != 0) {
    return Error{
        Code::kInvalidArgument,
        fmt::format("{}:{}: only comments may hold other characters than ASCII", path, line),
        "write host names in their xn-- form"};
  }
  const toml::parse_result parsed = toml::parse(ascii, path);
  if (!parsed) {
    return Error{Code::kInvalidArgument, Where(path, parsed.error().source()) + ": " +
                                             std::string(parsed.error().description())};
  }
  Config config;
  for (const auto& [key, node] : parsed.table()) {
    const std::string name(key.str());
    const std::string where = Where(path, key.source());
    const auto setter = Setters().find(name);
    if (setter == Setters().end()) {
      return Error{Code::kInvalidArgument, where + ": unknown key '" + name.substr(0, 64) + "'",
                   HintForKey(name)};
    }
    std::string wanted;
    if (!setter->second(config, node, wanted)) {
      return Error{Code::kInvalidArgument, fmt::format("{}: '{}' wants {}", where, name, wanted)};
    }
  }
  COMMRESOLVE_TRY(CheckTogether(config, path));
  return config;
}

Result<Config> LoadConfig(const std::string& path, const std::string& data_folder) {
  std::string chosen = !path.empty() ? path : Variable("COMMRESOLVE_CONFIG");
  const bool must_exist = !chosen.empty();
  if (!must_exist) {
    const std::string folder = XdgFolder("XDG_CONFIG_HOME", "/.config");
    chosen = folder.empty() ? "" : folder + "/commresolve/config.toml";
  }
  std::error_code failure;
  auto text = chosen.empty() ? Result<std::string>("") : ReadFile(chosen, kMaxConfigBytes);
  if (!text.ok() && (must_exist || text.error().code != Code::kNotFound)) return text.error();
  // It names the roots, the data and the mode of first use. (Not for /dev/stdin and the like.)
  if (std::filesystem::is_regular_file(chosen, failure)) {
    if (const Status mine = CheckWriters(chosen); !mine.ok()) return mine.error();
  }
  COMMRESOLVE_ASSIGN(config, ParseConfig(text.ok() ? *text : "", chosen));
  COMMRESOLVE_TRY(CheckRoots(config.ca_file, chosen));
  if (!data_folder.empty()) config.data_folder = data_folder;
  if (config.data_folder.empty()) {
    const std::string base = XdgFolder("XDG_DATA_HOME", "/.local/share");
    if (base.empty()) {
      return Error{Code::kInvalidArgument, "neither HOME nor XDG_DATA_HOME is set",
                   "say where the data is: --data-dir"};
    }
    config.data_folder = base + "/commresolve";
  }
  return config;
}

}  // namespace commresolve
