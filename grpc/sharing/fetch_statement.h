// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// FetchStatement: what the server of a key serves at dht::kDelegationPath.
//
// One GET over one TLS session in which the peer proves that very key; the request leaves only
// after that. No redirects, no cookies, no compression, no proxy, no DNS. Who answers is strange
// all the same, so everything has an end: dht::kMaxDelegationBytes of body, 64 KiB of TLS records
// in all, and `patience`.

#ifndef COMMRESOLVE_GRPC_SHARING_FETCH_STATEMENT_H_
#define COMMRESOLVE_GRPC_SHARING_FETCH_STATEMENT_H_

#include <atomic>
#include <chrono>
#include <string>

#include "resolver/base/digest.h"
#include "resolver/base/result.h"
#include "resolver/endpoint.h"

namespace commresolve::daemon {

/// The body of the answer, which nobody has looked at. The server name of `endpoint` is sent, if it
/// has one. `stop` may be null. kInvalidArgument for a protocol other than Protocol::kTls;
/// kUntrusted if another key answers; kNotFound if the answer is not 200, or not plain;
/// kDeadlineExceeded after `patience`, and kInterrupted if `stop` is set: both at once;
/// kUnavailable otherwise. Needs a process that ignores SIGPIPE.
Result<std::string> FetchStatement(const KeyId& key, const Endpoint& endpoint,
                                   std::chrono::milliseconds patience,
                                   const std::atomic<bool>* stop);

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SHARING_FETCH_STATEMENT_H_
