// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The part of PeerSharing that says where the user's own keys live.

#include <algorithm>
#include <utility>

#include "grpc/sharing/peer_sharing.h"
#include "grpc/sharing/running.h"
#include "resolver/base/files.h"

namespace commresolve::daemon {
namespace {

constexpr int64_t kSayWithdrawnFor = 3LL * 86'400;

}  // namespace

Result<Announcement> PeerSharing::Announce(const Announcement& announcement) {
  DatedAnnouncement dated{announcement, engine_.clock().Now()};
  if (announcement.statement_file.empty()) {
    COMMRESOLVE_ASSIGN(key, ReadSigningKey(announcement.key_file));
    dated.announcement.key = key.id();
    own_keys_.Add(std::move(key));
  } else {
    COMMRESOLVE_ASSIGN(said, publishing_key_.Read(announcement.statement_file, dated.since));
    dated.announcement.key = said.subject;
  }
  COMMRESOLVE_TRY(Store(dated));
  return dated.announcement;
}

Result<std::string> PeerSharing::PublishingKeyText() {
  COMMRESOLVE_TRY(publishing_key_.LoadOrMake());
  return publishing_key_.text();
}

/// What is wrong with the file that lets `said` be signed; empty if it can be.
std::string PeerSharing::LoadSignerOf(const Announcement& said) {
  if (said.statement_file.empty()) return LoadOwnKey(said.key_file, said.key);
  const UnixTime now = engine_.clock().Now();
  const auto read = publishing_key_.Read(said.statement_file, now);
  if (publishing_key_.SignerFor(said.key, now) != nullptr) return "";
  return read.ok() ? said.statement_file + " speaks of another key now" : read.error().message;
}

/// A newer statement lies where the old one was; what was read before counts until it ends.
void PeerSharing::ReadStatements() {
  std::vector<Announcement> vouched;
  {
    const std::lock_guard guard(lock_);
    for (const auto& [said, since] : announcements_) {
      if (!said.statement_file.empty()) vouched.push_back(said);
    }
  }
  for (const Announcement& said : vouched) {
    const std::string problem = LoadSignerOf(said);
    const std::lock_guard guard(lock_);
    if (problem.empty()) {
      key_problems_.erase(said.key);
    } else {
      key_problems_[said.key] = problem;
    }
  }
}

Status PeerSharing::Withdraw(const KeyId& key) {
  DatedAnnouncement dated;
  {
    const std::lock_guard guard(lock_);
    const auto known = std::ranges::find(
        announcements_, key, [](const DatedAnnouncement& one) { return one.announcement.key; });
    if (known == announcements_.end()) {
      return Error{Code::kNotFound, "key " + KeyText(key) + " is not announced"};
    }
    dated = *known;
  }
  if (dated.announcement.endpoints.empty()) return {};
  dated.announcement.endpoints.clear();
  dated.since = engine_.clock().Now();
  return Store(std::move(dated));
}

Status PeerSharing::Store(DatedAnnouncement dated) {
  COMMRESOLVE_ASSIGN(content, dht::Content::Of(RecordOf(dated)));
  const std::lock_guard guard(lock_);
  COMMRESOLVE_ASSIGN(queue, Queue());
  std::vector<DatedAnnouncement> all = announcements_;
  std::erase_if(all, [&](const DatedAnnouncement& one) {
    return one.announcement.key == dated.announcement.key;
  });
  if (all.size() >= kMaxAnnouncements) {
    return Error{Code::kInvalidArgument,
                 "more than " + std::to_string(kMaxAnnouncements) + " announcements"};
  }
  key_problems_.erase(dated.announcement.key);
  all.push_back(std::move(dated));
  COMMRESOLVE_TRY(SaveAnnouncements(Path("announcements"), all));
  announcements_ = std::move(all);
  COMMRESOLVE_TRY(queue->Put(content, engine_.clock().Now()));
  if (running_) running_->peer->Wake();
  return {};
}

/// Whatever a crash left between the file and the queue.
void PeerSharing::QueueAnnouncements() {
  const std::lock_guard guard(lock_);
  for (const DatedAnnouncement& dated : announcements_) {
    const Status queued = PutAgain(dht::Content::Of(RecordOf(dated)));
    if (!queued.ok()) key_problems_[dated.announcement.key] = queued.error().message;
  }
}

/// Called with `lock_` held.
Status PeerSharing::PutAgain(const Result<dht::Content>& content) {
  if (!content.ok()) return content.error();
  COMMRESOLVE_ASSIGN(queue, Queue());
  COMMRESOLVE_TRY(queue->Put(*content, engine_.clock().Now()));
  return {};
}

void PeerSharing::DropOldWithdrawals(UnixTime now) {
  const std::lock_guard guard(lock_);
  std::vector<DatedAnnouncement> kept;
  kept.reserve(announcements_.size());
  for (const DatedAnnouncement& dated : announcements_) {
    const bool old = dated.announcement.endpoints.empty() && dated.since < now - kSayWithdrawnFor;
    if (!old) {
      kept.push_back(dated);
      continue;
    }
    const auto queue = Queue();
    const dht::Stream stream = dht::StreamOf(RecordOf(dated));
    // What could not be removed is tried again with the next look.
    if (!queue.ok() || !(*queue)->Remove(stream).ok()) kept.push_back(dated);
  }
  if (kept.size() == announcements_.size()) return;
  if (SaveAnnouncements(Path("announcements"), kept).ok()) announcements_ = std::move(kept);
}

/// Called with `lock_` held.
PutState PeerSharing::StateOf(const dht::Stream& stream, const KeyId& key,
                              const std::map<KeyId, std::string>& problems) const {
  PutState state;
  const auto problem = problems.find(key);
  if (problem != problems.end()) state.problem = problem->second;
  if (queue_ == nullptr) return state;
  const auto entry = queue_->Find(stream);
  if (!entry.ok() || !*entry) return state;
  state.confirmed = (*entry)->confirmed_at != 0;
  state.replicas = (*entry)->replicas;
  state.next_put = (*entry)->due;
  return state;
}

}  // namespace commresolve::daemon
