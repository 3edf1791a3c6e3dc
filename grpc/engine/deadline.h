// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Deadline: until when a caller waits, and a transport and a DNS lookup that keep to it.

#ifndef COMMRESOLVE_GRPC_ENGINE_DEADLINE_H_
#define COMMRESOLVE_GRPC_ENGINE_DEADLINE_H_

#include <chrono>
#include <vector>

#include "resolver/net/address_lookup.h"
#include "resolver/net/prober.h"

namespace commresolve::daemon {

/// time_point::max() is no deadline.
using Deadline = std::chrono::steady_clock::time_point;

/// What is left until `deadline`, at most `limit`; not negative.
std::chrono::milliseconds TimeLeft(Deadline deadline, std::chrono::milliseconds limit);

/// Passes races on, each with no more time than is left. When none is left, every endpoint fails
/// with kDeadlineExceeded and nothing is asked. Borrows `transport`.
class DeadlineTransport final : public Transport {
 public:
  DeadlineTransport(Transport& transport, Deadline deadline)
      : transport_(transport), deadline_(deadline) {}
  RaceResult Race(const std::vector<Endpoint>& endpoints, const ProbeOptions& options,
                  const AcceptHandshake& accept) override;

 private:
  Transport& transport_;
  Deadline deadline_;
};

/// The same for DNS. Borrows `lookup`.
class DeadlineLookup final : public AddressLookup {
 public:
  DeadlineLookup(AddressLookup& lookup, Deadline deadline) : lookup_(lookup), deadline_(deadline) {}
  std::vector<LookupAnswer> Lookup(const std::vector<LookupQuestion>& questions,
                                   std::chrono::milliseconds patience) override;

 private:
  AddressLookup& lookup_;
  Deadline deadline_;
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_ENGINE_DEADLINE_H_
