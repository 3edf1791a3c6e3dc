// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Made of the readers of the four records.

#include "dht/record/check_for_store.h"

#include <string>

#include "dht/record/observation.h"
#include "dht/record/owner.h"
#include "dht/record/posting.h"
#include "dht/record/rollover.h"

namespace commresolve::dht {
namespace {

template <class T>
Status StatusOf(const Result<T>& result) {
  if (!result.ok()) return result.error();
  return {};
}

Error Refused(RecordType type, const char* why) {
  return {Code::kInvalidArgument, std::string(KindOf(type).name) + ": " + why};
}

}  // namespace

Status CheckForStore(RecordType type, const DhtKey& key, uint64_t value_id,
                     std::span<const uint8_t> payload, UnixTime now) {
  const std::string_view bytes(reinterpret_cast<const char*>(payload.data()), payload.size());
  if (bytes.empty() || bytes.size() > kMaxRecordBytes) {
    return Refused(type, "size: not 1 to 559 bytes");
  }
  if (value_id != ValueId(bytes)) return Refused(type, "value id: not the hash of the record");
  switch (type) {
    case RecordType::kPosting:
      return StatusOf(ReadPostingBlock(key, bytes, now));
    case RecordType::kOwner:
      return StatusOf(ReadOwner(key, bytes, now));
    case RecordType::kObservation:
      return StatusOf(ReadObservation(key, bytes, now));
    case RecordType::kRollover:
      return StatusOf(ReadRollover(key, bytes, now));
  }
  return Error{Code::kInvalidArgument, "type: of no record"};
}

}  // namespace commresolve::dht
