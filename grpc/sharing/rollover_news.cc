// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Fetching beside the look-ups, deciding from memory.

#include "grpc/sharing/rollover_news.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "grpc/sharing/pending.h"

namespace commresolve::daemon {
namespace {

constexpr size_t kMostAtOnce = 16;
constexpr size_t kMostValues = 512;
constexpr int64_t kLeastWait = 4LL * 3'600;
constexpr int64_t kMostWait = 8LL * 3'600;
constexpr std::chrono::milliseconds kPatience{5'000};

/// What gets write into; they may outlive whoever waits for them.
struct Round {
  explicit Round(size_t keys) : pending(keys) {}

  std::mutex lock;  // Guards `heard`.
  std::vector<dht::Rollover> heard;
  Pending pending;
};

/// What `old_key` itself signed. Anybody can have a publishing key: such a record is not even
/// checked.
Result<dht::Rollover> ReadOwn(const KeyId& old_key, const dht::DhtKey& where,
                              std::span<const uint8_t> payload, UnixTime now) {
  const std::string_view bytes(reinterpret_cast<const char*>(payload.data()), payload.size());
  COMMRESOLVE_ASSIGN(envelope, dht::OpenEnvelope(dht::RecordType::kRollover, bytes));
  if (envelope.kind != dht::SignerKind::kOwnKey || envelope.subject != old_key) {
    return Error{Code::kUntrusted, "another signer than the old key"};
  }
  return dht::ReadRollover(where, bytes, now);
}

void Fetch(dht::Getter& getter, const Clock& clock, const KeyId& old_key,
           const std::shared_ptr<Round>& round) {
  const dht::DhtKey where = dht::SubjectKey(dht::RecordType::kRollover, old_key);
  const auto take = [=, &clock, looked_at = size_t{0}](uint16_t type,
                                                       std::span<const uint8_t> payload) mutable {
    if (type == static_cast<uint16_t>(dht::RecordType::kRollover)) {
      auto record = ReadOwn(old_key, where, payload, clock.Now());
      const std::lock_guard guard(round->lock);
      if (record.ok()) round->heard.push_back(std::move(*record));
    }
    return ++looked_at < kMostValues;
  };
  getter.Get(where, kPatience, take, [round] { round->pending.Done(); });
}

}  // namespace

RolloverNews::RolloverNews(std::string path) : path_(std::move(path)) {
  auto book = LoadRolloverBook(path_);
  if (book.ok()) book_ = std::move(*book);
}

bool RolloverNews::MayFollow(const std::vector<KeyId>& old_keys, const KeyId& new_key,
                             UnixTime first_seen, UnixTime now) {
  const std::lock_guard guard(lock_);
  return commresolve::MayFollow(book_.known(), old_keys, new_key, first_seen, now);
}

std::vector<KeyId> RolloverNews::TakeDue(const KnownCerts& known, UnixTime now) {
  std::set<KeyId> bound;
  for (const Binding& binding : known.bindings()) {
    for (const KeyId& key : binding.accepted) {
      if (!known.IsRevoked(key) && !binding.Rejects(key)) bound.insert(key);
    }
  }
  std::erase_if(next_, [&](const auto& entry) { return !bound.contains(entry.first); });
  std::vector<KeyId> due;
  for (const KeyId& key : bound) {
    UnixTime& next = next_[key];
    const bool clock_was_ahead = next > now + kMostWait;
    if (due.size() >= kMostAtOnce || (next > now && !clock_was_ahead)) continue;
    next = now + kLeastWait +
           static_cast<int64_t>(random_() % static_cast<uint64_t>(kMostWait - kLeastWait));
    due.push_back(key);
  }
  const std::lock_guard guard(lock_);
  changed_ |= book_.Tidy(bound, now);
  return due;
}

void RolloverNews::Look(dht::Getter& getter, const Clock& clock, const KnownCerts& known,
                        const std::atomic<bool>& stop) {
  const std::vector<KeyId> due = TakeDue(known, clock.Now());
  if (due.empty()) return;
  const auto round = std::make_shared<Round>(due.size());
  for (const KeyId& key : due) Fetch(getter, clock, key, round);
  if (!round->pending.Wait(&stop)) return;
  const std::lock_guard guard(lock_);
  for (const dht::Rollover& record : round->heard) changed_ |= book_.Add(record, clock.Now());
}

Status RolloverNews::Save() {
  const std::lock_guard guard(lock_);
  if (!changed_) return {};
  COMMRESOLVE_TRY(SaveRolloverBook(path_, book_));
  changed_ = false;
  return {};
}

}  // namespace commresolve::daemon
