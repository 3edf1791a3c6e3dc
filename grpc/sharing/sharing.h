// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sharing: this machine's part in the network of peers, as a user sees it: join and leave it, say
// what to publish, announce where an own key lives and which keys may follow it, and look words up.
//
// Nothing that comes from a peer is an answer. A look-up shows only what a handshake of our own has
// proved; what it proved is recorded, and what words mean stays the user's choice.

#ifndef COMMRESOLVE_GRPC_SHARING_SHARING_H_
#define COMMRESOLVE_GRPC_SHARING_SHARING_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "dht/find/places.h"
#include "dht/node/engine.h"
#include "dht/publish/publish_queue.h"
#include "resolver/trust/standing.h"

namespace commresolve::daemon {

/// What others may know of this user, and how this machine is reached. Kept over restarts.
struct Membership {
  bool joined = false;
  bool postings = false;      ///< Words of certificates that this machine found are published.
  bool observations = false;  ///< Which keys it saw where is published.
  bool named = false;         ///< Observations are signed by a key that stays; see SharingStatus.
  /// Where to begin, besides the setting `dht_bootstrap`: "HOST:PORT", at most 32.
  std::vector<std::string> bootstrap;
  bool operator==(const Membership&) const = default;
};

/// Where an own key lives, as its owner announces it.
struct Announcement {
  KeyId key;
  std::string key_file;             ///< Absolute path of its private key (PEM, no passphrase).
  std::vector<Endpoint> endpoints;  ///< Best first; none: it lives nowhere now.
  std::vector<std::string> names;   ///< Normal form, the canonical one first.
  /// Instead of `key_file`: absolute path of the statement (dht/record/delegation.h) by which the
  /// key lets the publishing key of this machine speak for it.
  std::string statement_file = {};
  bool operator==(const Announcement&) const = default;
};
/// Which keys may follow an own key, as its owner says before he changes it.
struct RolloverStatement {
  KeyId key;
  std::string key_file;         ///< Absolute path of its private key (PEM, no passphrase).
  std::vector<KeyId> new_keys;  ///< Ascending, at most 8; none: what was said is taken back.
  UnixTime from = 0;            ///< They may follow from then on.
  bool operator==(const RolloverStatement&) const = default;
};
/// What the network knows of something that is said of an own key.
struct PutState {
  bool confirmed = false;  ///< It was put as it is now.
  size_t replicas = 0;     ///< Nodes that said so, at the last put.
  UnixTime next_put = 0;
  std::string problem;  ///< Why it cannot be put, for example an unreadable key file.
};
struct AnnouncementState {
  Announcement announcement;
  PutState put;
};
struct RolloverState {
  RolloverStatement rollover;
  PutState put;
};

/// What a person wants to know; see also dht::Health.
struct SharingStatus {
  Membership membership;
  bool running = false;  ///< The node is there. It may be joined and not running: see `problem`.
  std::string problem;   ///< Why not, or why nothing can be published; empty if all is well.
  dht::PeerAddress listens4;  ///< Port 0: not over that family.
  dht::PeerAddress listens6;
  dht::Health health;         ///< All zero while it is not running.
  uint64_t questions = 0;     ///< Keys that this machine asked peers for, since the node runs.
  dht::CountsByType queue{};  ///< In the order of RecordKinds().
  std::vector<AnnouncementState> announcements;
  std::vector<RolloverState> rollovers;
  /// What others put into their list of observers to listen to this one (base32); empty without a
  /// name.
  std::string observer;
  std::string pseudonym;       ///< Under which it publishes this week (base32); empty if nothing.
  std::string publishing_key;  ///< See Sharing::PublishingKeyText(); empty if not made yet.
};

/// What shall be published from now on; what is empty stays as it is. See Membership.
struct PublishChoice {
  std::optional<bool> postings = {};
  std::optional<bool> observations = {};
  std::optional<bool> named = {};
};

/// What became of gathering the postings and observations of this machine.
struct PublishReport {
  size_t listings = 0;         ///< That were looked at.
  size_t withheld = 0;         ///< Of these, those of which nothing may leave the machine.
  size_t posting_sets = 0;     ///< In the queue now.
  size_t observations = 0;     ///< In the queue now.
  size_t rare_or_private = 0;  ///< Sightings that stay at home.
  size_t changed = 0;          ///< Contents that are new or other than before.
  size_t removed = 0;          ///< Contents that are no longer published.
};

/// A key that peers claim, after it has proved itself here.
struct LookupRow {
  CertificateFacts certificate;  ///< As shown in the handshake.
  Endpoint endpoint;             ///< Where.
  UnixTime proved_at = 0;
  Standing standing;
  size_t finders = 0;                              ///< Peers that claimed it.
  size_t good_finders = 0;                         ///< Of these, those whose earlier claims held.
  dht::Speaker told_by = dht::Speaker::kStranger;  ///< Whose word the endpoint was.
};

/// Why look-ups end, and what they cost.
struct LookupSummary {
  size_t claimed = 0;       ///< Keys that peers claim.
  size_t proved = 0;        ///< Rows.
  size_t nowhere = 0;       ///< Without a place to try, or withdrawn by their owner.
  size_t unreachable = 0;   ///< No place proved the key.
  size_t lied = 0;          ///< Proved, but the certificate does not carry the words.
  bool complete = true;     ///< False if a limit or the time ended it; see dht::SearchResult.
  bool too_common = false;  ///< A word so common that nobody publishes who carries it.
  size_t values = 0;        ///< Records that were looked at, and their
  size_t bytes = 0;         ///< payload.
};

/// What peers added to a search: how the look-up ended, or why they could not be asked.
struct PeersPart {
  std::optional<LookupSummary> summary;
  std::optional<Error> problem;
};

/// One row as soon as it is proved, on any thread, one at a time. False: enough.
using LookupSink = std::function<bool(const LookupRow& row)>;

/// Implementations are safe for concurrent use. While the node does not run everything but
/// status(), Join(), Leave() and what is said of own keys is kUnavailable with a hint.
class Sharing {
 public:
  virtual ~Sharing() = default;

