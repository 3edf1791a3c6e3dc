// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// AddressLookup: DNS as a source of hints (c-ares). What it answers is never believed, only tried.

#ifndef COMMRESOLVE_RESOLVER_NET_ADDRESS_LOOKUP_H_
#define COMMRESOLVE_RESOLVER_NET_ADDRESS_LOOKUP_H_

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "resolver/base/result.h"
#include "resolver/endpoint.h"

namespace commresolve {

/// One question: the addresses of `host`, directly or through its SRV records (RFC 2782).
struct LookupQuestion {
  std::string host;     ///< Normal form of keyword/host_name.h.
  std::string service;  ///< "" for A and AAAA, or an SRV label pair such as "_xmpp-client._tcp".
};

struct LookupAnswer {
  LookupQuestion question;
  /// A and AAAA addresses in RFC 6724 order; port 0 unless SRV said one. At most 32.
  struct Address {
    IpAddress ip;
    uint16_t port = 0;
  };
  std::vector<Address> addresses;
  std::string error;  ///< Why there are none; empty if there are.
};

/// Implementations are used by one thread at a time.
class AddressLookup {
 public:
  virtual ~AddressLookup() = default;
  /// Asks all questions at once; returns when all are answered or `patience` has passed. One answer
  /// per question, in order; a failure is an answer with `error` set.
  virtual std::vector<LookupAnswer> Lookup(const std::vector<LookupQuestion>& questions,
                                           std::chrono::milliseconds patience) = 0;
};

/// Asks `servers` ("192.0.2.1", "192.0.2.1:5353", "[::1]:53"), or those of /etc/resolv.conf if
/// empty. /etc/hosts is not read. kInvalidArgument for a bad server, kInternal if c-ares fails to
/// start. Names under .alt (RFC 9476) and under `own_suffix` are never asked for, wherever they
/// come from: the answer to such a question is an error.
Result<std::unique_ptr<AddressLookup>> MakeDnsLookup(const std::vector<std::string>& servers,
                                                     const std::string& own_suffix);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_NET_ADDRESS_LOOKUP_H_
