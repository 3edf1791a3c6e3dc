// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Blocks and bits of a Bloom filter.

#include "index/ledger/id_filter.h"

#include <algorithm>
#include <cstring>

namespace commresolve::index {
namespace {

constexpr uint64_t kDigestsPerBlock = 32;
constexpr int kBitsPerDigest = 6;
constexpr int kBitsOfPlace = 9;  // Of a bit in a block.

uint64_t WordOf(const PlainDigest& digest, size_t at) {
  uint64_t word = 0;
  std::memcpy(&word, digest.bytes.data() + at, sizeof word);
  return word;
}

/// Calls `use` with the word of the block and the bit in it.
template <class Use>
void EachBit(const PlainDigest& digest, const Use& use) {
  uint64_t places = WordOf(digest, sizeof(uint64_t));
  for (int i = 0; i < kBitsPerDigest; ++i, places >>= kBitsOfPlace) {
    use((places >> 6) & 7, uint64_t{1} << (places & 63));
  }
}

}  // namespace

IdFilter::IdFilter(uint64_t most)
    : most_(most), blocks_(std::clamp<uint64_t>(most / kDigestsPerBlock, 1, UINT32_MAX), Block{}) {}

size_t IdFilter::BlockOf(const PlainDigest& digest) const {
  return (WordOf(digest, 0) >> 32) * blocks_.size() >> 32;
}

bool IdFilter::MayHold(const PlainDigest& digest) const {
  const Block& block = blocks_[BlockOf(digest)];
  bool all = true;
  EachBit(digest, [&](uint64_t word, uint64_t bit) { all = all && (block[word] & bit) != 0; });
  return all;
}

void IdFilter::Add(const PlainDigest& digest) {
  Block& block = blocks_[BlockOf(digest)];
  EachBit(digest, [&](uint64_t word, uint64_t bit) { block[word] |= bit; });
  ++held_;
}

void IdFilters::Begin(uint64_t transaction) {
  begun_ = transaction;
  if (transaction == committed_ + 1) return;
  for (TableFilter* table : {&certificates, &keys, &listings}) *table = {};
}

}  // namespace commresolve::index
