// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Importer: files of certificates and observations into the store.

#ifndef COMMRESOLVE_INDEX_IMPORTER_H_
#define COMMRESOLVE_INDEX_IMPORTER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "index/sources/reader.h"
#include "index/store.h"
#include "resolver/base/clock.h"

namespace commresolve::index {

struct ImportOptions {
  const std::atomic<bool>* stop = nullptr;  ///< May be null.
  /// Bytes done and in all; called often. May be empty.
  std::function<void(uint64_t done, uint64_t total)> progress;
  /// Listings made searchable and to be made so; see IndexerOptions. May be empty.
  std::function<void(uint64_t done, uint64_t total)> index_progress = {};
  std::function<void(const Refusal&)> on_refusal;  ///< May be empty.
};

struct ImportSummary {
  uint64_t read = 0;      ///< Observations.
  uint64_t fresh = 0;     ///< Certificates not seen before.
  uint64_t known = 0;     ///< Observations of certificates on record.
  uint64_t refused = 0;   ///< Items that were not taken.
  uint64_t left_out = 0;  ///< CA and client certificates, which are no servers.
};

/// Takes the writer lock, reads `paths` and records what they hold. What is committed stays
/// whatever happens; `summary` tells how far it came even on failure. kBusy,
/// kInterrupted, or the store's error.
Status Import(Store& store, const std::vector<std::string>& paths, const Clock& clock,
              const ImportOptions& options, ImportSummary& summary);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_IMPORTER_H_
