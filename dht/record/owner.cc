// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Body of an owner record: valid_from, names, endpoints.

#include "dht/record/owner.h"

#include <algorithm>
#include <utility>

#include "dht/record/endpoint_codec.h"
#include "dht/record/field_reader.h"

namespace commresolve::dht {
namespace {

constexpr RecordType kType = RecordType::kOwner;

bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

template <class T>
bool Distinct(std::vector<T> items) {
  std::sort(items.begin(), items.end());
  return std::adjacent_find(items.begin(), items.end()) == items.end();
}

Error Refused(const char* why) {
  return {Code::kInvalidArgument, std::string(KindOf(kType).name) + ": " + why};
}

Status Check(const OwnerRecord& record) {
  COMMRESOLVE_TRY(CheckTime(record.valid_from, KindOf(kType).name, "valid from"));
  if (record.valid_from >= record.header.expires) return Refused("valid from: not before the end");
  if (record.names.size() > kMaxOwnerNames) return Refused("names: more than 8");
  if (record.endpoints.size() > kMaxOwnerEndpoints) return Refused("endpoints: more than 8");
  if (!Distinct(record.names)) return Refused("names: one stands there twice");
  if (!Distinct(record.endpoints)) return Refused("endpoints: one stands there twice");
  for (const std::string& name : record.names) {
    if (!IsNormalName(name)) return Refused("names: not a host name in normal form");
  }
  for (const Endpoint& endpoint : record.endpoints) {
    if (WhyNoPlace(endpoint) != nullptr) return Refused("endpoints: not a global address and port");
    if (!endpoint.server_name.empty() && !Contains(record.names, endpoint.server_name)) {
      return Refused("endpoints: a server name that is not in names");
    }
  }
  return {};
}

/// 0 for no server name, else its place in `names` counted from 1.
uint8_t NameNumber(const OwnerRecord& record, const std::string& server_name) {
  if (server_name.empty()) return 0;
  const auto at = std::find(record.names.begin(), record.names.end(), server_name);
  return static_cast<uint8_t>(1 + std::distance(record.names.begin(), at));
}

void ReadNames(FieldReader& reader, OwnerRecord* record) {
  const uint8_t count = reader.U8("name count");
  for (uint8_t i = 0; i < count && reader.ok(); ++i) record->names.push_back(ReadName(reader));
}

void ReadEndpoints(FieldReader& reader, OwnerRecord* record) {
  const uint8_t count = reader.U8("endpoint count");
  for (uint8_t i = 0; i < count && reader.ok(); ++i) {
    Endpoint endpoint = ReadPlace(reader);
    const uint8_t number = reader.U8("server name");
    if (number > record->names.size()) {
      reader.Refuse("server name", "no such name");
    } else if (number > 0) {
      endpoint.server_name = record->names[number - 1];
    }
    record->endpoints.push_back(std::move(endpoint));
  }
}

}  // namespace

Result<std::string> WriteOwner(const OwnerRecord& record, const SigningKey& signer) {
  COMMRESOLVE_TRY(Check(record));
  ByteWriter body;
  body.Fixed32(static_cast<uint32_t>(record.valid_from));
  body.Byte(static_cast<uint8_t>(record.names.size()));
  for (const std::string& name : record.names) WriteName(name, body);
  body.Byte(static_cast<uint8_t>(record.endpoints.size()));
  for (const Endpoint& endpoint : record.endpoints) {
    WritePlace(endpoint, body);
    body.Byte(NameNumber(record, endpoint.server_name));
  }
  return Seal(kType, SubjectKey(kType, record.subject), record.header, record.subject, body.bytes(),
              signer);
}

Result<OwnerRecord> ReadOwner(const DhtKey& key, std::string_view payload, UnixTime now) {
  COMMRESOLVE_ASSIGN(envelope, OpenEnvelope(kType, payload));
  OwnerRecord record;
  record.subject = *envelope.subject;
  record.header = envelope.header;
  record.publishing_key = envelope.delegate();
  FieldReader reader(envelope.body);
  record.valid_from = reader.Time("valid from");
  ReadNames(reader, &record);
  ReadEndpoints(reader, &record);
  COMMRESOLVE_TRY(reader.Finish(KindOf(kType).name));
  COMMRESOLVE_TRY(Check(record));
  COMMRESOLVE_TRY(CheckExpiry(kType, record.header.expires, now));
  COMMRESOLVE_TRY(VerifyEnvelope(kType, key, envelope));
  return record;
}

}  // namespace commresolve::dht
