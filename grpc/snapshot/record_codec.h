// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One record as bytes: what stands in a snapshot, and in a reply at the socket.

#ifndef COMMRESOLVE_GRPC_SNAPSHOT_RECORD_CODEC_H_
#define COMMRESOLVE_GRPC_SNAPSHOT_RECORD_CODEC_H_

#include <span>
#include <string>
#include <string_view>

#include "grpc/snapshot/snapshot.h"
#include "nss-module/wire.h"

namespace commresolve {

/// The normal form of a name that may be bound, as BuildSnapshot() says. `host_names` are in normal
/// form.
Result<std::string> NormaliseRecordName(std::string_view name,
                                        std::span<const std::string> host_names);

/// kInvalidArgument if a family has more than 16 addresses.
Status CheckAddresses(const SnapshotRecord& record);

/// Appends `record`, whose names are in normal form and whose addresses were checked.
void AppendRecord(const SnapshotRecord& record, const nss::SipKey& key, std::string* to);

/// The inverse, of a record that nss::ReadRecord() took.
SnapshotRecord TakeRecord(const nss::Record& record);

}  // namespace commresolve

#endif  // COMMRESOLVE_GRPC_SNAPSHOT_RECORD_CODEC_H_
