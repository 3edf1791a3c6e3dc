// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Body of an observation: subject, first_seen, last_seen, region, endpoint, server name.

#include "dht/record/observation.h"

#include "dht/record/endpoint_codec.h"
#include "dht/record/field_reader.h"

namespace commresolve::dht {
namespace {

constexpr RecordType kType = RecordType::kObservation;

Error Refused(const char* why) {
  return {Code::kInvalidArgument, std::string(KindOf(kType).name) + ": " + why};
}

Status Check(const Observation& record) {
  COMMRESOLVE_TRY(CheckTime(record.first_seen, KindOf(kType).name, "first seen"));
  if (record.first_seen > record.last_seen) return Refused("first seen: after last seen");
  if (record.last_seen > record.header.expires) return Refused("last seen: after the end");
  if (const char* why = WhyNoPlace(record.endpoint)) {
    return Refused((std::string("endpoint: ") + why).c_str());
  }
  const std::string& name = record.endpoint.server_name;
  if (!name.empty() && !IsNormalName(name)) return Refused("server name: not in normal form");
  return {};
}

}  // namespace

Result<std::string> WriteObservation(const Observation& record, const SigningKey& signer) {
  COMMRESOLVE_TRY(Check(record));
  ByteWriter body;
  body.Raw(record.subject.view());
  body.Fixed32(static_cast<uint32_t>(record.first_seen));
  body.Fixed32(static_cast<uint32_t>(record.last_seen));
  body.Byte(static_cast<uint8_t>(record.region));
  WritePlace(record.endpoint, body);
  WriteName(record.endpoint.server_name, body);
  return Seal(kType, SubjectKey(kType, record.subject), record.header, std::nullopt, body.bytes(),
              signer);
}

Result<Observation> ReadObservation(const DhtKey& key, std::string_view payload, UnixTime now) {
  COMMRESOLVE_ASSIGN(envelope, OpenEnvelope(kType, payload));
  Observation record;
  record.header = envelope.header;
  record.observer = *envelope.delegate();
  FieldReader reader(envelope.body);
  record.subject = KeyId{reader.Array<32>("subject")};
  record.first_seen = reader.Time("first seen");
  record.last_seen = reader.Time("last seen");
  const uint8_t region = reader.U8("region");
  if (region > static_cast<uint8_t>(kLastRegion)) reader.Refuse("region", "unknown");
  record.region = static_cast<Region>(region);
  record.endpoint = ReadPlace(reader);
  record.endpoint.server_name = ReadName(reader);
  COMMRESOLVE_TRY(reader.Finish(KindOf(kType).name));
  COMMRESOLVE_TRY(Check(record));
  COMMRESOLVE_TRY(CheckExpiry(kType, record.header.expires, now));
  if (record.last_seen > now + kClockSkew) return Refused("last seen: in the future");
  if (key != SubjectKey(kType, record.subject)) {
    return Refused("key: not where the records about this subject lie");
  }
  COMMRESOLVE_TRY(VerifyEnvelope(kType, key, envelope));
  return record;
}

Sighting SightingOf(const Observation& record) {
  return {ObserverId{record.observer}, record.subject,   record.endpoint,
          record.first_seen,           record.last_seen, record.region};
}

}  // namespace commresolve::dht
