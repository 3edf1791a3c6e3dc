// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The requests of OpenDHT's protocol that we make ourselves, and what is answered.

#ifndef COMMRESOLVE_DHT_NODE_PACKETS_H_
#define COMMRESOLVE_DHT_NODE_PACKETS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "dht/node/peer_address.h"
#include "dht/node/value_rule.h"

namespace commresolve::dht {

using Packet = std::vector<uint8_t>;

/// A node, and where it can be reached.
struct KnownPeer {
  DhtKey id{};
  PeerAddress address;
};

/// What a node gives to an address that asked it, and wants to see when that address puts.
using Token = std::array<uint8_t, 32>;

/// What every request begins with. All requests say that they come from a client, so that nobody
/// takes the sender for a node that stores.
struct RequestHead {
  uint32_t network = 0;
  DhtKey id{};          ///< Of the sender.
  uint32_t number = 0;  ///< Comes back in the answer.
};

Packet PingRequest(const RequestHead& head);
/// The nodes closest to `target`, and a token.
Packet FindRequest(const RequestHead& head, const DhtKey& target);
/// The value ids under `key`, the nodes closest to it, and a token.
Packet IdsRequest(const RequestHead& head, const DhtKey& key);
/// One value.
Packet ValueRequest(const RequestHead& head, const DhtKey& key, uint64_t value_id);
/// `payload` has at most kMaxRecordBytes bytes.
Packet PutRequest(const RequestHead& head, const DhtKey& key, uint64_t value_id, uint16_t type,
                  std::span<const uint8_t> payload, const Token& token);

struct AnsweredValue {
  uint64_t id = 0;
  uint16_t type = 0;
  std::span<const uint8_t> payload;  ///< Points into the packet.
};

/// An answer or an error, whoever sent it.
struct Answer {
  uint32_t number = 0;            ///< Of the request.
  std::optional<uint64_t> error;  ///< The code: 401 for a token that holds no longer.
  DhtKey sender{};
  std::vector<KnownPeer> peers;  ///< Whoever is at port 0 is left out.
  std::optional<Token> token;
  std::vector<uint64_t> value_ids;  ///< Answer to IdsRequest().
  std::vector<AnsweredValue> values;
};
/// Reads a packet that has passed the firewall. Nothing if it is a request.
std::optional<Answer> ReadAnswer(std::span<const uint8_t> packet);

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_NODE_PACKETS_H_
