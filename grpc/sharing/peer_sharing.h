// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// PeerSharing: Sharing with a node of our own, beside an engine.
//
//   <data>/dht/membership      what the user chose
//   <data>/dht/announcements   where his keys live
//   <data>/dht/rollovers       which keys may follow his
//   <data>/dht/rollovers-heard what owners said of bound keys
//   <data>/dht/statements-heard  whom keys let speak for them
//   <data>/dht/queue/          what is published, and when again
//   <data>/dht/secret          what pseudonyms are made of
//   <data>/dht/observer        the key of an observer with a name
//   <data>/dht/publishing      the key that certificates' keys let speak for them
//   <data>/dht/node            whom the node knew
//   <data>/finders             who was right and who lied
//
// Its thread starts the node again if that failed, looks for peers while there are none and, if the
// user wants that, on the local links, gathers every hour what is to be published, looks for bound
// keys that do not answer any more, asks what observers and owners say of bound keys, and fetches
// statements from servers that proved their keys.

#ifndef COMMRESOLVE_GRPC_SHARING_PEER_SHARING_H_
#define COMMRESOLVE_GRPC_SHARING_PEER_SHARING_H_

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "dht/find/owner_search.h"
#include "dht/find/peer_search.h"
#include "dht/peer/peer.h"
#include "grpc/engine/engine.h"
#include "grpc/sharing/announcements.h"
#include "grpc/sharing/finder_book.h"
#include "grpc/sharing/key_follower.h"
#include "grpc/sharing/observer_news.h"
#include "grpc/sharing/own_keys.h"
#include "grpc/sharing/publishing_key.h"
#include "grpc/sharing/rollover_news.h"
#include "grpc/sharing/rollovers.h"
#include "grpc/sharing/sharing.h"
#include "grpc/sharing/statement_news.h"

namespace commresolve::daemon {

class PeerSharing final : public Sharing {
 public:
  /// Reads what the user chose, and is a peer again if he was one: in the background, so that
  /// nobody waits for it. `engine` is borrowed. kCorrupt, kUntrusted and kUnavailable for the files
  /// above.
  static Result<std::unique_ptr<PeerSharing>> Open(Engine& engine);
  /// Ends what is under way.
  ~PeerSharing() override;

  /// As SharingStatus::problem, at no cost.
  [[nodiscard]] std::string problem() const;

  Status Join(const std::vector<std::string>& bootstrap) override;
  Status Leave() override;
  [[nodiscard]] SharingStatus status() const override;
  Result<PublishReport> Publish(const PublishChoice& choice,
                                const std::atomic<bool>* stop) override;
  Result<Announcement> Announce(const Announcement& announcement) override;
  Result<std::string> PublishingKeyText() override;
  Status Withdraw(const KeyId& key) override;
  Result<RolloverStatement> AnnounceRollover(const RolloverStatement& statement) override;
  Status WithdrawRollover(const KeyId& key) override;
  Result<LookupSummary> Lookup(const std::string& text, const LookupSink& sink,
                               const std::atomic<bool>* stop) override;

 private:
  /// A node and what works through it.
  struct Running;

  explicit PeerSharing(Engine& engine);
  [[nodiscard]] std::string Path(const char* name) const { return folder_ + "/" + name; }
  Status Load();
  Result<dht::PublishQueue*> Queue();
  [[nodiscard]] std::string ProblemNow() const;
  Result<std::shared_ptr<Running>> StartNode();
  Status StartIfJoined();
  [[nodiscard]] Result<std::shared_ptr<Running>> NeedRunning() const;
  [[nodiscard]] dht::PublishOptions Wanted() const;
  [[nodiscard]] dht::SearchKnowledge Knowledge();
  Status Remember(const Membership& membership);
  [[nodiscard]] std::string LoadOwnKey(const std::string& path, const KeyId& key);
  [[nodiscard]] std::string LoadSignerOf(const Announcement& said);
  Status Store(DatedAnnouncement dated);
  Status Store(RolloverStatement rollover);
  Status PutAgain(const Result<dht::Content>& content);
  Result<PublishReport> GatherNow(const std::atomic<bool>* stop);
  void QueueAnnouncements();
  void QueueRollovers();
  void ReadStatements();
  void DropOldWithdrawals(UnixTime now);
  void DropOldRollovers(UnixTime now);
  [[nodiscard]] PutState StateOf(const dht::Stream& stream, const KeyId& key,
                                 const std::map<KeyId, std::string>& problems) const;

  void Keep();
  void KeepOnce(UnixTime now);
  void LookForPeers(Running& running);
  void LookAtLinks(Running& running);
  void ReadObservers();
  void AskAboutBoundKeys(Running& running);

  Engine& engine_;
  const std::string folder_;
  OwnKeys own_keys_;
  PublishingKey publishing_key_;
  std::optional<dht::SigningKey> observer_key_;  // Made before the first node starts; stays.
  FinderBook finders_;
  ObserverNews observers_;
  RolloverNews rollover_news_;
  StatementNews statement_news_;
  KeyFollower follower_;  // The keeper's own, and so is:
  struct {
    UnixTime start = 0;
    UnixTime peers = 0;
    UnixTime gather = 0;
    UnixTime follow = 0;
    UnixTime rest = 0;
    UnixTime statements = 0;
  } due_;
  std::mutex gather_lock_;   // One at a time.
  std::mutex node_lock_;     // Held while the node starts or stops, before `lock_`.
  mutable std::mutex lock_;  // Guards what follows.
  Membership membership_;
  std::vector<DatedAnnouncement> announcements_;
  std::vector<RolloverStatement> rollovers_;
  std::map<KeyId, std::string> key_problems_;       ///< Why their announcements cannot be put.
  std::map<KeyId, std::string> rollover_problems_;  ///< The same of rollovers.
  std::set<dht::Ed25519Key> chosen_;                ///< Observers that count.
  std::unique_ptr<dht::PublishQueue> queue_;        // Opened with the first use; stays.
  std::shared_ptr<Running> running_;                // Null while it does not run.
  std::string problem_;                             ///< Why the node does not run.
  std::string observers_problem_;                   ///< Why their file cannot be read.
  std::string lan_problem_;                         ///< Why the local links cannot be heard.
  std::string gather_problem_;                      ///< Why the last gathering by itself failed.
  std::condition_variable changed_;
  std::atomic<int> look_ups_{0};  // Under way.
  std::atomic<bool> ending_{false};
  std::atomic<bool> new_peers_{false};  ///< To begin with.
  std::thread keeper_;
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SHARING_PEER_SHARING_H_
