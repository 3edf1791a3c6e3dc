// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Streams by name, and by the time when they may be forgotten.

#include "dht/record/freshest.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "dht/record/endpoint_codec.h"

namespace commresolve::dht {
namespace {

template <size_t N>
std::string_view View(const std::array<uint8_t, N>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Stream Named(RecordType type, const ByteWriter& name) {
  return {type, PlainDigest{Sha256(name.bytes())}};
}

Stream OfSubject(RecordType type, const KeyId& subject) {
  ByteWriter name;
  name.Raw(subject.view());
  return Named(type, name);
}

}  // namespace

Stream StreamOf(const OwnerRecord& record) { return OfSubject(RecordType::kOwner, record.subject); }

Stream StreamOf(const Rollover& record) { return OfSubject(RecordType::kRollover, record.old_key); }

Stream StreamOf(const Observation& record) {
  ByteWriter name;
  name.Raw(View(record.observer));
  name.Raw(record.subject.view());
  WritePlace(record.endpoint, name);
  WriteName(record.endpoint.server_name, name);
  return Named(RecordType::kObservation, name);
}

Stream StreamOf(const PostingBlock& block) {
  ByteWriter name;
  name.Raw(View(block.finder));
  name.Raw(View(block.key));
  return Named(RecordType::kPosting, name);
}

Freshest::Freshest(size_t capacity) : capacity_(std::max<size_t>(capacity, 1)) {}

bool Freshest::Accept(const Stream& stream, uint32_t sequence, UnixTime now) {
  Forget(now);
  const auto known = seen_.find(stream);
  if (known != seen_.end()) {
    if (sequence < known->second.sequence) return false;
    by_end_.erase({known->second.until, stream});
  } else if (seen_.size() >= capacity_) {
    seen_.erase(by_end_.begin()->second);
    by_end_.erase(by_end_.begin());
  }
  // Twice the tolerance: a record may be accepted that much early, and again that much late.
  const UnixTime until = now + KindOf(stream.type).longest_valid + 2 * kClockSkew;
  seen_[stream] = {sequence, until};
  by_end_.insert({until, stream});
  return true;
}

void Freshest::Forget(UnixTime now) {
  while (!by_end_.empty() && by_end_.begin()->first < now) {
    seen_.erase(by_end_.begin()->second);
    by_end_.erase(by_end_.begin());
  }
}

}  // namespace commresolve::dht
