// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Passing on.

#include "dht/peer/node_ways.h"

#include <utility>

namespace commresolve::dht {
namespace {

constexpr std::chrono::seconds kPutPatience{20};

}  // namespace

void NodePutter::Put(const DhtKey& key, uint16_t type, std::vector<uint8_t> payload, OnPut done) {
  node_.Put(key, type, std::move(payload), kPutPatience,
            [done = std::move(done)](const PutResult& result) {
              done(result.confirmed, result.replicas);
            });
}

void NodeGetter::Get(const DhtKey& key, std::chrono::milliseconds patience, OnPayload on_value,
                     std::function<void()> done) {
  ++questions_;
  node_.Get(
      key, patience,
      [on_value = std::move(on_value)](const FoundValue& value) {
        return on_value(value.type, value.payload);
      },
      [done = std::move(done)](GetEnd) { done(); });
}

}  // namespace commresolve::dht
