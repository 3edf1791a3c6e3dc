// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// NameRecords: what the snapshot says about the bound names.

#ifndef COMMRESOLVE_GRPC_DAEMON_NAME_RECORDS_H_
#define COMMRESOLVE_GRPC_DAEMON_NAME_RECORDS_H_

#include <functional>
#include <optional>
#include <vector>

#include "grpc/snapshot/snapshot.h"
#include "resolver/config/config.h"
#include "resolver/trust/known_certs.h"

namespace commresolve::daemon {

using KeyLookup = std::function<Result<std::optional<Candidate>>(const KeyId& key)>;

/// The records of every binding that has an address whose proof is younger than max_age: its words
/// under the suffix and, with bare_names, without it (in every order, for up to three words; sorted
/// for more); the names of its keys; and with dns_names the DNS names that it may answer for
/// (docs/names.md), unless two bindings with different keys could. One address of each family, TLS
/// from the first byte before others, then the latest proof. A binding whose words are hashed has
/// only the names of its keys. Errors are those of `find_key`.
Result<std::vector<SnapshotRecord>> NameRecords(const KnownCerts& known, const Config& config,
                                                UnixTime now, const KeyLookup& find_key);

/// True if whoever remembers the answers of `before` gives those of `now`: the same names with the
/// same addresses, whenever they were proved.
bool SameAnswers(const std::vector<SnapshotRecord>& before, const std::vector<SnapshotRecord>& now);

/// The addresses that a binding's keys proved, as in a record; none if no proof is young enough.
Result<SnapshotRecord> ProvedAddresses(const std::vector<KeyId>& keys, const Config& config,
                                       UnixTime now, const KeyLookup& find_key);

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_DAEMON_NAME_RECORDS_H_
