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

Result<ListenAddresses> ListenAddressesOf(const Config& config) {
  ListenAddresses listen;
  for (const std::string& text : config.dht_listen) {
    const size_t colon = text.rfind(':');
    const auto ip = IpAddress::Parse(text.substr(0, colon));
    const std::string port = colon == std::string::npos ? "" : text.substr(colon + 1);
    // ParseHostPort() knows no port 0.
    const auto where = port == "0" ? ParseHostPort(text.substr(0, colon)) : ParseHostPort(text);
    if (!ip.ok() || !where.ok() || (where->port == 0 && port != "0")) {
      return Error{Code::kInvalidArgument, "dht_listen: '" + text + "' is no address and port"};
    }
    auto& place = ip->is_v6() ? listen.v6 : listen.v4;
    if (place) return Error{Code::kInvalidArgument, "dht_listen: two addresses of one family"};
    place = dht::PeerAddress{*ip, where->port};
  }
  if (!listen.v4 && !listen.v6) return Error{Code::kInvalidArgument, "dht_listen: no address"};
  return listen;
}

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
