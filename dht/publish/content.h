// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Content: one thing that is published, without what changes when it is sealed again: sequence
// number, end and signature.

#ifndef COMMRESOLVE_DHT_PUBLISH_CONTENT_H_
#define COMMRESOLVE_DHT_PUBLISH_CONTENT_H_

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "dht/record/freshest.h"
#include "dht/record/observation.h"
#include "dht/record/owner.h"
#include "dht/record/posting.h"
#include "dht/record/rollover.h"

namespace commresolve::dht {

/// All that a finder says under one key: the entries of its blocks, in their order.
struct PostingSet {
  DhtKey key{};
  std::vector<WordEntry> entries;  ///< 1 to kMaxSetEntries.
};
inline constexpr size_t kMaxSetBlocks = 8;
inline constexpr size_t kMaxSetEntries = kMaxSetBlocks * kMaxPostings;
static_assert(kMaxSetEntries == kShardPostings);

/// Plain data that is fit to leave the machine. Moves and copies.
class Content {
 public:
  /// Each refuses with kInvalidArgument what no record can hold. The words of a set are for its
  /// maker to judge: PostingMaker lets only public ones in.
  static Result<Content> Of(PostingSet set);
  /// Headers, observer and publishing key are not looked at. These three also refuse names and
  /// addresses that are private (dht/privacy/publishable.h), even the user's own.
  static Result<Content> Of(OwnerRecord record);
  static Result<Content> Of(Rollover record);
  /// `sightings`: how often the endpoint's server name was seen; a rare one is refused.
  static Result<Content> Of(Observation record, size_t sightings);

  [[nodiscard]] RecordType type() const;
  /// Where its records lie.
  [[nodiscard]] DhtKey key() const;
  /// What tells it apart from other contents. Pseudonyms do not count: for whatever key signs, it
  /// is the same.
  [[nodiscard]] Stream stream() const;
  /// Of owner records and rollovers: the key in whose name they are signed. Others are signed by a
  /// pseudonym.
  [[nodiscard]] std::optional<KeyId> owner() const;

  /// The payloads, one for each block of a set, else one. As WriteOwner() and its like.
  [[nodiscard]] Result<std::vector<std::string>> Seal(const Header& header,
                                                      const SigningKey& signer) const;

  /// The bytes of docs/formats/dht-queue.md. Equal contents have equal bytes.
  [[nodiscard]] std::string Encode() const;
  /// kCorrupt if `bytes` are not what Encode() makes of a content of this type.
  static Result<Content> Decode(RecordType type, std::string_view bytes);

 private:
  using What = std::variant<PostingSet, OwnerRecord, Observation, Rollover>;
  explicit Content(What what) : what_(std::move(what)) {}
  What what_;
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_PUBLISH_CONTENT_H_
