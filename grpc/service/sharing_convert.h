// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Between what sharing.h speaks of and the messages of sharing_service.proto. Pure.

#ifndef COMMRESOLVE_GRPC_SERVICE_SHARING_CONVERT_H_
#define COMMRESOLVE_GRPC_SERVICE_SHARING_CONVERT_H_

#include <string>

#include "commresolve/v1/sharing_service.pb.h"
#include "grpc/service/convert.h"
#include "grpc/sharing/sharing.h"

namespace commresolve::daemon {

proto::RecordType ToProto(dht::RecordType type);
proto::DropReason ToProto(dht::Drop drop);
proto::Speaker ToProto(dht::Speaker speaker);

void Fill(const SharingStatus& status, proto::GetStatusResponse* message);
void Fill(const PublishReport& report, proto::PublishResponse* message);
void Fill(const Announcement& announcement, proto::Announcement* message);
void Fill(const RolloverStatement& rollover, proto::Rollover* message);
void Fill(const LookupRow& row, proto::LookupRow* message);
void Fill(const LookupSummary& summary, proto::LookupSummary* message);

/// What is to be announced, its key empty. kInvalidArgument, naming the field, for a path that is
/// not absolute, an address, port, protocol or server name that is none, and a name that is no host
/// name. A protocol that is left out is that of the port.
Result<Announcement> FromProto(const proto::AnnounceRequest& request);
/// What is to be said, its key empty. kInvalidArgument, naming the field, for a path that is not
/// absolute, a key that is none, and a time before 1970.
Result<RolloverStatement> FromProto(const proto::AnnounceRolloverRequest& request);

// The inverse of Fill(). Each returns kCorrupt, naming the field, for what no daemon of this
// version sends.

Result<SharingStatus> Unpack(const proto::GetStatusResponse& message);
PublishReport Unpack(const proto::PublishResponse& message);
Result<Announcement> Unpack(const proto::Announcement& message);
Result<RolloverStatement> Unpack(const proto::Rollover& message);
Result<LookupRow> Unpack(const proto::LookupRow& message);
LookupSummary Unpack(const proto::LookupSummary& message);

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SERVICE_SHARING_CONVERT_H_
