// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The bookkeeping of addresses.

#include "resolver/net/polite_queue.h"

namespace commresolve {

std::optional<size_t> PoliteQueue::Next() {
  if (!ready_.empty()) {
    const size_t index = ready_.front();
    ready_.pop_front();
    return index;
  }
  while (at_ < endpoints_.size()) {
    const size_t index = at_++;
    Address& address = addresses_[endpoints_[index].ip];
    if (address.busy < per_address_) {
      ++address.busy;
      return index;
    }
    address.waiting.push_back(index);
  }
  return std::nullopt;
}

void PoliteQueue::Release(size_t index) {
  const auto found = addresses_.find(endpoints_[index].ip);
  Address& address = found->second;
  if (!address.waiting.empty()) {
    ready_.push_back(address.waiting.front());
    address.waiting.pop_front();
    return;
  }
  if (--address.busy == 0) addresses_.erase(found);
}

}  // namespace commresolve
