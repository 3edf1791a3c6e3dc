// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ServedBackend: asks the daemon.

#ifndef COMMRESOLVE_CLI_SERVED_H_
#define COMMRESOLVE_CLI_SERVED_H_

#include <memory>

#include "cli/backend.h"
#include "cli/context.h"
#include "grpc/client/client.h"

namespace commresolve::cli {

class ServedBackend final : public Backend {
 public:
  /// `context` is borrowed, for its settings and, to keep a connection, for its prober.
  ServedBackend(Context& context, std::unique_ptr<daemon::Client> client)
      : context_(context), client_(std::move(client)) {}

  Result<daemon::RankedRows> Search(const std::string& query, size_t offset, size_t limit) override;
  Result<daemon::PeersPart> SearchWithPeers(const std::string& query, size_t limit,
                                            const daemon::OwnSink& own,
                                            const daemon::LookupSink& proved,
                                            const std::atomic<bool>* stop) override;
  Result<std::vector<index::CountedWord>> Complete(const std::string& beginning,
                                                   size_t limit) override;
  /// With `keep_connection` the handshake of the connection is made here, with the key that the
  /// daemon answered with, or not at all.
  Result<Resolution> Resolve(const ResolveRequest& request) override;
  EndpointVerdict VerifyServer(const std::string& server,
                               std::optional<Protocol> protocol) override;
  Result<Binding> Bind(const daemon::BindOrder& order) override;
  Status Unbind(const KeywordSet& words) override;
  Result<std::vector<KeyId>> Revoke(const WordsOrKey& what, const std::string& reason,
                                    bool undo) override;
  Status Observe(const daemon::ObserveOrder& order, const std::atomic<bool>* stop,
                 const daemon::ObserveSink& report) override;

 private:
  Result<Resolution> Ask(const ResolveRequest& request);
  /// Dials the answer of `resolution`; true if the server proved its key.
  Result<bool> Dial(Resolution& resolution);

  Context& context_;
  std::unique_ptr<daemon::Client> client_;
};

/// The client of the daemon that owns the data folder; null if there is none, if it does not
/// answer, or if another user than the owner of the folder (or root) could have put it there.
std::unique_ptr<daemon::Client> FindDaemon(const std::string& data_folder);

}  // namespace commresolve::cli

#endif  // COMMRESOLVE_CLI_SERVED_H_
