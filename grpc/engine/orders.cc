// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Each order on opened stores.

#include "grpc/engine/orders.h"

#include "index/search/query.h"
#include "resolver/verify_endpoint.h"

namespace commresolve::daemon {

Result<RankedRows> SearchStore(index::Store& store, const KnownCerts& known,
                               const std::string& query, size_t offset, size_t limit, UnixTime now,
                               int64_t max_age) {
  COMMRESOLVE_ASSIGN(parsed, index::ParseQuery(query));
  const auto same = [&known](const KeyId& key) { return known.KeysBoundWith(key); };
  COMMRESOLVE_ASSIGN(found, index::FindRows(store, parsed, offset, limit, now, same));
  RankedRows ranked{std::move(found), {}};
  for (const index::SearchRow& row : ranked.found.rows) {
    ranked.standings.push_back(StandingOf(row.best, known, now, max_age));
  }
  return ranked;
}

Result<Binding> CarryOut(const BindOrder& order, Resolver& resolver) {
  if (order.add) {
    return resolver.AddKey(order.words, order.key, order.critical, order.name, order.reason);
  }
  return resolver.Bind(order.words, order.key, order.tier, order.critical, order.name,
                       order.reason.empty() ? "bound by the user" : order.reason);
}

Status CarryOut(const ObserveOrder& order, index::Store& store, Prober& prober, AddressLookup* dns,
                const KnownCerts& known, ProbeOptions probe, const std::atomic<bool>* stop,
                const ObserveSink& report) {
  index::ObserveOptions how;
  how.probe = probe;
  how.probe.at_once = order.at_once;
  how.probe.per_address = order.per_address;
  how.stop = stop;
  return index::Observe(
      store, prober, dns, order.targets, how, [&](const index::ObserveReport& line) {
        report(line, line.seen.ok() ? BrokenBindings(known, store, *line.endpoint, *line.seen)
                                    : std::vector<Binding>());
      });
}

}  // namespace commresolve::daemon
