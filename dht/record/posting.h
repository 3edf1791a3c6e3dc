// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Posting block: words -> keys, said by whoever found the certificates.
//
// Up to 18 entries of any words of one bucket, each encrypted so that only who knows its word can
// tell that it is there. That a word stands in a key's certificate is a claim; the server proves it
// when it presents the certificate in a handshake.

#ifndef COMMRESOLVE_DHT_RECORD_POSTING_H_
#define COMMRESOLVE_DHT_RECORD_POSTING_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dht/record/bucket.h"
#include "dht/record/envelope.h"

namespace commresolve::dht {

inline constexpr size_t kMaxPostings = 18;  ///< Of one block.

/// A key whose certificate carries the word.
struct Posting {
  KeyPrefix key{};    ///< Not all zero.
  uint8_t score = 0;  ///< How well it fits, by the finder's ranking; only orders.
  Sketch sketch = 0;  ///< Of all words of the certificate.
  auto operator<=>(const Posting&) const = default;
};

/// Stands in a bucket in place of a hot word's postings, which lie at its own keys.
struct Signpost {
  uint8_t shards = 0;  ///< Up to kMaxShards: HotWordKey(word, 0) and so on. 0: none are published.
  uint32_t listings = 0;  ///< How many certificates the finder knows, published or not.
  auto operator<=>(const Signpost&) const = default;
};

/// What one entry of a block says of a word: a posting, or a signpost.
struct WordEntry {
  std::string word;
  Posting posting;
  std::optional<Signpost> signpost;  ///< If there is one, `posting` is not looked at.
};

/// Where a block stands among those that a finder made for one key at one time. Blocks with the
/// same sequence number and another place are different; the one with the greater number replaces
/// all.
struct BlockPlace {
  uint8_t number = 0;  ///< From 0.
  uint8_t count = 1;   ///< At least 1, more than `number`.
  auto operator<=>(const BlockPlace&) const = default;
};

/// A block that was found. The entries are still encrypted.
struct PostingBlock {
  DhtKey key{};  ///< Where it lay.
  Header header;
  Ed25519Key finder{};  ///< The pseudonym that signed it.
  BlockPlace place;
  std::string entries;  ///< A multiple of 25 bytes.

  bool operator==(const PostingBlock&) const = default;
};

/// What a block says of one word.
struct WordFinds {
  std::vector<Posting> postings;  ///< In the order of the block.
  std::optional<Signpost> signpost;
};

/// The signed payload of 1 to kMaxPostings entries, whose words all belong under `key`.
/// Never write two blocks with the same key, sequence number and place: they would be encrypted
/// alike. kInvalidArgument, naming the field, if a limit above is broken or `finder` is not an
/// Ed25519 key; kInternal if OpenSSL fails.
Result<std::string> WritePostingBlock(const DhtKey& key, const Header& header,
                                      const BlockPlace& place,
                                      const std::vector<WordEntry>& entries,
                                      const SigningKey& finder);

/// As ReadOwner(). That the words of the block belong under `key` nobody can check without knowing
/// them; who looks for a word finds nothing where it does not belong.
Result<PostingBlock> ReadPostingBlock(const DhtKey& key, std::string_view payload, UnixTime now);

/// The entries about `word`. With 2^-32 chance for each other entry a meaningless one is among
/// them. Costs one HMAC-SHA-256 an entry.
WordFinds FindWord(const PostingBlock& block, std::string_view word);

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_RECORD_POSTING_H_
