// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One get, one board.

#include "dht/find/owner_search.h"

#include <mutex>
#include <string_view>
#include <utility>

#include "dht/record/freshest.h"

namespace commresolve::dht {
namespace {

constexpr size_t kMostKeys = 16'384;

}  // namespace

struct OwnerSearch::Memory {
  std::mutex lock;  // Guards what follows.
  Freshest owners{kMostKeys};
};

OwnerSearch::OwnerSearch(Getter& getter, const Clock& clock, Acquaintances known)
    : getter_(getter),
      clock_(clock),
      known_(std::move(known)),
      memory_(std::make_shared<Memory>()) {}

void OwnerSearch::Find(const KeyId& key, std::chrono::milliseconds patience, Done done) {
  const DhtKey where = SubjectKey(RecordType::kOwner, key);
  // The callbacks come one at a time. There are no strangers to draw lots among.
  const auto board = std::make_shared<PlaceBoard>(known_, 0);
  const auto take = [=, memory = memory_, &clock = clock_, looked_at = size_t{0}](
                        uint16_t type, std::span<const uint8_t> payload) mutable {
    if (type == static_cast<uint16_t>(RecordType::kOwner)) {
      const UnixTime now = clock.Now();
      const auto record =
          ReadOwner(where, {reinterpret_cast<const char*>(payload.data()), payload.size()}, now);
      if (record.ok() && record->subject == key) {
        const std::lock_guard guard(memory->lock);
        const bool owners = board->IsOwners(*record, now);
        if (!owners || memory->owners.Accept(StreamOf(*record), record->header.sequence, now)) {
          board->Add(*record, now);
        }
      }
    }
    return ++looked_at < kMostValues;
  };
  getter_.Get(where, patience, take,
              [board, done = std::move(done)] { done(board->Ranked(kMostPlaces)); });
}

}  // namespace commresolve::dht
