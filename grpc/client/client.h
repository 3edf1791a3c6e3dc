// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Client: asks a running commresolved over one of its Unix sockets, in the domain's types.

#ifndef COMMRESOLVE_GRPC_CLIENT_CLIENT_H_
#define COMMRESOLVE_GRPC_CLIENT_CLIENT_H_

#include <sys/types.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "grpc/client/sharing_client.h"
#include "grpc/engine/orders.h"
#include "resolver/resolution.h"
#include "resolver/verify_endpoint.h"

namespace commresolve::daemon {

/// What this machine and index servers know.
using OwnSink = std::function<void(const RankedRows& ranked)>;

/// Used by one thread. Besides the errors that are named here every call returns those of the
/// daemon, kUnavailable if it went away, kDeadlineExceeded after one minute, and kCorrupt if it is
/// of another version and its answer cannot be read.
class Client {
 public:
  /// kUnavailable if nobody answers at `socket` within two seconds; kUntrusted if another user than
  /// `owner`, if it is given, or root listens there.
  static Result<std::unique_ptr<Client>> Connect(const std::string& socket,
                                                 std::optional<uid_t> owner = std::nullopt);
  ~Client();

  /// Without peers.
  Result<RankedRows> Search(const std::string& query, size_t offset, size_t limit);
  /// The first page, which goes to `own` as soon as it is there, once; then peers are asked, and
  /// what they led to goes to `proved`, but for keys of `own`. The rows come as those of
  /// SharingClient::Lookup(). There is no deadline, but `stop` (may be null) ends it: kInterrupted.
  Result<PeersPart> SearchWithPeers(const std::string& query, size_t limit, const OwnSink& own,
                                    const LookupSink& proved, const std::atomic<bool>* stop);
  Result<std::vector<index::CountedWord>> Complete(const std::string& beginning, size_t limit);
  /// As Resolver::Resolve(); `keep_connection` is not looked at. Without `may_bind` the trace is
  /// told too. `suffix` writes a key as a name.
  Result<Resolution> Resolve(const ResolveRequest& request, const std::string& suffix);
  /// "HOST:PORT". An error is in `failure`.
  EndpointVerdict VerifyServer(const std::string& server, std::optional<Protocol> protocol);

  // Only over keeper.sock: elsewhere kUntrusted.

  Result<Binding> Bind(const BindOrder& order);
  Status Unbind(const KeywordSet& words);
  Result<std::vector<KeyId>> Revoke(const WordsOrKey& what, const std::string& reason, bool undo);
  /// The targets have one server name, and one protocol or those of their ports. There is no
  /// deadline, but `stop` (may be null) ends it: kInterrupted.
  Status Observe(const ObserveOrder& order, const std::atomic<bool>* stop,
                 const ObserveSink& report);
  /// Lives as long as this client.
  SharingClient& sharing();

 private:
  struct Impl;
  explicit Client(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_CLIENT_CLIENT_H_
