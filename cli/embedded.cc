// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The calls of the library behind each question.

#include "cli/embedded.h"

#include "cli/endpoints.h"
#include "index/search/query.h"

namespace commresolve::cli {

Result<std::unique_ptr<Resolver>> EmbeddedBackend::MakeResolver() {
  COMMRESOLVE_ASSIGN(store, context_.store());
  COMMRESOLVE_ASSIGN(prober, context_.prober());
  COMMRESOLVE_ASSIGN(dns, context_.dns());
  return std::make_unique<Resolver>(
      context_.settings(),
      ResolverParts{&context_.clock(), &context_.known_certs(), store, store, dns, prober});
}

Result<daemon::RankedRows> EmbeddedBackend::Search(const std::string& query, size_t offset,
                                                   size_t limit) {
  COMMRESOLVE_ASSIGN(known, context_.known_certs().Load());
  COMMRESOLVE_ASSIGN(parsed, index::ParseQuery(query));
  COMMRESOLVE_ASSIGN(store, context_.store());
  const auto same = [&known](const KeyId& key) { return known->KeysBoundWith(key); };
  COMMRESOLVE_ASSIGN(found, index::FindRows(*store, parsed, offset, limit, context_.now(), same));
  daemon::RankedRows ranked{std::move(found), {}};
  for (const index::SearchRow& row : ranked.found.rows) {
    ranked.standings.push_back(
        StandingOf(row.best, *known, context_.now(), context_.settings().max_age));
  }
  return ranked;
}

Result<Resolution> EmbeddedBackend::Resolve(const ResolveRequest& request) {
  COMMRESOLVE_ASSIGN(resolver, MakeResolver());
  return resolver->Resolve(request);
}

Result<EndpointVerdict> EmbeddedBackend::Verify(const std::string& server,
                                                std::optional<Protocol> protocol) {
  COMMRESOLVE_ASSIGN(endpoints, EndpointsOf(context_, server, protocol));
  COMMRESOLVE_ASSIGN(store, context_.store());
  COMMRESOLVE_ASSIGN(prober, context_.prober());
  const ResolverParts parts{
      &context_.clock(), &context_.known_certs(), store, store, nullptr, prober};
  return VerifyEndpoint(context_.settings(), parts, endpoints, endpoints.front().server_name);
}

EndpointVerdict EmbeddedBackend::VerifyServer(const std::string& server,
                                              std::optional<Protocol> protocol) {
  auto verdict = Verify(server, protocol);
  if (verdict.ok()) return std::move(*verdict);
  EndpointVerdict failed;
  failed.failure = verdict.error();
  return failed;
}

Result<Binding> EmbeddedBackend::Bind(const daemon::BindOrder& order) {
  COMMRESOLVE_ASSIGN(resolver, MakeResolver());
  if (order.add) {
    return resolver->AddKey(order.words, order.key, order.critical, order.name, order.reason);
  }
  return resolver->Bind(order.words, order.key, order.tier, order.critical, order.name,
                        order.reason.empty() ? "bound by the user" : order.reason);
}

Status EmbeddedBackend::Unbind(const KeywordSet& words) {
  return UnbindWords(context_.known_certs(), words);
}

Result<std::vector<KeyId>> EmbeddedBackend::Revoke(const WordsOrKey& what,
                                                   const std::string& reason, bool undo) {
  return RevokeKeys(context_.known_certs(), what, context_.now(), reason, undo);
}

Status EmbeddedBackend::Observe(const daemon::ObserveOrder& order, const std::atomic<bool>* stop,
                                const daemon::ObserveSink& report) {
  COMMRESOLVE_ASSIGN(store, context_.store());
  COMMRESOLVE_ASSIGN(prober, context_.prober());
  COMMRESOLVE_ASSIGN(known, context_.known_certs().Load());
  COMMRESOLVE_ASSIGN(dns, context_.dns());
  index::ObserveOptions how;
  how.probe = context_.settings().probe;
  how.probe.at_once = order.at_once;
  how.probe.per_address = order.per_address;
  how.stop = stop;
  return index::Observe(
      *store, *prober, dns, order.targets, how, [&](const index::ObserveReport& line) {
        report(line, line.seen.ok() ? BrokenBindings(*known, *store, *line.endpoint, *line.seen)
                                    : std::vector<Binding>());
      });
}

}  // namespace commresolve::cli