  /// Becomes a part of the network, now and after every restart, and remembers `bootstrap` besides
  /// those that it knew. Fine if it is one already. kInvalidArgument for a bootstrap that is no
  /// HOST:PORT; kUnavailable if the port is taken or the disk refuses. Does not wait until peers
  /// have answered: see status().
  virtual Status Join(const std::vector<std::string>& bootstrap) = 0;
  /// The reverse. What was published expires within days; the queue is kept for the next time.
  virtual Status Leave() = 0;
  [[nodiscard]] virtual SharingStatus status() const = 0;

  /// Changes what is published. What is no longer wanted is taken out of the queue. Then gathers
  /// what the ledger holds, as a daemon does every hour: one pass over all. `stop` may be null.
  /// kInterrupted if it was set: what was published before still is.
  virtual Result<PublishReport> Publish(const PublishChoice& choice,
                                        const std::atomic<bool>* stop) = 0;

  /// Publishes where the key of `announcement.key_file` lives, until Withdraw(); replaces what was
  /// announced for that key. `announcement.key` is not looked at. kNotFound or kInvalidArgument for
  /// a file that holds no private key that can sign records (Ed25519, P-256, P-384), kUntrusted for
  /// one that others may read, kInvalidArgument for what an owner record cannot hold, private names
  /// and addresses included. Durable when it returns; put as soon as there are peers.
  ///
  /// With a `statement_file` the publishing key of this machine signs, and the key need not be
  /// here, nor be one that can sign records: kNotFound, kUnavailable or kInvalidArgument for a file
  /// without a statement that holds now, kUntrusted for one that names another publishing key. The
  /// file is read again every minute, so that a newer statement is taken up.
  virtual Result<Announcement> Announce(const Announcement& announcement) = 0;
  /// The publishing key of this machine as people give it to others (base32). Made with the first
  /// call, and stays. kCorrupt, kUntrusted and kUnavailable for its file.
  virtual Result<std::string> PublishingKeyText() = 0;
  /// Publishes that the key lives nowhere now, and forgets it when that has been said for three
  /// days. kNotFound if it was not announced.
  virtual Status Withdraw(const KeyId& key) = 0;

  /// Publishes which keys may follow the key of `statement.key_file`, until WithdrawRollover();
  /// replaces what was said of that key. `statement.key` is not looked at, and a `from` of 0 is
  /// now. As Announce(); kInvalidArgument also without new keys, for more than 8, for the key
  /// itself, and for a `from` more than 15 days ahead.
  virtual Result<RolloverStatement> AnnounceRollover(const RolloverStatement& statement) = 0;
  /// Publishes that what was said holds no longer, and forgets it when that has been said for 30
  /// days. kNotFound if nothing was said.
  virtual Status WithdrawRollover(const KeyId& key) = 0;

  /// Asks peers who carries all words of `text`, and tries each claim with a handshake. Whatever
  /// proved its key is recorded, and can be found and bound from then on. `stop` may be null.
  /// kInvalidArgument, and nobody is asked, for words that are bound, private names and addresses,
  /// and text without words; kUnavailable without peers; kBusy while 16 others do; kInterrupted.
  virtual Result<LookupSummary> Lookup(const std::string& text, const LookupSink& sink,
                                       const std::atomic<bool>* stop) = 0;
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SHARING_SHARING_H_
