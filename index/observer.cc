// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Targets to endpoints, endpoints to handshakes, handshakes to the ledger.

#include "index/observer.h"

#include <algorithm>

#include "index/recorder.h"
#include "resolver/keyword/host_name.h"

namespace commresolve::index {
namespace {

constexpr size_t kNamesPerLookup = 256;

std::string TargetText(const ObserveTarget& target) {
  const bool v6 = target.host.find(':') != std::string::npos;
  return (v6 ? "[" + target.host + "]" : target.host) + ":" + std::to_string(target.port);
}

Endpoint EndpointOf(const ObserveTarget& target, const IpAddress& ip) {
  return {ip, target.port, target.protocol.value_or(Protocol::kTls), target.server_name};
}

/// Endpoints of the targets, asking DNS for names; failures are reported.
std::vector<Endpoint> ResolveTargets(AddressLookup* dns, const std::vector<ObserveTarget>& targets,
                                     const ObserveOptions& options,
                                     const std::function<void(const ObserveReport&)>& report) {
  std::vector<Endpoint> endpoints;
  std::vector<LookupQuestion> questions;
  std::vector<const ObserveTarget*> asked_for;
  const auto ask = [&] {
    if (questions.empty()) return;
    const auto answers = dns->Lookup(questions, options.dns_patience);
    for (size_t i = 0; i < answers.size(); ++i) {
      for (const auto& address : answers[i].addresses) {
        endpoints.push_back(EndpointOf(*asked_for[i], address.ip));
      }
      if (answers[i].addresses.empty()) {
        report({TargetText(*asked_for[i]), std::nullopt,
                Error{Code::kUnavailable, "no address: " + answers[i].error}, false});
      }
    }
    questions.clear();
    asked_for.clear();
  };
  for (const ObserveTarget& target : targets) {
    if (const auto ip = IpAddress::Parse(target.host); ip.ok()) {
      endpoints.push_back(EndpointOf(target, *ip));
    } else if (dns == nullptr) {
      report({TargetText(target), std::nullopt,
              Error{Code::kUnavailable, "DNS is switched off (dns_hints = false)"}, false});
    } else {
      questions.push_back({target.host, ""});
      asked_for.push_back(&target);
    }
    if (questions.size() == kNamesPerLookup) ask();
  }
  ask();
  return endpoints;
}

}  // namespace

Result<ObserveTarget> ParseObserveTarget(const std::string& text,
                                         std::optional<Protocol> protocol) {
  COMMRESOLVE_ASSIGN(where, ParseHostPort(text));
  ObserveTarget target;
  target.protocol = protocol.value_or(DefaultProtocol(where.port));
  if (!CanProbe(*target.protocol)) {
    return Error{Code::kInvalidArgument,
                 std::string("cannot speak ") + ProtocolName(*target.protocol) + " to a server"};
  }
  target.port = where.port != 0 ? where.port : DefaultPort(*target.protocol);
  if (IpAddress::Parse(where.host).ok()) {
    target.host = where.host;
    return target;
  }
  COMMRESOLVE_ASSIGN(host, NormaliseHostName(where.host));
  target.host = host;
  target.server_name = std::move(host);
  return target;
}

Result<std::vector<Endpoint>> EndpointsOfTarget(const ObserveTarget& target, AddressLookup* dns,
                                                std::chrono::milliseconds patience) {
  if (const auto ip = IpAddress::Parse(target.host); ip.ok()) {
    return std::vector<Endpoint>{EndpointOf(target, *ip)};
  }
  if (dns == nullptr) {
    return Error{Code::kUnavailable, "DNS is switched off (dns_hints = false)",
                 "give the address of " + target.host};
  }
  const auto answers = dns->Lookup({{target.host, ""}}, patience);
  std::vector<Endpoint> endpoints;
  for (const auto& address : answers.front().addresses) {
    endpoints.push_back(EndpointOf(target, address.ip));
  }
  if (endpoints.empty()) {
    return Error{Code::kUnavailable, target.host + ": no address: " + answers.front().error};
  }
  return endpoints;
}

Status Observe(Store& store, Prober& prober, AddressLookup* dns,
               const std::vector<ObserveTarget>& targets, const ObserveOptions& options,
               const std::function<void(const ObserveReport&)>& report) {
  COMMRESOLVE_ASSIGN(lock, store.LockForWriting());
  Recorder recorder(store);
  Status failure;
  std::atomic<bool> halt{false};
  const auto record = [&](const ProbeOutcome& outcome) {
    ObserveReport line{outcome.endpoint.ToString(), outcome.endpoint,
                       Error{Code::kInternal, "not seen"}, false};
    if (!outcome.handshake.ok()) {
      line.seen = outcome.handshake.error();
      return report(line);
    }
    const Handshake& shake = *outcome.handshake;
    const auto added = recorder.Add(
        {shake.chain, shake.endpoint, shake.time, "probe", true, shake.endpoint.ToString()});
    if (!added.ok() && added.error().code != Code::kInvalidArgument) {
      failure = added.error();
      halt = true;
      return;
    }
    const auto certificate = ParseCertificate(shake.chain.front());
    if (added.ok() && certificate.ok()) {
      line.seen = certificate->facts;
      line.fresh = *added == Added::kNew;
    } else {
      line.seen = added.ok() ? certificate.error() : added.error();
    }
    report(line);
  };
  const auto endpoints = ResolveTargets(dns, targets, options, report);
  const auto done = [&](const ProbeOutcome& outcome) {
    if (options.stop != nullptr && options.stop->load()) halt = true;
    if (!halt) record(outcome);
  };
  prober.ProbeAll(endpoints, options.probe, done, options.stop != nullptr ? options.stop : &halt);
  Status finished = recorder.Finish({});
  COMMRESOLVE_TRY(failure);
  if (options.stop != nullptr && options.stop->load()) {
    return Error{Code::kInterrupted, "stopped; what was seen is recorded"};
  }
  return finished;
}

}  // namespace commresolve::index
