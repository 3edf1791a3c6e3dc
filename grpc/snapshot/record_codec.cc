// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which records may be written, and their bytes.

#include "grpc/snapshot/record_codec.h"

#include <algorithm>
#include <iterator>

namespace commresolve {
namespace {

Error BadName(std::string_view name, const char* why) {
  return {Code::kInvalidArgument, "'" + std::string(name.substr(0, 80)) + "' " + why};
}

/// The C library, and browsers even more so, read such a name as an IPv4 address.
bool LooksLikeAddress(std::string_view name) {
  std::string_view last = name.substr(name.rfind('.') + 1);
  const bool hex = last.starts_with("0x");
  if (hex) last.remove_prefix(2);
  return last.find_first_not_of(hex ? "0123456789abcdef" : "0123456789") == std::string_view::npos;
}

bool IsHostName(std::string_view name, std::span<const std::string> host_names) {
  return std::any_of(host_names.begin(), host_names.end(), [&](std::string_view host) {
    return name == host || name == host.substr(0, host.find('.'));
  });
}

bool AnyReserved(const char* name, size_t size) {
  return nss::EndsIn(name, size, "localhost") ||
         (!nss::IsOwnName(name, size) && nss::IsReservedName(name, size));
}

}  // namespace

Result<std::string> NormaliseRecordName(std::string_view name,
                                        std::span<const std::string> host_names) {
  char normal[nss::kMostName + 1];
  const size_t size = nss::NormaliseName(name.data(), name.size(), normal);
  if (size == 0) return BadName(name, "is no host name");
  const std::string_view text(normal, size);
  if (LooksLikeAddress(text)) return BadName(name, "would be read as an address");
  if (AnyReserved(normal, size)) return BadName(name, "is reserved and cannot be bound");
  if (IsHostName(text, host_names)) return BadName(name, "is the name of this machine");
  return std::string(text);
}

Status CheckAddresses(const SnapshotRecord& record) {
  const auto v6 =
      static_cast<size_t>(std::count_if(record.addresses.begin(), record.addresses.end(),
                                        [](const IpAddress& address) { return address.is_v6(); }));
  const size_t v4 = record.addresses.size() - v6;
  if (std::max(v4, v6) <= nss::kMostAddresses) return {};
  return BadName(record.name, "has more than 16 addresses of one family");
}

void AppendRecord(const SnapshotRecord& record, const nss::SipKey& key, std::string* to) {
  const size_t start = to->size();
  nss::RecordHead head = {};
  to->append(sizeof head, '\0');
  for (const bool v6 : {false, true}) {
    for (const IpAddress& address : record.addresses) {
      if (address.is_v6() != v6) continue;
      to->append(address.bytes());
      ++(v6 ? head.v6_count : head.v4_count);
    }
  }
  to->append(record.name).push_back('\0');
  to->append(record.canonical_name).push_back('\0');
  head.size = static_cast<uint16_t>(to->size() - start);
  head.proved_until = record.proved_until;
  head.name_size = static_cast<uint8_t>(record.name.size());
  head.canonical_size = static_cast<uint8_t>(record.canonical_name.size());
  head.kind = static_cast<uint8_t>(record.kind);
  char* bytes = to->data() + start;
  memcpy(bytes, &head, sizeof head);
  head.sum = static_cast<uint32_t>(
      nss::SipHash(key, bytes + sizeof head.sum, head.size - sizeof head.sum));
  memcpy(bytes, &head, sizeof head);
}

SnapshotRecord TakeRecord(const nss::Record& record) {
  SnapshotRecord taken{.name = std::string(record.name, record.head.name_size),
                       .canonical_name = std::string(record.canonical, record.head.canonical_size),
                       .proved_until = record.head.proved_until,
                       .kind = static_cast<RecordKind>(record.head.kind)};
  const auto take = [&taken](const uint8_t* bytes, size_t size, size_t count) {
    for (size_t i = 0; i < count; ++i) {
      auto address = IpAddress::FromBytes({reinterpret_cast<const char*>(bytes) + i * size, size});
      if (address.ok()) taken.addresses.push_back(*address);
    }
  };
  take(record.v4, 4, record.head.v4_count);
  take(record.v6, 16, record.head.v6_count);
  return taken;
}

}  // namespace commresolve
