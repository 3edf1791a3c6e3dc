// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Body of a rollover record: valid_from and the new keys.

#include "dht/record/rollover.h"

#include <algorithm>
#include <functional>

#include "dht/record/field_reader.h"

namespace commresolve::dht {
namespace {

constexpr RecordType kType = RecordType::kRollover;

Error Refused(const char* why) {
  return {Code::kInvalidArgument, std::string(KindOf(kType).name) + ": " + why};
}

Status Check(const Rollover& record) {
  COMMRESOLVE_TRY(CheckTime(record.valid_from, KindOf(kType).name, "valid from"));
  if (record.valid_from >= record.header.expires) return Refused("valid from: not before the end");
  const std::vector<KeyId>& keys = record.new_keys;
  if (keys.size() > kMaxNewKeys) return Refused("new keys: more than 8");
  if (std::adjacent_find(keys.begin(), keys.end(), std::greater_equal<>()) != keys.end()) {
    return Refused("new keys: not ascending");
  }
  if (std::find(keys.begin(), keys.end(), record.old_key) != keys.end()) {
    return Refused("new keys: the old key is one of them");
  }
  return {};
}

}  // namespace

Result<std::string> WriteRollover(const Rollover& record, const SigningKey& signer) {
  COMMRESOLVE_TRY(Check(record));
  ByteWriter body;
  body.Fixed32(static_cast<uint32_t>(record.valid_from));
  body.Byte(static_cast<uint8_t>(record.new_keys.size()));
  for (const KeyId& key : record.new_keys) body.Raw(key.view());
  return Seal(kType, SubjectKey(kType, record.old_key), record.header, record.old_key, body.bytes(),
              signer);
}

Result<Rollover> ReadRollover(const DhtKey& key, std::string_view payload, UnixTime now) {
  COMMRESOLVE_ASSIGN(envelope, OpenEnvelope(kType, payload));
  Rollover record;
  record.old_key = *envelope.subject;
  record.header = envelope.header;
  record.publishing_key = envelope.delegate();
  FieldReader reader(envelope.body);
  record.valid_from = reader.Time("valid from");
  const uint8_t count = reader.U8("new key count");
  for (uint8_t i = 0; i < count && reader.ok(); ++i) {
    record.new_keys.push_back(KeyId{reader.Array<32>("new key")});
  }
  COMMRESOLVE_TRY(reader.Finish(KindOf(kType).name));
  COMMRESOLVE_TRY(Check(record));
  COMMRESOLVE_TRY(CheckExpiry(kType, record.header.expires, now));
  COMMRESOLVE_TRY(VerifyEnvelope(kType, key, envelope));
  return record;
}

}  // namespace commresolve::dht
