// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// SearchSource: what answers words with listings: the stores of this machine, or these and other
// machines'.

#ifndef COMMRESOLVE_GRPC_ENGINE_SEARCH_SOURCE_H_
#define COMMRESOLVE_GRPC_ENGINE_SEARCH_SOURCE_H_

#include <string>
#include <vector>

#include "grpc/engine/deadline.h"
#include "grpc/engine/orders.h"

namespace commresolve::daemon {

/// Implementations are safe for concurrent use.
class SearchSource {
 public:
  virtual ~SearchSource() = default;

  /// The rows `offset` to `offset + limit`. kInvalidArgument for a query that cannot be read,
  /// kNotFound if nothing is indexed yet, kBusy, kCorrupt.
  virtual Result<RankedRows> Search(const std::string& query, size_t offset, size_t limit,
                                    Deadline deadline) = 0;
  /// As index::CompleteWord().
  virtual Result<std::vector<index::CountedWord>> Complete(const std::string& beginning,
                                                           size_t limit, Deadline deadline) = 0;
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_ENGINE_SEARCH_SOURCE_H_
