// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Any bytes as a snapshot, read with the module's own code: no answer but from a sound record.
//
// The first 16 bytes choose what is done to a good snapshot or to the rest of the input, so that
// the checksums do not keep the fuzzer out.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "grpc/snapshot/snapshot.h"
#include "nss-module/wire.h"

namespace {

using namespace commresolve;

void Require(bool holds) {
  if (!holds) std::abort();
}

const std::string& GoodSnapshot() {
  static const std::string good = [] {
    std::vector<SnapshotRecord> records;
    for (int i = 0; i < 9; ++i) {
      records.push_back({.name = "host-" + std::to_string(i) + ".cert.alt",
                         .canonical_name = i % 2 == 0 ? "" : "canonical.example",
                         .addresses = {*IpAddress::Parse("192.0.2." + std::to_string(i + 1)),
                                       *IpAddress::Parse("2001:db8::" + std::to_string(i + 1))},
                         .proved_until = 2000});
    }
    return BuildSnapshot(records, {.created = 1, .not_after = 3000, .seed = {1, 2}})->bytes;
  }();
  return good;
}

/// Signs whatever the head and, read as a record, the bytes at `at` say.
void Sign(std::string* bytes, size_t at) {
  nss::Header header;
  if (bytes->size() < sizeof header) return;
  std::memcpy(&header, bytes->data(), sizeof header);
  nss::RecordHead record;
  if (at <= bytes->size() - sizeof record) {
    std::memcpy(&record, bytes->data() + at, sizeof record);
    const size_t size = std::min<size_t>(std::max<size_t>(record.size, 4), bytes->size() - at);
    record.sum = static_cast<uint32_t>(nss::SipHash(header.seed, bytes->data() + at + 4, size - 4));
    std::memcpy(bytes->data() + at, &record, sizeof record.sum);
  }
  std::memcpy(&header, bytes->data(), sizeof header);
  header.sum = nss::SipHash(header.seed, &header, offsetof(nss::Header, sum));
  std::memcpy(bytes->data(), &header, sizeof header);
}

void LookUp(const std::string& bytes, const nss::Key& key) {
  const auto read = [&bytes](uint64_t offset, void* to, size_t size) {
    if (offset >= bytes.size()) return size_t{0};
    return bytes.copy(static_cast<char*>(to), size, offset);
  };
  nss::Header header;
  if (read(0, &header, sizeof header) != sizeof header || !nss::IsSound(header)) return;
  uint8_t buffer[nss::kMostRecord];
  nss::Record record;
  if (nss::FindRecord(read, header, key, 1000, buffer, &record) != nss::Find::kFound) return;
  Require(record.head.proved_until > 1000);
  Require(record.head.v4_count <= nss::kMostAddresses && record.head.v6_count <= 16);
  Require(std::strlen(record.name) == record.head.name_size && record.head.name_size > 0);
  Require(std::strlen(record.canonical) == record.head.canonical_size);
  const auto* end = reinterpret_cast<const char*>(buffer) + sizeof buffer;
  Require(record.canonical + record.head.canonical_size < end);
  Require(nss::Carries(record, key));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 16) return 0;
  uint16_t words[8];
  std::memcpy(words, data, sizeof words);
  std::string bytes = GoodSnapshot();
  if ((words[0] & 1) != 0) bytes.assign(reinterpret_cast<const char*>(data) + 16, size - 16);
  for (size_t i = 16; (words[0] & 1) == 0 && i + 3 <= size; i += 3) {
    const size_t at = (data[i] << 8U | data[i + 1]) % bytes.size();
    bytes[at] = static_cast<char>(data[i + 2]);
  }
  if ((words[0] & 2) != 0) Sign(&bytes, words[1] / 8 * 8);
  if ((words[0] & 4) != 0) bytes.resize(std::min<size_t>(bytes.size(), words[2]));
  const std::string name = "host-" + std::to_string(words[3] % 10) + ".cert.alt";
  LookUp(bytes, {name.data(), name.size(), false});
  const auto v4 = IpAddress::Parse("192.0.2." + std::to_string(words[4] % 12));
  const auto v6 = IpAddress::Parse("2001:db8::" + std::to_string(words[4] % 12));
  LookUp(bytes, {v4->bytes().data(), 4, true});
  LookUp(bytes, {v6->bytes().data(), 16, true});
  const auto reader = SnapshotReader::Parse(bytes, 1000);
  if (reader.ok()) {
    const auto found = reader->LookUp(name, 1000);
    Require(!found.ok() || found->name == name);
  }
  return 0;
}
