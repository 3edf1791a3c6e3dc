// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Builds a snapshot: checks the records, lays out the two hash tables, writes the file.
//
// A table without wrap-around whose entries are placed in the order of their home slots is a Robin
// Hood table: all entries stand about equally far from home. At half load the farthest of a million
// is some 12 slots away, so that the 32 slots that a reader looks at are never too few by accident.
// A seed for which they are is replaced.

#include <algorithm>
#include <optional>

#include "grpc/snapshot/record_codec.h"
#include "grpc/snapshot/snapshot.h"
#include "nss-module/wire.h"

namespace commresolve {
namespace {

constexpr size_t kMostNames = 100'000'000;
constexpr int kSeedsToTry = 64;
constexpr size_t kUnit = 8;  // Records start at multiples of this.

struct Entry {
  uint64_t hash;
  uint32_t row;
};

struct Table {
  uint32_t slots = 1;
  std::vector<Entry> entries;  // In the order of their home slots.
};

struct AddressEntry {
  uint64_t hash;
  uint32_t row;
  uint32_t position;  // In the row's addresses.
};

std::string_view BytesOf(const nss::Slot& slot) {
  return {reinterpret_cast<const char*>(&slot), sizeof slot};
}

/// The last seed, changed so that every bit of the next depends on it.
nss::SipKey NextSeed(const nss::SipKey& seed) {
  const uint64_t first = nss::SipHash(seed, "0", 1);
  return {first, nss::SipHash({first, seed.k1}, "1", 1)};
}

/// Half of them stay empty.
uint32_t SlotsFor(size_t entries) {
  return static_cast<uint32_t>(std::max<size_t>(1, 2 * entries));
}

class Builder {
 public:
  Builder(std::span<const SnapshotRecord> records, const SnapshotOptions& options)
      : records_(records), options_(options), seed_{options.seed[0], options.seed[1]} {}

  Result<BuiltSnapshot> Build();

 private:
  void TakeRecords();
  std::optional<Error> Take(size_t index);
  void DropRepeated();
  bool LayOut();
  void FillNameTable();
  void FillAddressTable();
  Status Write();
  std::string HeaderBytes() const;

