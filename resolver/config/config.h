// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Config: the settings file, TOML with one flat table (docs/config.md).

#ifndef COMMRESOLVE_RESOLVER_CONFIG_CONFIG_H_
#define COMMRESOLVE_RESOLVER_CONFIG_CONFIG_H_

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/base/result.h"
#include "resolver/config/index_server.h"
#include "resolver/config/peer_text.h"
#include "resolver/resolution.h"
#include "resolver/trust/quorum.h"

namespace commresolve {

inline constexpr size_t kMaxConfigBytes = 65'536;
inline constexpr uint32_t kDefaultNetwork = 0x636d7273;  ///< Of the peers that share, "cmrs".

struct Config {
  ResolverSettings resolver;
  std::string data_folder;  ///< Absolute; never empty after LoadConfig.
  std::string ca_file;      ///< Roots of the public CAs; empty: the system's.
  bool bare_names = true;   ///< The daemon also publishes bound words without the suffix.
  std::vector<std::string> dns_servers;  ///< Empty: those of /etc/resolv.conf.

  /// Where the daemon answers over TCP, with mutual TLS: an IP address and port, and absolute paths
  /// of PEM files. All are set or none.
  std::string grpc_listen;
  std::string grpc_certificate;
  std::string grpc_key;
  std::string grpc_client_ca;  ///< Who issues the certificates of clients.

  std::vector<IndexServer> index_servers;  ///< At most kMaxIndexServers, no two of one name.
  std::chrono::seconds index_timeout{1};   ///< How long a search waits for them, 1 to 20.
  /// What the daemon shows them: absolute paths of PEM files. Both are set or none.
  std::string index_client_certificate;
  std::string index_client_key;

  /// Where the daemon's part in the network of peers begins: "HOST:PORT", at most 32.
  std::vector<std::string> dht_bootstrap;
  /// Where it receives: at most one address with port of each family, at least one in all. Port 0
  /// takes any that is free.
  std::vector<ListenAddress> dht_listen = DefaultListenAddresses();
  uint32_t dht_network = kDefaultNetwork;  ///< Nodes of another number are not spoken to.
  Region dht_region = Region::kUnknown;    ///< Where this observer looks from.
  bool dht_client = false;                 ///< Store nothing for others; be in nobody's tables.
  bool dht_lan = false;                    ///< Tell nodes of the local links, and look for them.
  bool dht_rollovers = false;  ///< Ask which keys may follow bound ones, even without observers.
  bool search_peers = false;   ///< `search` and `resolve` ask peers by themselves.
  /// A look-up among peers waits so long for the claims of a word, 1 to 20, and then asks where the
  /// best live; it ends altogether after peers_timeout, 1 to 60.
  std::chrono::seconds peers_first{2};
  std::chrono::seconds peers_timeout{5};
};

/// Parses `text`. kInvalidArgument names `path`, line and key, and for an unknown key the nearest
/// known one if it is near. Pure.
Result<Config> ParseConfig(std::string_view text, const std::string& path);

/// Reads `path`, or $COMMRESOLVE_CONFIG, or $XDG_CONFIG_HOME/commresolve/config.toml. Only the last
/// may be missing. kInvalidArgument also if `ca_file` cannot be read or holds no certificate. Fills
/// in the default data folder, $XDG_DATA_HOME/commresolve. `data_folder` overrides the setting if
/// it is not empty.
Result<Config> LoadConfig(const std::string& path, const std::string& data_folder = "");

/// The keys that a settings file may hold, in the order of the manual.
std::vector<std::string> ConfigKeys();

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_CONFIG_CONFIG_H_
