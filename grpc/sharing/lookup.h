// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// LookUp: one question to peers, and a handshake with every place that their answers name.

#ifndef COMMRESOLVE_GRPC_SHARING_LOOKUP_H_
#define COMMRESOLVE_GRPC_SHARING_LOOKUP_H_

#include <memory>
#include <string>

#include "dht/find/peer_search.h"
#include "grpc/engine/engine.h"
#include "grpc/sharing/finder_book.h"
#include "grpc/sharing/sharing.h"
#include "grpc/sharing/statement_news.h"

namespace commresolve::daemon {

/// As Sharing::Lookup(), through `search`, whose getter outlives the call. What finders claimed of
/// keys that proved themselves is noted in `finders`, and where they did so in `statements`. Waits
/// for the search and for the handshakes.
Result<LookupSummary> LookUp(Engine& engine, dht::PeerSearch& search, FinderBook& finders,
                             StatementNews& statements, const std::string& text,
                             const LookupSink& sink, const std::atomic<bool>* stop);

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SHARING_LOOKUP_H_
