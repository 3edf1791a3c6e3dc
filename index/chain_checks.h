// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ChainChecks: the chains of many observations, checked on all cores.

#ifndef COMMRESOLVE_INDEX_CHAIN_CHECKS_H_
#define COMMRESOLVE_INDEX_CHAIN_CHECKS_H_

#include <memory>
#include <optional>
#include <vector>

#include "index/store.h"

namespace commresolve::index {

/// Used by one thread.
class ChainChecks {
 public:
  /// Each further thread gets a share of `store` (borrowed), made when first needed.
  explicit ChainChecks(const Store& store) : store_(store) {}

  /// Store::ChainOnRecordOrCheck() for each observation whose chain has issuers, which is what
  /// takes time; empty for the others.
  std::vector<std::optional<Result<PublicChain>>> Run(const std::vector<Observation>& observations);

 private:
  const Store& store_;
  std::vector<std::unique_ptr<Store>> shares_;
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_CHAIN_CHECKS_H_
