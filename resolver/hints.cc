// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Collecting and ordering hints.

#include "resolver/hints.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace commresolve {
namespace {

bool Wanted(const Endpoint& endpoint, const HintFilter& filter) {
  if (!CanProbe(endpoint.protocol)) return false;
  if (filter.port != 0 && endpoint.port != filter.port) return false;
  return !filter.protocol || endpoint.protocol == *filter.protocol;
}

void AddDistinct(std::vector<Endpoint>& list, const Endpoint& endpoint) {
  if (list.size() < kMaxHints && std::find(list.begin(), list.end(), endpoint) == list.end()) {
    list.push_back(endpoint);
  }
}

std::vector<SeenEndpoint> BestFirst(const std::vector<Candidate>& identity, bool dropped) {
  std::vector<SeenEndpoint> seen;
  for (const Candidate& candidate : identity) {
    for (const SeenEndpoint& endpoint : candidate.endpoints) {
      if (endpoint.wrong_at.has_value() == dropped) seen.push_back(endpoint);
    }
  }
  std::stable_sort(seen.begin(), seen.end(), [](const SeenEndpoint& a, const SeenEndpoint& b) {
    return std::tuple(a.proved_at.value_or(0), a.last_seen) >
           std::tuple(b.proved_at.value_or(0), b.last_seen);
  });
  return seen;
}

const char* SrvService(Protocol protocol) {
  switch (protocol) {
    case Protocol::kXmppClient:
      return "_xmpp-client._tcp";
    case Protocol::kXmppServer:
      return "_xmpp-server._tcp";
    case Protocol::kImap:
      return "_imap._tcp";
    case Protocol::kPop3:
      return "_pop3._tcp";
    case Protocol::kLdap:
      return "_ldap._tcp";
    default:
      return nullptr;
  }
}

std::vector<std::string> HintNames(const std::vector<Candidate>& identity,
                                   const std::string& canonical) {
  std::vector<std::string> names;
  const auto add = [&names](const std::string& name) {
    if (name.empty() || name.find('*') != std::string::npos) return;
    if (names.size() == kMaxHintNames) return;
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  add(canonical);
  for (const Candidate& candidate : identity) {
    for (const std::string& name : candidate.certificate.names) add(name);
  }
  return names;
}

/// The (port, protocol) pairs the identity was seen with, narrowed to what is wanted.
std::set<std::pair<uint16_t, Protocol>> Services(const std::vector<Candidate>& identity,
                                                 const HintFilter& filter) {
  std::set<std::pair<uint16_t, Protocol>> services;
  for (const Candidate& candidate : identity) {
    for (const SeenEndpoint& seen : candidate.endpoints) {
      if (Wanted(seen.endpoint, filter)) {
        services.emplace(seen.endpoint.port, seen.endpoint.protocol);
      }
    }
  }
  if (services.empty()) {
    const Protocol protocol =
        filter.protocol.value_or(filter.port == 0 ? Protocol::kTls : DefaultProtocol(filter.port));
    services.emplace(filter.port == 0 ? DefaultPort(protocol) : filter.port, protocol);
  }
  return services;
}

/// IPv6 and IPv4 in turn, each in the order given.
std::vector<Endpoint> Interleave(const std::vector<Endpoint>& endpoints) {
  std::vector<Endpoint> families[2];
  for (const Endpoint& endpoint : endpoints) {
    families[endpoint.ip.is_v6() ? 0 : 1].push_back(endpoint);
  }
  std::vector<Endpoint> mixed;
  for (size_t i = 0; i < std::max(families[0].size(), families[1].size()); ++i) {
    for (const auto& family : families) {
      if (i < family.size()) AddDistinct(mixed, family[i]);
    }
  }
  return mixed;
}

}  // namespace

std::vector<Endpoint> RecordedHints(const std::vector<Candidate>& identity,
                                    const HintFilter& filter, bool dropped) {
  const std::vector<SeenEndpoint> seen = BestFirst(identity, dropped);
  std::vector<Endpoint> hints;
  for (const SeenEndpoint& hint : seen) {
    if (Wanted(hint.endpoint, filter)) AddDistinct(hints, hint.endpoint);
  }
  if (!hints.empty() || filter.port == 0) return hints;
  for (const SeenEndpoint& hint : seen) {
    Endpoint elsewhere = hint.endpoint;
    elsewhere.port = filter.port;
    elsewhere.protocol = filter.protocol.value_or(DefaultProtocol(filter.port));
    AddDistinct(hints, elsewhere);
  }
  return hints;
}

std::vector<NamedService> NamedServices(const std::vector<Candidate>& identity,
                                        const std::string& canonical, const HintFilter& filter) {
  std::vector<NamedService> services;
  for (const std::string& name : HintNames(identity, canonical)) {
    for (const auto& [port, protocol] : Services(identity, filter)) {
      if (services.size() < kMaxHints) services.push_back({name, port, protocol});
    }
  }
  return services;
}

std::vector<Endpoint> DnsHints(AddressLookup& dns, const std::vector<NamedService>& services,
                               std::chrono::milliseconds patience,
                               std::vector<std::string>* problems) {
  std::vector<LookupQuestion> questions;
  std::vector<const NamedService*> asked_for;
  for (const NamedService& service : services) {
    if (const char* srv = SrvService(service.protocol)) {
      questions.push_back({service.name, srv});
      asked_for.push_back(&service);
    }
    questions.push_back({service.name, ""});
    asked_for.push_back(&service);
  }
  const std::vector<LookupAnswer> answers = dns.Lookup(questions, patience);
  std::vector<Endpoint> endpoints;
  for (size_t i = 0; i < answers.size() && i < asked_for.size(); ++i) {
    for (const auto& address : answers[i].addresses) {
      endpoints.push_back({address.ip, address.port == 0 ? asked_for[i]->port : address.port,
                           asked_for[i]->protocol, asked_for[i]->name});
    }
    if (!answers[i].error.empty()) {
      const std::string service = questions[i].service.empty() ? "" : questions[i].service + ".";
      problems->push_back(service + questions[i].host + ": " + answers[i].error);
    }
  }
  return Interleave(endpoints);
}

}  // namespace commresolve