  std::span<const SnapshotRecord> records_;
  const SnapshotOptions& options_;
  nss::SipKey seed_;
  std::vector<SnapshotRecord> rows_;
  std::vector<size_t> index_of_row_;
  std::vector<uint32_t> unit_of_row_;
  Table names_;
  Table addresses_;
  std::vector<std::string> host_names_;
  BuiltSnapshot built_;
};

/// Appends the table's slots; false if an entry would stand too far from its home.
bool IsPlaceable(const Table& table) {
  uint64_t next = 0;
  for (const Entry& entry : table.entries) {
    const uint64_t home = nss::HomeSlot(entry.hash, table.slots);
    const uint64_t place = std::max(home, next);
    if (place - home >= nss::kMostProbes) return false;
    next = place + 1;
  }
  return true;
}

void AppendTable(const Table& table, const std::vector<uint32_t>& unit_of_row, std::string* to) {
  const size_t start = to->size();
  to->resize(start + (size_t{table.slots} + nss::kMostProbes) * sizeof(nss::Slot));
  uint64_t next = 0;
  for (const Entry& entry : table.entries) {
    const uint64_t place = std::max(nss::HomeSlot(entry.hash, table.slots), next);
    const nss::Slot slot = {static_cast<uint32_t>(entry.hash), unit_of_row[entry.row]};
    BytesOf(slot).copy(to->data() + start + place * sizeof slot, sizeof slot);
    next = place + 1;
  }
}

std::optional<Error> Builder::Take(size_t index) {
  const SnapshotRecord& given = records_[index];
  auto name = NormaliseRecordName(given.name, host_names_);
  if (!name.ok()) return name.error();
  std::string canonical;
  if (!given.canonical_name.empty()) {
    auto normal = NormaliseRecordName(given.canonical_name, {});
    if (!normal.ok()) return normal.error().Within("canonical name of '" + *name + "'");
    canonical = std::move(*normal);
  }
  if (const Status status = CheckAddresses(given); !status.ok()) return status.error();
  rows_.push_back(
      {std::move(*name), std::move(canonical), given.addresses, given.proved_until, given.kind});
  index_of_row_.push_back(index);
  return std::nullopt;
}

void Builder::TakeRecords() {
  for (const std::string& name : options_.host_names) {
    char normal[nss::kMostName + 1];
    if (const size_t size = nss::NormaliseName(name.data(), name.size(), normal); size > 0) {
      host_names_.emplace_back(normal, size);
    }
  }
  rows_.reserve(records_.size());
  index_of_row_.reserve(records_.size());
  for (size_t i = 0; i < records_.size(); ++i) {
    if (auto error = Take(i)) built_.refused.push_back({i, std::move(*error)});
  }
}

/// The order of hashes is that of home slots.
void SortByHome(std::vector<Entry>* entries) {
  std::sort(entries->begin(), entries->end(), [](const Entry& a, const Entry& b) {
    return a.hash != b.hash ? a.hash < b.hash : a.row < b.row;
  });
}

void Builder::FillNameTable() {
  names_.entries.clear();
  for (uint32_t row = 0; row < rows_.size(); ++row) {
    const std::string& name = rows_[row].name;
    names_.entries.push_back({nss::SipHash(seed_, name.data(), name.size()), row});
  }
  SortByHome(&names_.entries);
}

/// A name given twice: the first one stays.
void Builder::DropRepeated() {
  std::vector<Entry> kept;
  kept.reserve(names_.entries.size());
  std::vector<bool> repeated(rows_.size());
  for (const Entry& entry : names_.entries) {
    bool found = false;
    for (auto before = kept.rbegin(); before != kept.rend() && before->hash == entry.hash;
         ++before) {
      found = found || rows_[before->row].name == rows_[entry.row].name;
    }
    if (!found) {
      kept.push_back(entry);
      continue;
    }
    repeated[entry.row] = true;
    built_.refused.push_back(
        {index_of_row_[entry.row],
         {Code::kInvalidArgument, "'" + rows_[entry.row].name + "' stands here twice"}});
  }
  names_.entries = std::move(kept);
  if (std::find(repeated.begin(), repeated.end(), true) == repeated.end()) return;
  for (uint32_t row = 0; row < rows_.size(); ++row) {
    if (repeated[row]) rows_[row].name.clear();
  }
}

void Builder::FillAddressTable() {
  std::vector<AddressEntry> found;
  for (const Entry& entry : names_.entries) {
    const auto& addresses = rows_[entry.row].addresses;
    for (uint32_t i = 0; i < addresses.size(); ++i) {
      const std::string_view bytes = addresses[i].bytes();
      found.push_back({nss::SipHash(seed_, bytes.data(), bytes.size()), entry.row, i});
    }
  }
  const auto address_of = [this](const AddressEntry& entry) -> const IpAddress& {
    return rows_[entry.row].addresses[entry.position];
  };
  std::sort(found.begin(), found.end(), [&](const AddressEntry& a, const AddressEntry& b) {
    if (a.hash != b.hash) return a.hash < b.hash;
    if (const auto order = address_of(a) <=> address_of(b); order != 0) return order < 0;
    const UnixTime ends_a = rows_[a.row].proved_until;
    const UnixTime ends_b = rows_[b.row].proved_until;
    return ends_a != ends_b ? ends_a > ends_b : a.row < b.row;
  });
  const auto last = std::unique(found.begin(), found.end(), [&](const auto& a, const auto& b) {
    return a.hash == b.hash && address_of(a) == address_of(b);
  });
  addresses_.entries.clear();
  for (auto entry = found.begin(); entry != last; ++entry) {
    addresses_.entries.push_back({entry->hash, entry->row});
  }
  addresses_.slots = SlotsFor(addresses_.entries.size());
}

bool Builder::LayOut() {
  for (int i = 0; i < kSeedsToTry; ++i, seed_ = NextSeed(seed_)) {
    FillNameTable();
    if (i == 0) DropRepeated();
    if (i > 0) std::erase_if(names_.entries, [this](auto& e) { return rows_[e.row].name.empty(); });
    FillAddressTable();
    if (IsPlaceable(names_) && IsPlaceable(addresses_)) return true;
  }
  return false;
}

std::string Builder::HeaderBytes() const {
  nss::Header header = {};
  std::copy(std::begin(nss::kMagic), std::end(nss::kMagic), header.magic);
  header.header_size = sizeof header;
  header.policy = options_.socket_allowed ? nss::kPolicySocket : 0;
  header.file_size = built_.bytes.size();
  header.generation = options_.generation;
  header.created = options_.created;
  header.not_after = options_.not_after;
  header.seed = seed_;
  header.name_slots = names_.slots;
  header.address_slots = addresses_.slots;
  header.names = static_cast<uint32_t>(names_.entries.size());
  header.sum = nss::SipHash(seed_, &header, offsetof(nss::Header, sum));
  return {reinterpret_cast<const char*>(&header), sizeof header};
}

Status Builder::Write() {
  std::string records;
  const size_t tables =
      sizeof(nss::Header) +
      (size_t{names_.slots} + addresses_.slots + 2 * nss::kMostProbes) * sizeof(nss::Slot);
  unit_of_row_.assign(rows_.size(), 0);
  for (const Entry& entry : names_.entries) {
    records.resize((records.size() + kUnit - 1) / kUnit * kUnit);
    const size_t unit = (tables + records.size()) / kUnit;
    if (unit > UINT32_MAX) return Error{Code::kInvalidArgument, "the names need more than 32 GiB"};
    unit_of_row_[entry.row] = static_cast<uint32_t>(unit);
    AppendRecord(rows_[entry.row], seed_, &records);
  }
  std::string& file = built_.bytes;
  file.reserve(tables + records.size());
  file.resize(sizeof(nss::Header));
  AppendTable(names_, unit_of_row_, &file);
  AppendTable(addresses_, unit_of_row_, &file);
  file.append(records);
  file.replace(0, sizeof(nss::Header), HeaderBytes());
  return {};
}

Result<BuiltSnapshot> Builder::Build() {
  const Error too_many{Code::kInvalidArgument, "more than 100 million names or addresses"};
  if (records_.size() > kMostNames) return too_many;
  TakeRecords();
  size_t addresses = 0;
  for (const SnapshotRecord& row : rows_) addresses += row.addresses.size();
  if (addresses > kMostNames) return too_many;
  names_.slots = SlotsFor(rows_.size());
  if (!LayOut()) return Error{Code::kInternal, "no seed gives a table without long runs"};
  COMMRESOLVE_TRY(Write());
  built_.names = names_.entries.size();
  std::sort(built_.refused.begin(), built_.refused.end(),
            [](const auto& a, const auto& b) { return a.index < b.index; });
  return std::move(built_);
}

}  // namespace

Result<BuiltSnapshot> BuildSnapshot(std::span<const SnapshotRecord> records,
                                    const SnapshotOptions& options) {
  return Builder(records, options).Build();
}

}  // namespace commresolve
