// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who speaks is looked at before what he says: only a chosen observer costs a signature check.

#include "dht/find/observer_reports.h"

#include <atomic>
#include <memory>
#include <string_view>
#include <utility>

namespace commresolve::dht {

ObserverReports::ObserverReports(const std::vector<ChosenObserver>& observers, Freshest& fresh)
    : fresh_(fresh) {
  for (const ChosenObserver& observer : observers) {
    if (observer.trust > 0) chosen_.insert(observer.id.bytes);
  }
}

void ObserverReports::Add(const DhtKey& where, uint16_t type, std::span<const uint8_t> payload,
                          UnixTime now) {
  if (type != static_cast<uint16_t>(RecordType::kObservation)) return;
  const std::string_view bytes(reinterpret_cast<const char*>(payload.data()), payload.size());
  const auto envelope = OpenEnvelope(RecordType::kObservation, bytes);
  const auto observer = envelope.ok() ? envelope->delegate() : std::nullopt;
  const std::lock_guard guard(lock_);
  if (!observer) return;
  if (!chosen_.contains(*observer)) {
    if (others_.size() < kMostUntrusted) others_.insert(*observer);
    return;
  }
  const auto record = ReadObservation(where, bytes, now);
  if (!record.ok()) {
    ++refused_;
    return;
  }
  const Stream stream = StreamOf(*record);
  const auto known = reports_.find(stream);
  if (known == reports_.end() && counts_[*observer] >= kReportsOfObserver) return;
  if (!fresh_.Accept(stream, record->header.sequence, now)) {
    ++refused_;
    return;
  }
  if (known == reports_.end()) {
    reports_.emplace(stream, *record);
    ++counts_[*observer];
  } else if (std::pair(record->header.sequence, record->last_seen) >
             std::pair(known->second.header.sequence, known->second.last_seen)) {
    known->second = *record;
  }
}

std::vector<Sighting> ObserverReports::sightings() const {
  const std::lock_guard guard(lock_);
  std::vector<Sighting> all;
  all.reserve(reports_.size());
  for (const auto& [stream, record] : reports_) all.push_back(SightingOf(record));
  return all;
}

size_t ObserverReports::untrusted() const {
  const std::lock_guard guard(lock_);
  return others_.size();
}

size_t ObserverReports::refused() const {
  const std::lock_guard guard(lock_);
  return refused_;
}

void FetchReports(Getter& getter, const std::vector<KeyId>& keys, size_t most_values,
                  std::chrono::milliseconds patience, const Clock& clock, ObserverReports& reports,
                  std::function<void()> done) {
  const std::set<KeyId> distinct(keys.begin(), keys.end());
  // One more than there are keys, so that `done` is not called before all are asked for.
  const auto left = std::make_shared<std::atomic<size_t>>(distinct.size() + 1);
  const auto over = [left, done = std::move(done)] {
    if (left->fetch_sub(1) == 1) done();
  };
  for (const KeyId& key : distinct) {
    const DhtKey where = SubjectKey(RecordType::kObservation, key);
    const auto take = [where, most_values, seen = size_t{0}, &clock, &reports](
                          uint16_t type, std::span<const uint8_t> payload) mutable {
      reports.Add(where, type, payload, clock.Now());
      return ++seen < most_values;
    };
    getter.Get(where, patience, take, over);
  }
  over();
}

}  // namespace commresolve::dht
