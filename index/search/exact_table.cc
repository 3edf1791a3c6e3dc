// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Listings, term after term; ranks; where the listings of each term begin; where the terms of each
// bucket begin, that is of each value of the first bits of a key.

#include "index/search/exact_table.h"

#include <endian.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <functional>
#include <queue>
#include <string>
#include <utility>

namespace commresolve::index {
namespace {

constexpr std::string_view kMagic = "CREXACT1";
constexpr size_t kNumberBytes = 4;
constexpr size_t kHashBits = 40;
constexpr size_t kKeyBytes = 6;
constexpr size_t kKeyBits = 8 * kKeyBytes;
constexpr size_t kTermBytes = kKeyBytes + kNumberBytes;
constexpr size_t kTermsPerBucket = 32;
constexpr size_t kMaxBucketBits = 28;
/// At the end, for it is known last: first and last listing, terms, postings, public listings.
constexpr size_t kFootBytes = 5 * kNumberBytes;

uint64_t NumberAt(std::string_view bytes, size_t at, size_t size) {
  uint64_t number = 0;
  std::memcpy(&number, bytes.data() + at, size);
  return le64toh(number);
}

void Put(uint64_t number, size_t size, char* bytes) {
  for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(number >> (8 * i) & 0xff);
}

void Write(uint64_t number, std::ostream& out) {
  std::array<char, kNumberBytes> bytes{};
  Put(number, kNumberBytes, bytes.data());
  out.write(bytes.data(), bytes.size());
}

size_t BitsFor(uint64_t terms) {
  return std::min<size_t>(std::bit_width(terms / kTermsPerBucket), kMaxBucketBits);
}

size_t BucketOf(ExactKey key, size_t bits) { return key >> (kKeyBits - bits); }

Error Corrupt(const char* reason) { return {Code::kCorrupt, reason}; }

}  // namespace

ExactKey ExactKeyOf(std::string_view term) {
  // FNV-1a. Stored, so it must not depend on the machine.
  uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : term) {
    hash ^= static_cast<uint8_t>(c);
    hash *= 0x100000001b3U;
  }
  return (hash >> (64 - kHashBits)) << 8 | static_cast<uint8_t>(term[1]);
}

Result<ExactTable> ExactTable::Read(std::string_view bytes, const Shard& shard) {
  if (bytes.size() < kMagic.size() + kFootBytes || !bytes.starts_with(kMagic)) {
    return Corrupt("no table of exact terms");
  }
  ExactTable table;
  table.bytes_ = bytes;
  size_t at = bytes.size() - kFootBytes;
  const auto next = [&] {
    return NumberAt(bytes, std::exchange(at, at + kNumberBytes), kNumberBytes);
  };
  table.shard_.first = static_cast<ListingId>(next());
  table.shard_.last = static_cast<ListingId>(next());
  if (table.shard_ != shard) return Corrupt("the exact terms of another shard");
  const uint64_t terms = next();
  const uint64_t postings = next();
  table.public_ = next();
  const size_t bits = BitsFor(terms);
  const uint64_t ranks_at = kMagic.size() + postings * kNumberBytes;
  const uint64_t terms_at = ranks_at + (uint64_t{shard.last} - shard.first + 1);
  const uint64_t buckets_at = terms_at + terms * kTermBytes;
  const uint64_t end = buckets_at + ((uint64_t{1} << bits) + 1) * kNumberBytes;
  if (bytes.size() != end + kFootBytes) return Corrupt("exact terms of another size");
  table.terms_ = terms;
  table.postings_ = postings;
  table.bucket_bits_ = bits;
  table.ranks_at_ = ranks_at;
  table.terms_at_ = terms_at;
  table.buckets_at_ = buckets_at;
  return table;
}

size_t ExactTable::BucketAt(size_t number) const {
  return std::min<size_t>(terms_,
                          NumberAt(bytes_, buckets_at_ + number * kNumberBytes, kNumberBytes));
}

ExactKey ExactTable::KeyAt(size_t term) const {
  return NumberAt(bytes_, terms_at_ + term * kTermBytes, kKeyBytes);
}

ExactTable::Range ExactTable::PostingsOf(size_t term) const {
  const auto begin = [this](size_t number) {
    if (number == terms_) return postings_;
    const size_t at = terms_at_ + number * kTermBytes + kKeyBytes;
    return std::min<size_t>(postings_, NumberAt(bytes_, at, kNumberBytes));
  };
  const size_t first = begin(term);
  return {first, std::max(first, begin(term + 1))};
}

