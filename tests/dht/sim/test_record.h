// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A record that stands for all kinds: bound to its key, with an owner's number, a sequence number,
// an end, and a seal that only honest nodes can make.

#ifndef COMMRESOLVE_TESTS_DHT_SIM_TEST_RECORD_H_
#define COMMRESOLVE_TESTS_DHT_SIM_TEST_RECORD_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dht/node/value_rule.h"

namespace commresolve::sim {

constexpr uint16_t kTestType = 0xc001;

struct TestRecord {
  dht::DhtKey key{};
  uint64_t owner = 0;
  uint64_t sequence = 0;
  UnixTime expires = 0;
};

/// The key under which records about `text` lie.
dht::DhtKey KeyFor(const std::string& text);

/// `size` bytes at least; sealed as `honest`, or with a seal that nobody accepts.
std::vector<uint8_t> Encode(const TestRecord& record, bool honest = true, size_t size = 200);
/// Nothing if the seal is wrong.
std::optional<TestRecord> Decode(std::span<const uint8_t> payload);

/// The record, its key, number and end have to be right.
dht::ValueRule TestRule();

}  // namespace commresolve::sim

#endif  // COMMRESOLVE_TESTS_DHT_SIM_TEST_RECORD_H_
