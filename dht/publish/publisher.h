// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Publisher: puts what is due, a few at a time, and notes what became of it.

#ifndef COMMRESOLVE_DHT_PUBLISH_PUBLISHER_H_
#define COMMRESOLVE_DHT_PUBLISH_PUBLISHER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "dht/publish/publish_options.h"
#include "dht/publish/publish_queue.h"
#include "dht/publish/putter.h"
#include "dht/record/pseudonym.h"

namespace commresolve::dht {

/// In whose name records are sealed.
struct Signers {
  /// PseudonymAt() makes the finder's and observer's key of it. Random, and never shown to anybody;
  /// all zero is none.
  std::array<uint8_t, 32> secret{};
  /// The key `owner` itself. Borrowed until the publisher ends; null if it is not at hand, and its
  /// records fail until it is.
  std::function<const SigningKey*(const KeyId& owner)> owner;
  /// Asked for owner records alone, if the key itself is not at hand: the publishing key that
  /// speaks for `owner` now. Borrowed likewise, and null likewise.
  std::function<const SigningKey*(const KeyId& owner)> publishing = {};
  /// The Ed25519 key of an observer who wants a name (PublishOptions::named). Borrowed likewise;
  /// while it is null his observations fail.
  const SigningKey* observer = nullptr;
};

/// What the publisher has to know of the node.
struct NetworkState {
  bool connected = false;
  uint64_t joins = 0;  ///< How often it became connected.
};

/// Of this publisher, not of earlier runs.
struct PublisherCounts {
  uint64_t records = 0;    ///< That were put: a set of postings is 1 to 8.
  uint64_t confirmed = 0;  ///< Contents.
  uint64_t failed = 0;
  std::string last_problem;  ///< Why a content could not be sealed; empty if none.
};

/// Used by one thread; it has none of its own. Callbacks of the putter may come on any thread, also
/// after the publisher has ended.
class Publisher {
 public:
  /// `queue` and `putter` are borrowed. `wake`, which may be empty, is called on the putter's
  /// thread, or from within Step(), whenever a Step() would find a finished put; it must not call
  /// Step() itself.
  Publisher(PublishOptions options, Signers signers, PublishQueue& queue, Putter& putter,
            std::function<void()> wake);
  ~Publisher();

  /// Does what can be done at `now`: notes what became of earlier puts, and puts what is due and
  /// wanted, owner records and rollovers first, then observations, then postings. While the node is
  /// not connected nothing is put, and what waits to be put has failed. When it has joined once
  /// more, all is due: nobody knows what was lost meanwhile; but not more than once an hour. The
  /// first join since the start of this publisher is none of that kind.
  ///
  /// To be called every few seconds, and after `wake`. As PublishQueue; what could not be noted is
  /// noted by the next call. kInvalidArgument if postings or observations are wanted without a
  /// secret; kInternal if OpenSSL fails.
  Status Step(UnixTime now, const NetworkState& network);

  /// Puts that were not called back yet; never more than PublishOptions::puts_under_way.
  [[nodiscard]] size_t under_way() const;
  [[nodiscard]] const PublisherCounts& counts() const { return counts_; }

 private:
  struct Finished;
  struct Job;
  struct Block;

  Status Note(UnixTime now);
  Status LookAtNetwork(UnixTime now, const NetworkState& network);
  Status Take(UnixTime now);
  void Seal(const DueContent& due, UnixTime now);
  Status RenewPseudonym(UnixTime now);
  [[nodiscard]] Result<Header> HeaderOf(const DueContent& due, UnixTime now) const;
  [[nodiscard]] bool IsAnonymous(const Content& content) const;
  [[nodiscard]] const SigningKey* SignerOf(const Content& content) const;
  void Fail(const DueContent& due, const std::string& problem);
  void PutWaiting();
  void Abandon();

  const PublishOptions options_;
  const Signers signers_;
  PublishQueue& queue_;
  Putter& putter_;
  const std::function<void()> wake_;
  std::shared_ptr<Finished> finished_;
  std::vector<PutOutcome> outcomes_;  ///< Not yet noted.
  std::set<Stream> taken_;            ///< Sealed, and not yet noted.
  std::deque<Block> waiting_;         ///< Sealed, and not yet put.
  std::optional<SigningKey> pseudonym_;
  int64_t period_ = -1;  ///< Of the pseudonym.
  uint64_t joins_ = 0;
  UnixTime last_step_ = 0;
  bool was_away_ = false;  ///< Joined again, and not everything was made due since.
  UnixTime next_all_due_ = 0;
  PublisherCounts counts_;
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_PUBLISH_PUBLISHER_H_
