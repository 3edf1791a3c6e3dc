// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From messages to what sharing.h speaks of, in the order of sharing_service.proto.

#include "grpc/service/sharing_convert.h"
#include "grpc/service/unpack.h"

namespace commresolve::daemon {
namespace {

Result<dht::PeerAddress> UnpackAddress(const proto::PeerAddress& message) {
  const auto ip = IpAddress::Parse(message.address());
  if (!ip.ok()) return BadMessage("listens.address");
  if (message.port() == 0 || message.port() > UINT16_MAX) return BadMessage("listens.port");
  return dht::PeerAddress{*ip, static_cast<uint16_t>(message.port())};
}

Result<dht::Health> UnpackHealth(const proto::NodeHealth& message) {
  dht::Health health;
  health.peers4 = message.peers_ipv4();
  health.peers6 = message.peers_ipv6();
  health.networks = message.networks();
  health.estimated_size = message.estimated_size();
  health.connected = message.connected();
  health.zombie = message.zombie();
  health.joins = message.joins();
  health.stored_values = message.stored_values();
  health.stored_bytes = message.stored_bytes();
  health.searches = message.searches();
  health.received = message.received();
  health.sent = message.sent();
  health.received_bytes = message.received_bytes();
  health.sent_bytes = message.sent_bytes();
  for (const proto::DroppedPackets& told : message.dropped()) {
    const auto reason = static_cast<size_t>(told.reason());
    if (reason == 0 || reason >= health.dropped.size()) return BadMessage("health.dropped");
    health.dropped[reason] = told.packets();
  }
  health.refused_by_rule = message.refused_by_rule();
  health.refused_for_room = message.refused_for_room();
  health.faults = message.faults();
  return health;
}

Status UnpackCounts(const proto::QueueCounts& message, dht::CountsByType& queue) {
  for (size_t i = 0; i < queue.size(); ++i) {
    if (message.record() != ToProto(dht::RecordKinds()[i].type)) continue;
    queue[i] = {message.entries(),     message.due(),     message.overdue(),
                message.unpublished(), message.failing(), message.replicas()};
    return {};
  }
  return BadMessage("queue.record");
}

template <class Message>
PutState UnpackPut(const Message& message) {
  return {message.confirmed(), message.replicas(), message.next_put(), message.problem()};
}

}  // namespace

Result<SharingStatus> Unpack(const proto::GetStatusResponse& message) {
  SharingStatus status;
  status.membership = {message.joined(),
                       message.postings(),
                       message.observations(),
                       message.named(),
                       {message.bootstrap().begin(), message.bootstrap().end()}};
  status.running = message.running();
  status.problem = message.problem();
  if (message.has_listens_ipv4()) {
    COMMRESOLVE_ASSIGN(listens, UnpackAddress(message.listens_ipv4()));
    status.listens4 = listens;
  }
  if (message.has_listens_ipv6()) {
    COMMRESOLVE_ASSIGN(listens, UnpackAddress(message.listens_ipv6()));
    status.listens6 = listens;
  }
  COMMRESOLVE_ASSIGN(health, UnpackHealth(message.health()));
  status.health = health;
  status.questions = message.questions();
  for (const proto::QueueCounts& counts : message.queue()) {
    COMMRESOLVE_TRY(UnpackCounts(counts, status.queue));
  }
  for (const proto::AnnouncementState& told : message.announcements()) {
    COMMRESOLVE_ASSIGN(announcement, Unpack(told.announcement()));
    status.announcements.push_back({std::move(announcement), UnpackPut(told)});
  }
  for (const proto::RolloverState& told : message.rollovers()) {
    COMMRESOLVE_ASSIGN(rollover, Unpack(told.rollover()));
    status.rollovers.push_back({std::move(rollover), UnpackPut(told)});
  }
  status.observer = message.observer();
  status.pseudonym = message.pseudonym();
  status.publishing_key = message.publishing_key();
  return status;
}

PublishReport Unpack(const proto::PublishResponse& message) {
  return {message.listings(),     message.withheld(),        message.posting_sets(),
          message.observations(), message.rare_or_private(), message.changed(),
          message.removed()};
}

Result<Announcement> Unpack(const proto::Announcement& message) {
  const auto key = DigestFromBytes<KeyId>(message.key());
  if (!key.ok()) return BadMessage("announcement.key");
  Announcement announcement{*key, message.key_file(), {}, {}, message.statement_file()};
  for (const proto::Endpoint& told : message.endpoints()) {
    COMMRESOLVE_ASSIGN(endpoint, Unpack(told));
    announcement.endpoints.push_back(std::move(endpoint));
  }
  announcement.names = {message.names().begin(), message.names().end()};
  return announcement;
}

Result<RolloverStatement> Unpack(const proto::Rollover& message) {
  const auto key = DigestFromBytes<KeyId>(message.key());
  if (!key.ok()) return BadMessage("rollover.key");
  RolloverStatement rollover{*key, message.key_file(), {}, message.from()};
  for (const std::string& told : message.new_keys()) {
    const auto new_key = DigestFromBytes<KeyId>(told);
    if (!new_key.ok()) return BadMessage("rollover.new_keys");
    rollover.new_keys.push_back(*new_key);
  }
  return rollover;
}

Result<LookupRow> Unpack(const proto::LookupRow& message) {
  COMMRESOLVE_ASSIGN(certificate, Unpack(message.certificate()));
  COMMRESOLVE_ASSIGN(endpoint, Unpack(message.endpoint()));
  COMMRESOLVE_ASSIGN(tier, UnpackTier(message.tier()));
  if (message.told_by() == proto::SPEAKER_UNSPECIFIED ||
      !proto::Speaker_IsValid(message.told_by())) {
    return BadMessage("row.told_by");
  }
  LookupRow row;
  row.certificate = std::move(certificate);
  row.endpoint = std::move(endpoint);
  row.proved_at = message.proved_at();
  row.standing = {tier, message.revoked(), {}};
  row.finders = message.finders();
  row.good_finders = message.good_finders();
  row.told_by = static_cast<dht::Speaker>(static_cast<int>(message.told_by()) - 1);
  return row;
}

LookupSummary Unpack(const proto::LookupSummary& message) {
  return {message.claimed(),     message.proved(), message.nowhere(),
          message.unreachable(), message.lied(),   message.complete(),
          message.too_common(),  message.values(), message.bytes()};
}

}  // namespace commresolve::daemon
