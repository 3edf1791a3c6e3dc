// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Gather: brings the queue of what is published up to what the ledger holds.

#ifndef COMMRESOLVE_GRPC_SHARING_GATHER_H_
#define COMMRESOLVE_GRPC_SHARING_GATHER_H_

#include <atomic>
#include <string>

#include "dht/publish/publish_queue.h"
#include "grpc/sharing/sharing.h"
#include "index/store.h"

namespace commresolve::daemon {

struct GatherOrder {
  bool postings = false;
  bool observations = false;
  Region region = Region::kUnknown;  ///< Of this observer.
  std::string scratch;               ///< A private folder for files without names.
  /// May be null. Set, it ends with kInterrupted, and the kind of content that was being replaced
  /// keeps what it had besides what is new.
  const std::atomic<bool>* stop = nullptr;
};

/// Replaces the postings and observations of `queue` by what the ledger of `store` holds now, or by
/// nothing where they are not wanted. Expired certificates say nothing any more. As the ledger,
/// PostingMaker and PublishQueue.
Result<PublishReport> Gather(index::Store& store, dht::PublishQueue& queue,
                             const GatherOrder& order, UnixTime now);

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SHARING_GATHER_H_