ExactTable::Range ExactTable::Find(ExactKey key) const {
  if (terms_ == 0) return {};
  const size_t bucket = BucketOf(key, bucket_bits_);
  size_t begin = BucketAt(bucket);
  size_t end = BucketAt(bucket + 1);
  while (begin < end) {
    const size_t middle = begin + (end - begin) / 2;
    const ExactKey here = KeyAt(middle);
    if (here == key) return PostingsOf(middle);
    if (here < key) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return {};
}

ListingId ExactTable::ListingAt(size_t posting) const {
  const size_t at = kMagic.size() + posting * kNumberBytes;
  return static_cast<ListingId>(NumberAt(bytes_, at, kNumberBytes));
}

uint8_t ExactTable::RankOf(ListingId listing) const {
  if (bytes_.empty() || listing < shard_.first || listing > shard_.last) return 0;
  return static_cast<uint8_t>(bytes_[ranks_at_ + (listing - shard_.first)]);
}

uint64_t ExactTable::NextPublic(uint64_t from) const {
  constexpr uint64_t kEachPublic = 0x0101010101010101U * kPublicRank;
  constexpr size_t kAtOnce = sizeof(uint64_t);
  const uint64_t end = bytes_.empty() ? from : uint64_t{shard_.last} + 1;
  uint64_t at = std::max<uint64_t>(from, shard_.first);
  const auto ranks = [&](size_t count) {
    return NumberAt(bytes_, ranks_at_ + (at - shard_.first), count);
  };
  while (at + kAtOnce <= end && (ranks(kAtOnce) & kEachPublic) == 0) at += kAtOnce;
  while (at < end && (ranks(1) & kPublicRank) == 0) ++at;
  return at;
}

ExactTableWriter::ExactTableWriter(const Shard& shard, std::ostream& out)
    : out_(out), shard_(shard) {
  out_ << kMagic;
}

void ExactTableWriter::Add(const ExactPosting& posting) {
  if (last_ != posting.key) {
    last_ = posting.key;
    std::array<char, kTermBytes> term{};
    Put(posting.key, kKeyBytes, term.data());
    Put(added_, kNumberBytes, term.data() + kKeyBytes);
    terms_.append(term.data(), term.size());
  }
  ++added_;
  Write(posting.listing, out_);
}

void ExactTableWriter::Finish(const std::vector<uint8_t>& ranks) {
  for (const uint8_t rank : ranks) out_.put(static_cast<char>(rank));
  out_ << terms_;
  const size_t count = terms_.size() / kTermBytes;
  const size_t bits = BitsFor(count);
  size_t at = 0;
  for (size_t bucket = 0; bucket <= size_t{1} << bits; ++bucket) {
    const auto before = [&] {
      return at < count && BucketOf(NumberAt(terms_, at * kTermBytes, kKeyBytes), bits) < bucket;
    };
    while (before()) ++at;
    Write(at, out_);
  }
  const auto in_public = static_cast<size_t>(
      std::ranges::count_if(ranks, [](uint8_t rank) { return (rank & kPublicRank) != 0; }));
  for (const size_t number :
       {size_t{shard_.first}, size_t{shard_.last}, count, size_t{added_}, in_public}) {
    Write(number, out_);
  }
}

void MergeExactTables(const std::vector<ExactTable>& tables, const Shard& whole,
                      std::ostream& out) {
  ExactTableWriter writer(whole, out);
  using Next = std::pair<ExactKey, size_t>;  // Of the first term that a table has left.
  std::priority_queue<Next, std::vector<Next>, std::greater<>> next;
  std::vector<size_t> taken(tables.size());
  const auto enqueue = [&](size_t table) {
    if (taken[table] < tables[table].terms())
      next.emplace(tables[table].KeyAt(taken[table]), table);
  };
  for (size_t i = 0; i < tables.size(); ++i) enqueue(i);
  while (!next.empty()) {
    const auto [key, from] = next.top();
    next.pop();
    const ExactTable& table = tables[from];
    const ExactTable::Range postings = table.PostingsOf(taken[from]++);
    for (size_t i = postings.begin; i < postings.end; ++i) writer.Add({key, table.ListingAt(i)});
    enqueue(from);
  }
  std::vector<uint8_t> ranks(whole.last - whole.first + 1);
  for (const ExactTable& table : tables) {
    const Shard& part = table.shard();
    for (size_t i = 0; i <= part.last - part.first; ++i) {
      ranks[part.first - whole.first + i] = table.RankOf(part.first + static_cast<ListingId>(i));
    }
  }
  writer.Finish(ranks);
}

}  // namespace commresolve::index
