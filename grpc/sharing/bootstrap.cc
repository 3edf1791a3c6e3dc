// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Addresses are read, names are asked for.

#include "grpc/sharing/bootstrap.h"

#include <set>

#include "resolver/keyword/host_name.h"

namespace commresolve::daemon {
namespace {

constexpr std::chrono::seconds kDnsPatience{5};
constexpr size_t kMostPeers = 64;

struct Named {
  std::vector<LookupQuestion> questions;
  std::vector<uint16_t> ports;
};

}  // namespace

std::vector<dht::PeerAddress> AddressesOfPeers(const std::vector<std::string>& peers,
                                               AddressLookup* dns) {
  std::set<dht::PeerAddress> addresses;
  Named named;
  for (const std::string& peer : peers) {
    const auto where = ParseHostPort(peer);
    if (!where.ok()) continue;
    if (const auto ip = IpAddress::Parse(where->host); ip.ok()) {
      addresses.insert({*ip, where->port});
    } else if (const auto host = NormaliseHostName(where->host); host.ok()) {
      named.questions.push_back({*host, ""});
      named.ports.push_back(where->port);
    }
  }
  if (dns != nullptr && !named.questions.empty()) {
    const auto answers = dns->Lookup(named.questions, kDnsPatience);
    for (size_t i = 0; i < answers.size(); ++i) {
      for (const auto& address : answers[i].addresses) {
        addresses.insert({address.ip, named.ports[i]});
      }
    }
  }
  std::vector<dht::PeerAddress> all(addresses.begin(), addresses.end());
  if (all.size() > kMostPeers) all.resize(kMostPeers);
  return all;
}

}  // namespace commresolve::daemon
