// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// SharingClient: the part of a running commresolved in the network of peers, as Sharing has it.

#ifndef COMMRESOLVE_GRPC_CLIENT_SHARING_CLIENT_H_
#define COMMRESOLVE_GRPC_CLIENT_SHARING_CLIENT_H_

#include <memory>

#include "grpc/sharing/sharing.h"

namespace grpc {
class Channel;
}

namespace commresolve::daemon {

/// Used by one thread. It is no Sharing, for to ask how things are can fail too. Besides the errors
/// that are named there every call returns those of Client; kUntrusted elsewhere than at
/// keeper.sock, and from a daemon that does not share.
class SharingClient {
 public:
  explicit SharingClient(const std::shared_ptr<grpc::Channel>& channel);
  ~SharingClient();
  SharingClient(const SharingClient&) = delete;
  SharingClient& operator=(const SharingClient&) = delete;

  Status Join(const std::vector<std::string>& bootstrap);
  Status Leave();
  Result<SharingStatus> GetStatus();
  /// There is no deadline, but `stop` (may be null) ends it: kInterrupted.
  Result<PublishReport> Publish(const PublishChoice& choice, const std::atomic<bool>* stop);
  Result<Announcement> Announce(const Announcement& announcement);
  Result<std::string> PublishingKeyText();
  Status Withdraw(const KeyId& key);
  Result<RolloverStatement> AnnounceRollover(const RolloverStatement& statement);
  Status WithdrawRollover(const KeyId& key);
  /// As Publish(). The rows come on this thread, and without the bindings of their standing. If
  /// the sink has enough, the summary is that of an incomplete look-up.
  Result<LookupSummary> Lookup(const std::string& text, const LookupSink& sink,
                               const std::atomic<bool>* stop);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_CLIENT_SHARING_CLIENT_H_
