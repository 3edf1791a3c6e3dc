// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What each key takes.

#include "resolver/config/setters.h"

#include <fmt/format.h>
#include <algorithm>
#include <utility>

#include "resolver/keyword/host_name.h"
#include "resolver/trust/region.h"

namespace commresolve {
namespace {

constexpr size_t kMaxDnsServers = 16;
constexpr size_t kMaxBootstrap = 32;

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

constexpr const char* kRegions =
    "\"africa\", \"asia-pacific\", \"europe\", \"latin-america\", \"north-america\" or \"unknown\"";

bool SetRegion(Config& config, const std::string& text) {
  const auto region = ParseRegion(text);
  if (region) config.dht_region = *region;
  return region.has_value();
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

/// A list of `least` to `most` texts, each taken by `take` (text, was there none before it?).
Setter Texts(size_t least, size_t most, const std::string& kind,
             bool (*take)(Config&, const std::string&, bool first)) {
  return [least, most, kind, take](Config& config, const toml::node& node, std::string& wanted) {
    wanted = kind;
    const toml::array* list = node.as_array();
    if (list == nullptr || list->size() < least || list->size() > most) return false;
    bool first = true;
    for (const toml::node& item : *list) {
      const auto text = item.value_exact<std::string>();
      if (!text || !take(config, *text, std::exchange(first, false))) return false;
    }
    return true;
  };
}

bool TakeDnsServer(Config& config, const std::string& text, bool /*first*/) {
  const auto where = ParseHostPort(text);
  config.dns_servers.push_back(text);
  return where.ok() && IpAddress::Parse(where->host).ok();
}

/// A wait of at least one second.
bool SetWait(const std::string& text, int64_t maximum, std::chrono::seconds& wait) {
  int64_t seconds = 0;
  if (!SetDuration(text, 1, maximum, seconds)) return false;
  wait = std::chrono::seconds(seconds);
  return true;
}

bool TakeBootstrap(Config& config, const std::string& text, bool /*first*/) {
  config.dht_bootstrap.push_back(text);
  return CheckPeerText(text).ok();
}

bool TakeListen(Config& config, const std::string& text, bool first) {
  if (first) config.dht_listen.clear();
  const auto address = ParseListenAddress(text);
  const bool one_too_many = std::ranges::any_of(config.dht_listen, [&](const auto& other) {
    return address.ok() && other.ip.is_v6() == address->ip.is_v6();
  });
  if (address.ok()) config.dht_listen.push_back(*address);
  return address.ok() && !one_too_many;
}

Setter Network() {
  return [](Config& config, const toml::node& node, std::string& wanted) {
    wanted = "a number from 1 to 4294967295";
    const auto value = node.value_exact<int64_t>();
    if (!value || *value < 1 || *value > UINT32_MAX) return false;
    config.dht_network = static_cast<uint32_t>(*value);
    return true;
  };
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

}  // namespace

const std::map<std::string, Setter>& Setters() {
  static const std::map<std::string, Setter> setters = {
      {"bare_names", Bool([](Config& c) -> bool& { return c.bare_names; })},
      {"ca_file",
       Text([](Config& c, const std::string& t) { return SetAbsolutePath(c.ca_file, t); },
            "an absolute path")},
      {"data_dir",
       Text([](Config& c, const std::string& t) { return SetAbsolutePath(c.data_folder, t); },
            "an absolute path")},
      {"dht_bootstrap",
       Texts(0, kMaxBootstrap, "a list of at most 32 texts like \"node.example:4222\"",
             TakeBootstrap)},
      {"dht_client", Bool([](Config& c) -> bool& { return c.dht_client; })},
      {"dht_lan", Bool([](Config& c) -> bool& { return c.dht_lan; })},
      {"dht_listen", Texts(1, 2,
                           "at least one address with port, and at most one of each family, like "
                           "\"0.0.0.0:4222\" and \"[::]:4222\"",
                           TakeListen)},
      {"dht_network", Network()},
      {"dht_region", Text(SetRegion, kRegions)},
      {"dht_rollovers", Bool([](Config& c) -> bool& { return c.dht_rollovers; })},
      {"dns_hints", Bool([](Config& c) -> bool& { return c.resolver.dns_hints; })},
      {"dns_names", Bool([](Config& c) -> bool& { return c.resolver.dns_names; })},
      {"dns_servers",
       Texts(0, kMaxDnsServers, "a list of texts like \"192.0.2.53\" or \"[2001:db8::53]:5353\"",
             TakeDnsServer)},
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
      {"index_timeout",
       Text([](Config& c, const std::string& t) { return SetWait(t, 20, c.index_timeout); },
            "a length of time from \"1s\" to \"20s\"")},
      {"max_age", Text(SetMaxAge, "a length of time from \"1s\" to \"7d\"")},
      {"peers_first",
       Text([](Config& c, const std::string& t) { return SetWait(t, 20, c.peers_first); },
            "a length of time from \"1s\" to \"20s\"")},
      {"peers_timeout",
       Text([](Config& c, const std::string& t) { return SetWait(t, 60, c.peers_timeout); },
            "a length of time from \"1s\" to \"1m\"")},
      {"renewal", Text(SetRenewal, "\"accept\" or \"hold\"")},
      {"search_peers", Bool([](Config& c) -> bool& { return c.search_peers; })},
      {"suffix", Text(SetSuffix, "a domain name such as \"cert.alt\"")},
      {"timeout", Text(SetTimeout, "a length of time from \"1s\" to \"2m\"")},
  };
  return setters;
}

}  // namespace commresolve
