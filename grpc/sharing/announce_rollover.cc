// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The part of PeerSharing that says which keys may follow the user's own.

#include <algorithm>
#include <utility>

#include "grpc/sharing/peer_sharing.h"
#include "grpc/sharing/running.h"

namespace commresolve::daemon {
namespace {

/// The end of a record is at least so far away when it is sealed, and no record may begin later.
constexpr int64_t kMostAhead = 15LL * 86'400;
/// Until then everybody has forgotten what was said before.
constexpr int64_t kSayWithdrawnFor = 30LL * 86'400;

}  // namespace

Result<RolloverStatement> PeerSharing::AnnounceRollover(const RolloverStatement& statement) {
  const UnixTime now = engine_.clock().Now();
  RolloverStatement wanted = statement;
  if (wanted.from == 0) wanted.from = now;
  if (wanted.new_keys.empty()) {
    return Error{Code::kInvalidArgument, "no key is named that may follow"};
  }
  if (wanted.from > now + kMostAhead) {
    return Error{Code::kInvalidArgument, "the new keys would follow in more than 15 days",
                 "say it nearer to the change; two days before are enough"};
  }
  std::ranges::sort(wanted.new_keys);
  wanted.new_keys.erase(std::ranges::unique(wanted.new_keys).begin(), wanted.new_keys.end());
  COMMRESOLVE_ASSIGN(key, ReadSigningKey(wanted.key_file));
  wanted.key = key.id();
  own_keys_.Add(std::move(key));
  COMMRESOLVE_TRY(Store(wanted));
  return wanted;
}

Status PeerSharing::WithdrawRollover(const KeyId& key) {
  RolloverStatement wanted;
  {
    const std::lock_guard guard(lock_);
    const auto known = std::ranges::find(rollovers_, key, &RolloverStatement::key);
    if (known == rollovers_.end()) {
      return Error{Code::kNotFound, "nothing is said of keys that may follow " + KeyText(key)};
    }
    wanted = *known;
  }
  if (wanted.new_keys.empty()) return {};
  wanted.new_keys.clear();
  wanted.from = engine_.clock().Now();
  return Store(std::move(wanted));
}

Status PeerSharing::Store(RolloverStatement rollover) {
  COMMRESOLVE_ASSIGN(content, dht::Content::Of(RecordOf(rollover)));
  const std::lock_guard guard(lock_);
  COMMRESOLVE_ASSIGN(queue, Queue());
  std::vector<RolloverStatement> all = rollovers_;
  std::erase_if(all, [&](const RolloverStatement& one) { return one.key == rollover.key; });
  if (all.size() >= kMaxRollovers) {
    return Error{Code::kInvalidArgument,
                 "more than " + std::to_string(kMaxRollovers) + " keys with others to follow"};
  }
  rollover_problems_.erase(rollover.key);
  all.push_back(std::move(rollover));
  COMMRESOLVE_TRY(SaveRollovers(Path("rollovers"), all));
  rollovers_ = std::move(all);
  COMMRESOLVE_TRY(queue->Put(content, engine_.clock().Now()));
  if (running_) running_->peer->Wake();
  return {};
}

/// Whatever a crash left between the file and the queue.
void PeerSharing::QueueRollovers() {
  const std::lock_guard guard(lock_);
  for (const RolloverStatement& one : rollovers_) {
    const Status queued = PutAgain(dht::Content::Of(RecordOf(one)));
    if (!queued.ok()) rollover_problems_[one.key] = queued.error().message;
  }
}

void PeerSharing::DropOldRollovers(UnixTime now) {
  const std::lock_guard guard(lock_);
  std::vector<RolloverStatement> kept = rollovers_;
  std::erase_if(kept, [&](const RolloverStatement& one) {
    if (!one.new_keys.empty() || one.from >= now - kSayWithdrawnFor) return false;
    const auto queue = Queue();
    // What could not be removed is tried again with the next look.
    return queue.ok() && (*queue)->Remove(dht::StreamOf(RecordOf(one))).ok();
  });
  if (kept.size() == rollovers_.size()) return;
  if (SaveRollovers(Path("rollovers"), kept).ok()) rollovers_ = std::move(kept);
}

}  // namespace commresolve::daemon
