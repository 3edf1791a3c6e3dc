// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// EmbeddedBackend: opens the stores and does the work in this process.

#ifndef COMMRESOLVE_CLI_EMBEDDED_H_
#define COMMRESOLVE_CLI_EMBEDDED_H_

#include <memory>

#include "cli/backend.h"
#include "cli/context.h"

namespace commresolve::cli {

class EmbeddedBackend final : public Backend {
 public:
  /// `context` is borrowed; its stores are opened when they are first needed.
  explicit EmbeddedBackend(Context& context) : context_(context) {}

  Result<daemon::RankedRows> Search(const std::string& query, size_t offset, size_t limit) override;
  Result<daemon::PeersPart> SearchWithPeers(const std::string& query, size_t limit,
                                            const daemon::OwnSink& own,
                                            const daemon::LookupSink& proved,
                                            const std::atomic<bool>* stop) override;
  Result<std::vector<index::CountedWord>> Complete(const std::string& beginning,
                                                   size_t limit) override;
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
  Result<std::unique_ptr<Resolver>> MakeResolver();
  Result<EndpointVerdict> Verify(const std::string& server, std::optional<Protocol> protocol);

  Context& context_;
};

}  // namespace commresolve::cli

#endif  // COMMRESOLVE_CLI_EMBEDDED_H_
