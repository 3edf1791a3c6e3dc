// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// WideSearch: searches the own index and those of the index servers as if they were one.

#ifndef COMMRESOLVE_GRPC_ENGINE_WIDE_SEARCH_H_
#define COMMRESOLVE_GRPC_ENGINE_WIDE_SEARCH_H_

#include <memory>

#include "grpc/engine/engine.h"
#include "grpc/engine/index_servers.h"

namespace commresolve::daemon {

/// Safe for concurrent use.
class WideSearch final : public SearchSource {
 public:
  /// `engine` is borrowed: its own index, its settings, and what is revoked.
  WideSearch(Engine& engine, std::unique_ptr<IndexServers> servers)
      : engine_(engine), servers_(std::move(servers)) {}

  /// Waits for index servers as long as the setting index_timeout says, at most nine tenths of what
  /// is left until `deadline`. Those that do not answer are `missing`, and no error; nor is it one
  /// that nothing is indexed here. Their rows are claims (claim.h): of tier "claimed", whatever is
  /// known of the key, or revoked. At most their first 1,000 rows are looked at.
  Result<RankedRows> Search(const std::string& query, size_t offset, size_t limit,
                            Deadline deadline) override;
  /// Of the own index alone.
  Result<std::vector<index::CountedWord>> Complete(const std::string& beginning, size_t limit,
                                                   Deadline deadline) override;
  /// From now on nobody is waited for.
  void End() { servers_->End(); }

 private:
  Engine& engine_;
  const std::unique_ptr<IndexServers> servers_;
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_ENGINE_WIDE_SEARCH_H_
