// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Body of a posting block: place, then entries of 25 bytes: tag, and key, score and sketch under a
// keystream.

#include "dht/record/posting.h"

#include <openssl/hmac.h>

#include <algorithm>
#include <array>

#include "dht/record/field_reader.h"

namespace commresolve::dht {
namespace {

constexpr RecordType kType = RecordType::kPosting;
constexpr size_t kTagBytes = 4;
constexpr size_t kPlainBytes = sizeof(KeyPrefix) + 1 + sizeof(Sketch);
constexpr size_t kEntryBytes = kTagBytes + kPlainBytes;
constexpr KeyPrefix kNoKey{};  ///< Where the key stands in a signpost.

Error Refused(const char* why) {
  return {Code::kInvalidArgument, std::string(KindOf(kType).name) + ": " + why};
}

/// What makes the mask of an entry differ from that of every other: finder, DHT key, sequence,
/// place. Expiry is left out: it does not make a block another one.
std::string MaskInput(const PostingBlock& block) {
  ByteWriter writer;
  writer.Raw({reinterpret_cast<const char*>(block.finder.data()), block.finder.size()});
  writer.Raw({reinterpret_cast<const char*>(block.key.data()), block.key.size()});
  writer.Fixed32(block.header.sequence);
  writer.Byte(block.place.number);
  return writer.Take();
}

/// The tag and the keystream of entry `index`, if it is about the word of `secret`. Empty if
/// OpenSSL fails.
std::string Mask(const std::array<uint8_t, 32>& secret, std::string input, size_t index) {
  input += static_cast<char>(index);
  std::string mask(EVP_MAX_MD_SIZE, '\0');
  const uint8_t* made = HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
                             reinterpret_cast<const uint8_t*>(input.data()), input.size(),
                             reinterpret_cast<uint8_t*>(mask.data()), nullptr);
  mask.resize(made == nullptr ? 0 : kEntryBytes);
  return mask;
}

std::string Plain(const WordEntry& entry) {
  const KeyPrefix& key = entry.signpost ? kNoKey : entry.posting.key;
  ByteWriter writer;
  writer.Raw({reinterpret_cast<const char*>(key.data()), key.size()});
  writer.Byte(entry.signpost ? entry.signpost->shards : entry.posting.score);
  writer.Fixed32(entry.signpost ? entry.signpost->listings : entry.posting.sketch);
  return writer.Take();
}

Status Check(const BlockPlace& place, const std::vector<WordEntry>& entries) {
  if (place.number >= place.count) return Refused("block number: not less than the count");
  if (entries.empty() || entries.size() > kMaxPostings) return Refused("entries: not 1 to 18");
  for (const WordEntry& entry : entries) {
    if (entry.word.empty()) return Refused("entries: one without a word");
    if (!entry.signpost && entry.posting.key == kNoKey) return Refused("entries: a key of zeros");
    if (entry.signpost && entry.signpost->shards > kMaxShards) {
      return Refused("entries: more than 64 shards");
    }
  }
  return {};
}

/// Adds what an entry says to `finds`, unless it says nothing that could be meant.
void Add(std::string_view plain, WordFinds* finds) {
  ByteReader reader(plain);
  Posting posting;
  const std::string_view key = reader.Raw(posting.key.size());
  std::copy(key.begin(), key.end(), posting.key.begin());
  posting.score = reader.Byte();
  posting.sketch = reader.Fixed32();
  if (posting.key != kNoKey) {
    finds->postings.push_back(posting);
  } else if (posting.score <= kMaxShards) {
    finds->signpost = Signpost{posting.score, posting.sketch};
  }
}

}  // namespace

Result<std::string> WritePostingBlock(const DhtKey& key, const Header& header,
                                      const BlockPlace& place,
                                      const std::vector<WordEntry>& entries,
                                      const SigningKey& finder) {
  COMMRESOLVE_TRY(Check(place, entries));
  const auto finder_key = Ed25519KeyOf(finder.spki());
  if (!finder_key) return Refused("signer: not an Ed25519 key");
  const std::string input = MaskInput({key, header, *finder_key, place, {}});
  ByteWriter body;
  body.Byte(place.number);
  body.Byte(place.count);
  for (size_t i = 0; i < entries.size(); ++i) {
    const std::string mask = Mask(WordSecret(entries[i].word), input, i);
    if (mask.empty()) return Error{Code::kInternal, "HMAC: " + TakeOpensslError()};
    std::string plain = Plain(entries[i]);
    for (size_t j = 0; j < kPlainBytes; ++j) {
      plain[j] = static_cast<char>(plain[j] ^ mask[kTagBytes + j]);
    }
    body.Raw(std::string_view(mask).substr(0, kTagBytes));
    body.Raw(plain);
  }
  return Seal(kType, key, header, std::nullopt, body.bytes(), finder);
}

Result<PostingBlock> ReadPostingBlock(const DhtKey& key, std::string_view payload, UnixTime now) {
  COMMRESOLVE_ASSIGN(envelope, OpenEnvelope(kType, payload));
  PostingBlock block;
  block.key = key;
  block.header = envelope.header;
  block.finder = *envelope.delegate();
  FieldReader reader(envelope.body);
  block.place.number = reader.U8("block number");
  block.place.count = reader.U8("block count");
  if (block.place.number >= block.place.count) {
    reader.Refuse("block number", "not less than the count");
  }
  if (reader.left() == 0 || reader.left() % kEntryBytes != 0) {
    reader.Refuse("entries", "not 1 to 18 of 25 bytes");
  }
  block.entries = reader.Raw(reader.left(), "entries");
  COMMRESOLVE_TRY(reader.Finish(KindOf(kType).name));
  COMMRESOLVE_TRY(CheckExpiry(kType, block.header.expires, now));
  COMMRESOLVE_TRY(VerifyEnvelope(kType, key, envelope));
  return block;
}

WordFinds FindWord(const PostingBlock& block, std::string_view word) {
  WordFinds finds;
  const std::string input = MaskInput(block);
  const auto secret = WordSecret(word);
  for (size_t i = 0; (i + 1) * kEntryBytes <= block.entries.size(); ++i) {
    std::string entry = block.entries.substr(i * kEntryBytes, kEntryBytes);
    const std::string mask = Mask(secret, input, i);
    if (mask.compare(0, kTagBytes, entry, 0, kTagBytes) != 0) continue;
    for (size_t j = 0; j < kEntryBytes; ++j) entry[j] = static_cast<char>(entry[j] ^ mask[j]);
    Add(std::string_view(entry).substr(kTagBytes), &finds);
  }
  return finds;
}

}  // namespace commresolve::dht
