// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Noted by look-ups, fetched by the keeper, one at a time.

#include "grpc/sharing/statement_news.h"

#include <algorithm>
#include <utility>

#include "grpc/sharing/fetch_statement.h"

namespace commresolve::daemon {
namespace {

constexpr std::chrono::milliseconds kPatience{4'000};
/// Keys that are remembered to have been asked; no further ones are asked meanwhile.
constexpr size_t kMostFetched = 1'000;

bool HoldsAt(const dht::Delegation& said, UnixTime now) {
  return dht::Speaks(said.subject, said.publishing_key, said, now);
}

bool IsNearEnd(const dht::Delegation& said, UnixTime now) {
  const int64_t left = said.valid_until - now;
  const int64_t whole = said.valid_until - said.valid_from;
  return left <= std::min(StatementNews::kNearEnd, whole / 4);
}

/// A clock that was set back must not make anybody wait for ever.
bool IsOver(UnixTime fetched, UnixTime now) {
  return fetched > now || now - fetched >= StatementNews::kBetweenFetches;
}

}  // namespace

StatementNews::StatementNews(std::string path)
    : StatementNews(std::move(path),
                    [](const KeyId& key, const Endpoint& endpoint, const std::atomic<bool>& stop) {
                      return FetchStatement(key, endpoint, kPatience, &stop);
                    }) {}

StatementNews::StatementNews(std::string path, Fetch fetch)
    : path_(std::move(path)), fetch_(std::move(fetch)) {
  auto book = LoadStatementBook(path_);
  if (book.ok()) book_ = std::move(*book);
}

std::optional<dht::Delegation> StatementNews::Of(const KeyId& subject, UnixTime now) const {
  const std::lock_guard guard(lock_);
  const auto known = book_.Of(subject);
  if (!known || !HoldsAt(known->said, now)) return std::nullopt;
  return known->said;
}

/// Called with `lock_` held, and so are the next two.
bool StatementNews::MayFetch(const KeyId& key, UnixTime now) const {
  if (waiting_.size() >= kMostWaiting) return false;
  const auto last = fetched_.find(key);
  return last == fetched_.end() ? fetched_.size() < kMostFetched : IsOver(last->second, now);
}

void StatementNews::Proved(const KeyId& key, const Endpoint& endpoint, dht::Speaker speaker,
                           UnixTime now) {
  if (endpoint.protocol != Protocol::kTls) return;
  const std::lock_guard guard(lock_);
  const auto known = book_.Of(key);
  const bool again = speaker == dht::Speaker::kOwner && known && now - known->heard >= kOld;
  if (speaker != dht::Speaker::kPublishingKey && !again) return;
  if (MayFetch(key, now)) waiting_.insert_or_assign(key, endpoint);
}

void StatementNews::NoteBound(const KnownCerts& known, UnixTime now) {
  if (book_.size() == 0) return;
  for (const Binding& binding : known.bindings()) {
    for (const KeyId& key : binding.accepted) {
      const auto heard = book_.Of(key);
      if (heard && IsNearEnd(heard->said, now) && MayFetch(key, now)) {
        waiting_.try_emplace(key, heard->where);
      }
    }
  }
}

std::optional<std::pair<KeyId, Endpoint>> StatementNews::TakeDue(const KnownCerts& known,
                                                                 UnixTime now) {
  std::erase_if(fetched_, [now](const auto& one) { return IsOver(one.second, now); });
  changed_ |= book_.Tidy(now);
  NoteBound(known, now);
  std::erase_if(waiting_, [&](const auto& one) { return known.IsRevoked(one.first); });
  if (waiting_.empty()) return std::nullopt;
  const auto due = waiting_.extract(waiting_.begin());
  fetched_[due.key()] = now;
  return std::pair(due.key(), due.mapped());
}

void StatementNews::Look(const KnownCerts& known, UnixTime now, const std::atomic<bool>& stop) {
  std::optional<std::pair<KeyId, Endpoint>> due;
  {
    const std::lock_guard guard(lock_);
    due = TakeDue(known, now);
  }
  if (!due) return;
  const auto& [key, endpoint] = *due;
  const auto statement = fetch_(key, endpoint, stop);
  // Most servers serve none: what was known holds until it ends.
  if (!statement.ok()) return;
  const auto said = dht::ReadDelegation(key, *statement, now);
  if (!said.ok()) return;
  const std::lock_guard guard(lock_);
  changed_ |= book_.Add({*said, endpoint, now});
}

Status StatementNews::Save() {
  const std::lock_guard guard(lock_);
  if (!changed_) return {};
  COMMRESOLVE_TRY(SaveStatementBook(path_, book_));
  changed_ = false;
  return {};
}

}  // namespace commresolve::daemon
