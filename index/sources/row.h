// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a row of JSON Lines says about where and when a certificate was seen.

#ifndef COMMRESOLVE_INDEX_SOURCES_ROW_H_
#define COMMRESOLVE_INDEX_SOURCES_ROW_H_

#include "index/sources/json_row.h"
#include "resolver/base/clock.h"
#include "resolver/base/result.h"
#include "resolver/endpoint.h"

namespace commresolve::index {

/// True if the row is an observation, or carries a certificate; false for rows of another kind.
bool IsObservation(const JsonRow& row);

/// True for role "client"; kInvalidArgument for an unknown role.
Result<bool> IsClient(const JsonRow& row);

/// The endpoint of a row with `ip`. The protocol is that of `starttls`, else of `transport`.
/// "http-connect" is tls: the address is the proxy's, and the certificate answers behind it. An SNI
/// that is no host name is left out. kInvalidArgument, naming the field, for what makes no sense.
Result<Endpoint> EndpointOf(const JsonRow& row);

/// `time`, or `now` if there is none; one that is at most a day ahead of `now` (a clock that is
/// fast) is `now`. kInvalidArgument if it cannot be read or is later still: it would count as the
/// newest for ever.
Result<UnixTime> TimeOf(const JsonRow& row, UnixTime now);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SOURCES_ROW_H_
