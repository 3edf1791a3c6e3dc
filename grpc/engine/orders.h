// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What commresolve is asked and what it answers beyond the types of resolver/ and index/: the same
// for an Engine, for a Client of a daemon, and for a command that opens the stores itself.

#ifndef COMMRESOLVE_GRPC_ENGINE_ORDERS_H_
#define COMMRESOLVE_GRPC_ENGINE_ORDERS_H_

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "index/finder.h"
#include "index/observer.h"
#include "resolver/resolver.h"
#include "resolver/trust/known_certs_edits.h"
#include "resolver/trust/standing.h"

namespace commresolve::daemon {

/// In the data folder: held by the daemon that serves it, with the folder of its sockets as note.
inline constexpr const char* kDaemonLock = "daemon.lock";

/// An index server that did not answer, and why.
struct MissingPart {
  std::string index_server;  ///< Its name in the settings.
  Error error;
};

/// A search result, and where each row stands in the user's trust.
struct RankedRows {
  index::SearchRows found;
  std::vector<Standing> standings;        ///< One for each row.
  std::vector<MissingPart> missing = {};  ///< What only they hold is not among the rows.
};

/// What `bind` was told.
struct BindOrder {
  KeywordSet words;
  KeyId key;
  bool add = false;
  bool critical = false;
  std::string name = {};      ///< Normal form of keyword/host_name.h, or empty.
  std::string reason = {};    ///< Empty for "bound by the user".
  Tier tier = Tier::kPinned;  ///< kProven for a choice at first use. Not used with `add`.
};

/// What `observe` was told.
struct ObserveOrder {
  std::vector<index::ObserveTarget> targets;
  size_t at_once = ProbeOptions().at_once;          ///< Connections, 1 to 10,000.
  size_t per_address = ProbeOptions().per_address;  ///< Connections to one address, 1 to 1,000.
};

/// One report, and the bindings that expect another key there.
using ObserveSink =
    std::function<void(const index::ObserveReport&, const std::vector<Binding>& broken)>;

/// The rows `offset` to `offset + limit` for a query with operators. kInvalidArgument for one that
/// cannot be read; otherwise as index::FindRows().
Result<RankedRows> SearchStore(index::Store& store, const KnownCerts& known,
                               const std::string& query, size_t offset, size_t limit, UnixTime now,
                               int64_t max_age);

/// As Resolver::Bind() or Resolver::AddKey().
Result<Binding> CarryOut(const BindOrder& order, Resolver& resolver);

/// As index::Observe() with the deadline of `probe`; `dns` and `stop` may be null.
Status CarryOut(const ObserveOrder& order, index::Store& store, Prober& prober, AddressLookup* dns,
                const KnownCerts& known, ProbeOptions probe, const std::atomic<bool>* stop,
                const ObserveSink& report);

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_ENGINE_ORDERS_H_
