// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The event loop of the prober.

#include "resolver/net/attempt_set.h"

#include <sys/epoll.h>

#include <algorithm>
#include <cerrno>

#include "resolver/net/system_error.h"

namespace commresolve {
namespace {

constexpr int kEventsAtOnce = 64;

int MillisecondsUntil(SteadyTime until, SteadyTime now) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - now).count();
  return static_cast<int>(std::clamp<int64_t>(left, 0, 60'000));
}

}  // namespace

AttemptSet::AttemptSet(SSL_CTX* context, const Clock& clock, std::chrono::milliseconds deadline)
    : context_(context),
      clock_(clock),
      deadline_(deadline),
      poller_(epoll_create1(EPOLL_CLOEXEC)) {}

Status AttemptSet::Start(size_t id, const Endpoint& endpoint) {
  auto attempt = std::make_unique<Attempt>(endpoint, context_);
  COMMRESOLVE_TRY(attempt->Start());
  epoll_event event{};
  // Edge-triggered: an attempt goes on until its socket would block, so one registration does.
  event.events = EPOLLIN | EPOLLOUT | EPOLLET;
  event.data.u64 = id;
  if (epoll_ctl(poller_.get(), EPOLL_CTL_ADD, attempt->fd(), &event) != 0) {
    return Error{Code::kUnavailable, SystemErrorText(errno)}.Within(endpoint.ToString());
  }
  deadlines_.emplace_back(std::chrono::steady_clock::now() + deadline_, id);
  attempts_.emplace(id, std::move(attempt));
  return {};
}

std::vector<AttemptSet::Finished> AttemptSet::Wait(SteadyTime until) {
  std::vector<Finished> finished;
  SteadyTime now = std::chrono::steady_clock::now();
  for (;;) {
    while (!deadlines_.empty() && !attempts_.contains(deadlines_.front().second)) {
      deadlines_.pop_front();
    }
    SteadyTime wake = until;
    if (!deadlines_.empty()) wake = std::min(wake, deadlines_.front().first);
    epoll_event events[kEventsAtOnce];
    const int count =
        epoll_wait(poller_.get(), events, kEventsAtOnce, MillisecondsUntil(wake, now));
    for (int i = 0; i < count; ++i) Advance(events[i].data.u64, finished);
    now = std::chrono::steady_clock::now();
    Expire(now, finished);
    if (!finished.empty() || now >= until) return finished;
  }
}

void AttemptSet::Advance(size_t id, std::vector<Finished>& finished) {
  const auto found = attempts_.find(id);
  if (found == attempts_.end()) return;
  const Result<bool> complete = found->second->Advance();
  if (complete.ok() && !*complete) return;
  Result<Handshake> handshake =
      complete.ok() ? found->second->Describe(clock_.Now()) : Result<Handshake>(complete.error());
  finished.push_back({id, std::move(found->second), std::move(handshake)});
  attempts_.erase(found);
}

void AttemptSet::Expire(SteadyTime now, std::vector<Finished>& finished) {
  for (; !deadlines_.empty() && deadlines_.front().first <= now; deadlines_.pop_front()) {
    const auto found = attempts_.find(deadlines_.front().second);
    if (found == attempts_.end()) continue;
    const Error error = found->second->TimedOut(deadline_);
    finished.push_back({found->first, std::move(found->second), error});
    attempts_.erase(found);
  }
}

std::vector<size_t> AttemptSet::UnderWay() const {
  std::vector<size_t> ids;
  ids.reserve(attempts_.size());
  for (const auto& [id, attempt] : attempts_) ids.push_back(id);
  return ids;
}

}  // namespace commresolve
