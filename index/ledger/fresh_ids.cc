// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Looking for a digest in a batch and below it; writing in order.

#include "index/ledger/fresh_ids.h"

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "index/ledger/rows.h"

namespace commresolve::index {
namespace {

/// To look for a digest in vain costs as much as to walk over so many rows.
constexpr uint64_t kRowsPerMiss = 32;
constexpr uint64_t kMissesPerLook = 1024;
constexpr uint64_t kLeastRoom = 100'000;

}  // namespace

size_t FreshIds::Hash::operator()(const PlainDigest& digest) const noexcept {
  uint64_t word = 0;
  std::memcpy(&word, digest.bytes.data(), sizeof word);
  return word ^ seed;
}

FreshIds::FreshIds(Table table, TableFilter& known)
    : table_(table), known_(known), given_(0, Hash{std::random_device()()}, {}, &memory_) {}

Status FreshIds::MakeFilter(const Transaction& txn) {
  COMMRESOLVE_ASSIGN(rows, txn.Rows(table_));
  if (known_.misses * kRowsPerMiss < rows) return {};
  IdFilter filter(2 * (rows + given_.size()) + kLeastRoom);
  COMMRESOLVE_ASSIGN(cursor, txn.Walk(table_));
  COMMRESOLVE_ASSIGN(more, cursor.First());
  while (more) {
    const auto digest = DigestFromBytes<PlainDigest>(cursor.key());
    if (!digest.ok()) {
      return Error{Code::kCorrupt, std::string("a key of the ledger's table ") + TableName(table_) +
                                       " is no digest"};
    }
    filter.Add(*digest);
    COMMRESOLVE_ASSIGN(next, cursor.Next());
    more = next;
  }
  for (const auto& [digest, number] : given_) filter.Add(digest);
  known_ = {std::move(filter), 0};
  return {};
}

Result<std::optional<uint32_t>> FreshIds::FindPlain(const Transaction& txn,
                                                    const PlainDigest& digest) {
  if (known_.filter && !known_.filter->MayHold(digest)) return std::optional<uint32_t>();
  COMMRESOLVE_ASSIGN(number, FindNumber(txn, table_, digest.view()));
  if (number) return number;
  if (const auto given = given_.find(digest); given != given_.end()) {
    return std::optional<uint32_t>(given->second);
  }
  if (!known_.filter && ++known_.misses % kMissesPerLook == 0) COMMRESOLVE_TRY(MakeFilter(txn));
  return number;
}

void FreshIds::GivePlain(const PlainDigest& digest, uint32_t number) {
  given_.emplace(digest, number);
  if (!known_.filter) return;
  known_.filter->Add(digest);
  if (known_.filter->full()) known_ = {};
}

Status FreshIds::Write(const WriteTransaction& txn) {
  std::vector<std::pair<PlainDigest, uint32_t>> rows;
  rows.reserve(given_.size());
  for (const auto& row : given_) rows.emplace_back(row);
  std::ranges::sort(rows);
  COMMRESOLVE_ASSIGN(cursor, txn.Walk(table_));
  for (const auto& [digest, number] : rows) {
    COMMRESOLVE_TRY(cursor.Put(digest.view(), EncodeNumber(number)));
  }
  return {};
}

}  // namespace commresolve::index
