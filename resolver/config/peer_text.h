// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Addresses of the network of peers, as people write them in settings and on the command line.

#ifndef COMMRESOLVE_RESOLVER_CONFIG_PEER_TEXT_H_
#define COMMRESOLVE_RESOLVER_CONFIG_PEER_TEXT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "resolver/endpoint.h"

namespace commresolve {

/// Where to receive.
struct ListenAddress {
  IpAddress ip;
  uint16_t port = 0;  ///< 0: any that is free.
  bool operator==(const ListenAddress&) const = default;
};
/// "0.0.0.0:4222", "[::]:0". kInvalidArgument for anything else, names and a missing port included.
Result<ListenAddress> ParseListenAddress(const std::string& text);

/// Port 4222 at every address of both families.
std::vector<ListenAddress> DefaultListenAddresses();

/// kInvalidArgument unless `text` is "HOST:PORT", without blanks.
Status CheckPeerText(const std::string& text);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_CONFIG_PEER_TEXT_H_
