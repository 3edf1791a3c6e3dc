// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// IndexServer: another machine's index, as the settings name it.

#ifndef COMMRESOLVE_RESOLVER_CONFIG_INDEX_SERVER_H_
#define COMMRESOLVE_RESOLVER_CONFIG_INDEX_SERVER_H_

#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "resolver/base/digest.h"
#include "resolver/base/result.h"

namespace commresolve {

inline constexpr size_t kMaxIndexServers = 16;

/// Asked by the daemon besides its own index (docs/daemon.md).
struct IndexServer {
  std::string name;          ///< 1 to 32 of a-z, 0-9, '-' and '_'.
  std::string address;       ///< An IP address and port, or the absolute path of a Unix socket.
  std::optional<KeyId> key;  ///< What it has to prove; empty for a Unix socket, and only there.
  bool operator==(const IndexServer&) const = default;
};

/// From the members "name", "address" and "key" of a settings file. kInvalidArgument, whose message
/// says what is wanted instead: "as 'name' ...". Pure.
Result<IndexServer> MakeIndexServer(const std::map<std::string, std::string>& members);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_CONFIG_INDEX_SERVER_H_
