// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A posting as a row that sorts by bucket, word and key.

#include "dht/publish/posting_maker.h"

#include <algorithm>
#include <utility>

#include "dht/publish/bucket_filler.h"
#include "resolver/base/byte_codec.h"

namespace commresolve::dht {
namespace {

template <size_t N>
std::string_view View(const std::array<uint8_t, N>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

template <size_t N>
std::array<uint8_t, N> ReadArray(ByteReader& reader) {
  std::array<uint8_t, N> bytes{};
  std::ranges::copy(reader.Raw(N), bytes.begin());
  return bytes;
}

struct Row {
  DhtKey bucket{};
  std::string_view word;
  Posting posting;
};

std::string Encode(const Row& row) {
  ByteWriter writer;
  writer.Raw(View(row.bucket));
  writer.Text(row.word);
  writer.Raw(View(row.posting.key));
  writer.Byte(row.posting.score);
  writer.Fixed32(row.posting.sketch);
  return writer.Take();
}

Result<Row> Decode(std::string_view bytes) {
  ByteReader reader(bytes);
  Row row;
  row.bucket = ReadArray<20>(reader);
  row.word = reader.Text(bytes.size());
  row.posting.key = ReadArray<16>(reader);
  row.posting.score = reader.Byte();
  row.posting.sketch = reader.Fixed32();
  COMMRESOLVE_TRY(reader.Finish("a posting that was sorted"));
  return row;
}

}  // namespace

Status PostingMaker::Add(const FoundListing& listing) {
  ++counts_.listings;
  const std::vector<PublicWord> words = PublicWords(listing);
  if (words.empty()) ++counts_.withheld;
  std::vector<std::string> texts;
  texts.reserve(words.size());
  for (const PublicWord& word : words) texts.push_back(word.word);
  // Of the public words alone: bits of the others would tell whether a guess of them is right.
  const Sketch sketch = SketchOf(texts);
  for (const PublicWord& word : words) {
    const Posting posting{PrefixOf(listing.key), word.score, sketch};
    COMMRESOLVE_TRY(rows_.Add(Encode({BucketOf(word.word), word.word, posting})));
  }
  return {};
}

Status PostingMaker::Finish(const Take& take) {
  BucketFiller filler(options_.bucket_blocks, [&](PostingSet set) -> Status {
    ++counts_.sets;
    counts_.blocks += (set.entries.size() + kMaxPostings - 1) / kMaxPostings;
    return take(std::move(set));
  });
  COMMRESOLVE_TRY(rows_.Each([&](std::string_view bytes) -> Status {
    COMMRESOLVE_ASSIGN(row, Decode(bytes));
    return filler.Add(row.bucket, row.word, row.posting);
  }));
  COMMRESOLVE_TRY(filler.Finish());
  counts_.postings = filler.postings();
  counts_.cut = filler.cut();
  return {};
}

}  // namespace commresolve::dht
