// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The calls of the library behind each question.

#include "cli/embedded.h"

#include "cli/endpoints.h"

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
  COMMRESOLVE_ASSIGN(store, context_.store());
  COMMRESOLVE_ASSIGN(ranked, daemon::SearchStore(*store, *known, query, offset, limit,
                                                 context_.now(), context_.settings().max_age));
  for (const IndexServer& server : context_.config().index_servers) {
    ranked.missing.push_back({server.name, Error{Code::kUnavailable, "only the daemon asks it",
                                                 "start commresolved, and leave out --no-daemon"}});
  }
  return ranked;
}

Result<daemon::PeersPart> EmbeddedBackend::SearchWithPeers(const std::string& query, size_t limit,
                                                           const daemon::OwnSink& own,
                                                           const daemon::LookupSink& /*proved*/,
                                                           const std::atomic<bool>* /*stop*/) {
  COMMRESOLVE_ASSIGN(ranked, Search(query, 0, limit));
  own(ranked);
  return daemon::PeersPart{
      {}, Error{Code::kUnavailable, "only a daemon has a node", "start commresolved"}};
}

Result<std::vector<index::CountedWord>> EmbeddedBackend::Complete(const std::string& beginning,
                                                                  size_t limit) {
  COMMRESOLVE_ASSIGN(store, context_.store());
  return index::CompleteWord(*store, beginning, limit);
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
  return daemon::CarryOut(order, *resolver);
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
  return daemon::CarryOut(order, *store, *prober, dns, *known, context_.settings().probe, stop,
                          report);
}

}  // namespace commresolve::cli
