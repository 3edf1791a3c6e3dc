// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sorted words, and under the hash of each and of what is left of it without one character, its
// number: two words one slip apart meet under one of these.

#include "index/search/word_table.h"

#include <endian.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "index/search/slip.h"
#include "index/search/text.h"

namespace commresolve::index {
namespace {

constexpr std::string_view kMagic = "CRWORDS2";
/// Magic, words, bits of a bucket's number, entries.
constexpr size_t kHeadBytes = 8 + 3 * 4;
constexpr size_t kMaxBucketBits = 28;
constexpr size_t kEntriesPerBucket = 8;
/// An entry is the number of a word, and above it the last bits of the hash that it stands under:
/// nearly all that is in the bucket for another text is passed over without a look at its word.
constexpr size_t kNumberBits = 22;
constexpr uint32_t kNumberMask = (uint32_t{1} << kNumberBits) - 1;
static_assert(kMaxTableWords <= size_t{1} << kNumberBits);
constexpr std::string_view kDigits = "0123456789";

/// FNV-1a over 32 bits, mixed once more so that its first bits serve as number of a bucket. A
/// collision only costs one comparison.
uint32_t Hash(std::string_view text) {
  uint32_t hash = 0x811c9dc5U;
  for (const char c : text) {
    hash ^= static_cast<uint8_t>(c);
    hash *= 0x01000193U;
  }
  hash ^= hash >> 16;
  return hash * 0x85ebca6bU;
}

size_t BucketOf(uint32_t hash, size_t bits) { return bits == 0 ? 0 : hash >> (32 - bits); }

uint32_t TagOf(uint32_t hash) { return hash << kNumberBits; }

bool MayBeMisspelt(std::string_view word) {
  const size_t characters = CountCharacters(word);
  return characters >= kMinSpellingCharacters && characters <= kMaxSpellingCharacters;
}

/// With a digit in it, what only one listing carries is the number of a thing, and they are many.
bool IsSuggested(const CountedWord& word) {
  if (!MayBeMisspelt(word.text)) return false;
  if (word.listings > 1) return word.text.find_first_not_of(kDigits) != std::string::npos;
  return word.text.find_first_of(kDigits) == std::string::npos;
}

void AppendNumber(size_t number, std::string& bytes) {
  for (int shift = 0; shift < 32; shift += 8) {
    bytes.push_back(static_cast<char>(number >> shift & 0xff));
  }
}

using Entry = uint64_t;  // The hash, and below it the number of the word.
constexpr size_t kHashAt = 32;

uint32_t HashOf(Entry entry) { return static_cast<uint32_t>(entry >> kHashAt); }
uint32_t WordOf(Entry entry) { return static_cast<uint32_t>(entry); }

std::vector<Entry> EntriesOf(const std::vector<CountedWord>& words, size_t count) {
  std::vector<Entry> entries;
  for (size_t number = 0; number < count; ++number) {
    if (!IsSuggested(words[number])) continue;
    EachSlipVariant(words[number].text, [&](std::string_view variant) {
      entries.push_back(Entry{Hash(variant)} << kHashAt | number);
    });
  }
  std::ranges::sort(entries);
  entries.erase(std::ranges::unique(entries).begin(), entries.end());
  return entries;
}

void AppendBuckets(const std::vector<Entry>& entries, size_t bits, std::string& bytes) {
  size_t at = 0;
  for (size_t bucket = 0; bucket < size_t{1} << bits; ++bucket) {
    AppendNumber(at, bytes);
    while (at < entries.size() && BucketOf(HashOf(entries[at]), bits) == bucket) ++at;
  }
  AppendNumber(at, bytes);
}

}  // namespace

std::string BuildWordTable(const std::vector<CountedWord>& words) {
  const size_t count = std::min(words.size(), kMaxTableWords);
  const std::vector<Entry> entries = EntriesOf(words, count);
  const size_t bits =
      std::min<size_t>(std::bit_width(entries.size() / kEntriesPerBucket), kMaxBucketBits);
  std::string bytes(kMagic);
  AppendNumber(count, bytes);
  AppendNumber(bits, bytes);
  AppendNumber(entries.size(), bytes);
  size_t text_at = 0;
  for (size_t i = 0; i < count; ++i) {
    AppendNumber(text_at, bytes);
    text_at += words[i].text.size();
  }
  AppendNumber(text_at, bytes);
  for (size_t i = 0; i < count; ++i) AppendNumber(words[i].listings, bytes);
  AppendBuckets(entries, bits, bytes);
  for (const Entry entry : entries) AppendNumber(TagOf(HashOf(entry)) | WordOf(entry), bytes);
  for (size_t i = 0; i < count; ++i) bytes += words[i].text;
  return bytes;
}

Result<WordTable> WordTable::Read(std::string_view bytes) {
  const Error bad{Code::kCorrupt, "not a table of words"};
  if (bytes.size() < kHeadBytes || !bytes.starts_with(kMagic)) return bad;
  WordTable table;
  table.bytes_ = bytes;
  table.count_ = table.Number(8);
  table.bucket_bits_ = table.Number(12);
  table.entry_count_ = table.Number(16);
  if (table.count_ > kMaxTableWords || table.bucket_bits_ > kMaxBucketBits) return bad;
  table.listings_at_ = kHeadBytes + 4 * (table.count_ + 1);
  table.buckets_at_ = table.listings_at_ + 4 * table.count_;
  table.entries_at_ = table.buckets_at_ + 4 * ((size_t{1} << table.bucket_bits_) + 1);
  table.text_at_ = table.entries_at_ + 4 * table.entry_count_;
  if (table.text_at_ > bytes.size()) return bad;
  const size_t text_bytes = table.Number(kHeadBytes + 4 * table.count_);
  if (bytes.size() - table.text_at_ != text_bytes) return bad;
  return table;
}

/// `at` lies inside, as Read() saw to.
uint32_t WordTable::Number(size_t at) const {
  uint32_t number = 0;
  std::memcpy(&number, bytes_.data() + at, sizeof(number));
  return le32toh(number);
}

std::string_view WordTable::Word(size_t number) const {
  const size_t begin = Number(kHeadBytes + 4 * number);
  const size_t end = Number(kHeadBytes + 4 * number + 4);
  const std::string_view text = bytes_.substr(text_at_);
  return begin <= end && end <= text.size() ? text.substr(begin, end - begin) : std::string_view();
}

size_t WordTable::FirstFrom(std::string_view word) const {
  size_t low = 0;
  size_t high = count_;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (Word(middle) < word) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

size_t WordTable::EndOf(std::string_view beginning) const {
  std::string behind(beginning);
  while (!behind.empty() && static_cast<uint8_t>(behind.back()) == 0xff) behind.pop_back();
  if (behind.empty()) return count_;
  behind.back() = static_cast<char>(static_cast<uint8_t>(behind.back()) + 1);
  return FirstFrom(behind);
}

std::vector<CountedWord> WordTable::Complete(std::string_view beginning, size_t limit) const {
  const auto better = [this](size_t a, size_t b) {
    return Listings(a) != Listings(b) ? Listings(a) > Listings(b) : a < b;
  };
  std::vector<size_t> best;  // A heap whose top is the worst.
  if (limit == 0) return {};
  const size_t end = EndOf(beginning);
  for (size_t at = FirstFrom(beginning); at < end; ++at) {
    if (best.size() == limit) {
      // Of equal ones the first stays.
      if (Listings(at) <= Listings(best.front())) continue;
      std::ranges::pop_heap(best, better);
      best.pop_back();
    }
    best.push_back(at);
    std::ranges::push_heap(best, better);
  }
  std::ranges::sort(best, better);
  std::vector<CountedWord> words;
  words.reserve(best.size());
  for (const size_t at : best) words.push_back({std::string(Word(at)), Listings(at)});
  return words;
}

std::optional<CountedWord> WordTable::Suggest(std::string_view word) const {
  if (count_ == 0 || !MayBeMisspelt(word)) return {};
  std::optional<size_t> best;
  EachSlipVariant(word, [&](std::string_view variant) {
    const uint32_t hash = Hash(variant);
    const size_t bucket = buckets_at_ + 4 * BucketOf(hash, bucket_bits_);
    const size_t end = std::min<size_t>(Number(bucket + 4), entry_count_);
    for (size_t at = Number(bucket); at < end; ++at) {
      const uint32_t entry = Number(entries_at_ + 4 * at);
      const size_t number = entry & kNumberMask;
      if ((entry & ~kNumberMask) != TagOf(hash) || number >= count_) continue;
      const bool better = !best || Listings(number) > Listings(*best) ||
                          (Listings(number) == Listings(*best) && number < *best);
      if (better && Word(number) != word && IsOneSlip(word, Word(number))) best = number;
    }
  });
  if (!best) return {};
  return CountedWord{std::string(Word(*best)), Listings(*best)};
}

}  // namespace commresolve::index
