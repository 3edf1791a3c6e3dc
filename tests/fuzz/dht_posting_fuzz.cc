// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Posting blocks on any bytes, and the search for a word in what is taken.

#include "resolver/base/byte_codec.h"
#include "tests/fuzz/dht_record_fuzz.h"

namespace {

using namespace commresolve;
using namespace commresolve::dht;

/// The block of the same encrypted entries.
Result<std::string> SealAgain(const PostingBlock& block) {
  const WordFinds finds = FindWord(block, "word0");
  if (finds.postings.size() > kMaxPostings) std::abort();
  ByteWriter body;
  body.Byte(block.place.number);
  body.Byte(block.place.count);
  body.Raw(block.entries);
  return Seal(RecordType::kPosting, block.key, block.header, std::nullopt, body.bytes(), FuzzKey());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  if ((data[0] & 1) == 0) {
    FuzzPayload(RecordType::kPosting, SampleBucket(), rest, ReadPostingBlock);
  } else {
    FuzzBody(RecordType::kPosting, SampleBucket(), std::nullopt, rest, ReadPostingBlock, SealAgain);
  }
  return 0;
}
