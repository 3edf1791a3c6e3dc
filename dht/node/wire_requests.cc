// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Half a second, a second, two.

#include "dht/node/wire_requests.h"

#include <array>
#include <utility>

namespace commresolve::dht {
namespace {

constexpr std::array<std::chrono::milliseconds, 3> kPatience = {std::chrono::milliseconds(500),
                                                                std::chrono::milliseconds(1000),
                                                                std::chrono::milliseconds(2000)};

}  // namespace

void WireRequests::Send(uint32_t number, WireRequest request, SteadyTime now) {
  Sent& sent = sent_[number];
  sent.request = std::move(request);
  SendAgain(number, sent, now);
}

std::optional<WireRequest> WireRequests::Answered(const Answer& answer, const PeerAddress& from) {
  const auto found = sent_.find(answer.number);
  if (found == sent_.end() || found->second.request.address != from ||
      (!answer.error && answer.sender != found->second.request.peer)) {
    return std::nullopt;
  }
  return std::move(sent_.extract(found).mapped().request);
}

void WireRequests::Step(SteadyTime now, const std::function<void(const WireRequest&)>& lost) {
  while (!timeouts_.empty() && timeouts_.begin()->first <= now) {
    const uint32_t number = timeouts_.begin()->second;
    timeouts_.erase(timeouts_.begin());
    const auto found = sent_.find(number);
    if (found == sent_.end()) continue;
    if (found->second.tries < kPatience.size()) {
      SendAgain(number, found->second, now);
    } else {
      lost(sent_.extract(found).mapped().request);
    }
  }
}

void WireRequests::SendAgain(uint32_t number, Sent& sent, SteadyTime now) {
  // Lost packets are sent again.
  static_cast<void>(transport_.Send(sent.request.address, sent.request.packet));
  timeouts_.emplace(now + kPatience[sent.tries++], number);
}

}  // namespace commresolve::dht
