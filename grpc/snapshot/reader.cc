// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Looks names up in a snapshot with the code of the module.

#include <algorithm>
#include <cstring>

#include "grpc/snapshot/record_codec.h"
#include "grpc/snapshot/snapshot.h"
#include "nss-module/wire.h"

namespace commresolve {
namespace {

nss::Header HeaderOf(const std::string& bytes) {
  nss::Header header = {};
  std::memcpy(&header, bytes.data(), std::min(bytes.size(), sizeof header));
  return header;
}

Result<SnapshotRecord> Find(const std::string& bytes, const nss::Key& key, UnixTime now,
                            const std::string& what) {
  const auto read = [&bytes](uint64_t offset, void* to, size_t size) {
    if (offset >= bytes.size()) return size_t{0};
    return bytes.copy(static_cast<char*>(to), size, offset);
  };
  uint8_t buffer[nss::kMostRecord];
  nss::Record record;
  switch (nss::FindRecord(read, HeaderOf(bytes), key, now, buffer, &record)) {
    case nss::Find::kFound:
      return TakeRecord(record);
    case nss::Find::kExpired:
      return Error{Code::kNotFound,
                   "the proof of " + what + " ended at " + FormatTime(record.head.proved_until)};
    case nss::Find::kMissing:
      return Error{Code::kNotFound, what + " is not in the snapshot"};
    default:
      return Error{Code::kCorrupt, "the snapshot is damaged near " + what};
  }
}

}  // namespace

Result<SnapshotReader> SnapshotReader::Parse(std::string bytes, std::optional<UnixTime> now) {
  const nss::Header header = HeaderOf(bytes);
  if (header.file_size != bytes.size() || !nss::IsSound(header)) {
    return Error{Code::kCorrupt, "not a whole snapshot"};
  }
  if (now && !nss::IsOfNow(header, *now)) {
    return Error{Code::kCorrupt, *now < header.not_after
                                     ? "the snapshot is of " + FormatTime(header.created) +
                                           ", which is still to come"
                                     : "the snapshot ended at " + FormatTime(header.not_after)};
  }
  return SnapshotReader(std::move(bytes));
}

SnapshotReader::Summary SnapshotReader::summary() const {
  const nss::Header header = HeaderOf(bytes_);
  return {header.generation, header.names, header.created, header.not_after,
          (header.policy & nss::kPolicySocket) != 0};
}

Result<SnapshotRecord> SnapshotReader::LookUp(std::string_view name, UnixTime now) const {
  char key[nss::kMostName + 1];
  const size_t size = nss::NormaliseName(name.data(), name.size(), key);
  if (size == 0) return Error{Code::kInvalidArgument, "not a host name"};
  return Find(bytes_, {key, size, false}, now, std::string(key, size));
}

Result<SnapshotRecord> SnapshotReader::LookUp(const IpAddress& address, UnixTime now) const {
  const std::string_view bytes = address.bytes();
  return Find(bytes_, {bytes.data(), bytes.size(), true}, now, address.ToString());
}

}  // namespace commresolve
