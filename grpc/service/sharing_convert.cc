// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Field by field, in the order of sharing_service.proto.

#include "grpc/service/sharing_convert.h"

#include "resolver/keyword/fold.h"
#include "resolver/keyword/host_name.h"

namespace commresolve::daemon {
namespace {

void FillAddress(const dht::PeerAddress& address, proto::PeerAddress* message) {
  message->set_address(address.ip.ToString());
  message->set_port(address.port);
}

void Fill(const dht::Health& health, proto::NodeHealth* message) {
  message->set_peers_ipv4(health.peers4);
  message->set_peers_ipv6(health.peers6);
  message->set_networks(health.networks);
  message->set_estimated_size(health.estimated_size);
  message->set_connected(health.connected);
  message->set_zombie(health.zombie);
  message->set_joins(health.joins);
  message->set_stored_values(health.stored_values);
  message->set_stored_bytes(health.stored_bytes);
  message->set_searches(health.searches);
  message->set_received(health.received);
  message->set_sent(health.sent);
  message->set_received_bytes(health.received_bytes);
  message->set_sent_bytes(health.sent_bytes);
  for (size_t i = 1; i < health.dropped.size(); ++i) {
    if (health.dropped[i] == 0) continue;
    proto::DroppedPackets* const dropped = message->add_dropped();
    dropped->set_reason(ToProto(static_cast<dht::Drop>(i)));
    dropped->set_packets(health.dropped[i]);
  }
  message->set_refused_by_rule(health.refused_by_rule);
  message->set_refused_for_room(health.refused_for_room);
  message->set_faults(health.faults);
}

void Fill(const dht::QueueCounts& counts, proto::QueueCounts* message) {
  message->set_entries(counts.entries);
  message->set_due(counts.due);
  message->set_overdue(counts.overdue);
  message->set_unpublished(counts.unpublished);
  message->set_failing(counts.failing);
  message->set_replicas(counts.replicas);
}

template <class Message>
void FillPut(const PutState& put, Message* message) {
  message->set_confirmed(put.confirmed);
  message->set_replicas(put.replicas);
  message->set_next_put(put.next_put);
  message->set_problem(ValidUtf8(put.problem));
}

Error Wrong(const std::string& what) { return {Code::kInvalidArgument, what}; }

Result<Endpoint> EndpointOf(const proto::Endpoint& message) {
  const auto ip = IpAddress::Parse(message.address());
  if (!ip.ok()) return Wrong("endpoints: '" + message.address() + "' is no IP address");
  if (message.port() == 0 || message.port() > UINT16_MAX) return Wrong("endpoints: bad port");
  COMMRESOLVE_ASSIGN(protocol, FromProto(message.protocol()));
  Endpoint endpoint{*ip, static_cast<uint16_t>(message.port()), Protocol::kTls, ""};
  endpoint.protocol = protocol.value_or(DefaultProtocol(endpoint.port));
  if (message.server_name().empty()) return endpoint;
  COMMRESOLVE_ASSIGN(name, NormaliseHostName(message.server_name()));
  if (name.starts_with('*')) return Wrong("endpoints: '" + name + "' is a pattern, not one host");
  endpoint.server_name = std::move(name);
  return endpoint;
}

}  // namespace

proto::RecordType ToProto(dht::RecordType type) {
  return static_cast<proto::RecordType>(static_cast<int>(type) -
                                        static_cast<int>(dht::RecordType::kPosting) +
                                        static_cast<int>(proto::RECORD_TYPE_POSTING));
}

proto::DropReason ToProto(dht::Drop drop) {
  return static_cast<proto::DropReason>(static_cast<int>(drop));
}

proto::Speaker ToProto(dht::Speaker speaker) {
  return static_cast<proto::Speaker>(static_cast<int>(speaker) + 1);
}

void Fill(const SharingStatus& status, proto::GetStatusResponse* message) {
  message->set_joined(status.membership.joined);
  message->set_postings(status.membership.postings);
  message->set_observations(status.membership.observations);
  message->set_named(status.membership.named);
  message->set_observer(status.observer);
  for (const std::string& node : status.membership.bootstrap) message->add_bootstrap(node);
  message->set_running(status.running);
  message->set_problem(ValidUtf8(status.problem));
  if (status.listens4.port != 0) FillAddress(status.listens4, message->mutable_listens_ipv4());
  if (status.listens6.port != 0) FillAddress(status.listens6, message->mutable_listens_ipv6());
  Fill(status.health, message->mutable_health());
  message->set_questions(status.questions);
  for (size_t i = 0; i < status.queue.size(); ++i) {
    proto::QueueCounts* const counts = message->add_queue();
    counts->set_record(ToProto(dht::RecordKinds()[i].type));
    Fill(status.queue[i], counts);
  }
  for (const AnnouncementState& state : status.announcements) {
    proto::AnnouncementState* const told = message->add_announcements();
    Fill(state.announcement, told->mutable_announcement());
    FillPut(state.put, told);
  }
  for (const RolloverState& state : status.rollovers) {
    proto::RolloverState* const told = message->add_rollovers();
    Fill(state.rollover, told->mutable_rollover());
    FillPut(state.put, told);
  }
  message->set_pseudonym(status.pseudonym);
  message->set_publishing_key(status.publishing_key);
}

void Fill(const PublishReport& report, proto::PublishResponse* message) {
  message->set_listings(report.listings);
  message->set_withheld(report.withheld);
  message->set_posting_sets(report.posting_sets);
  message->set_observations(report.observations);
  message->set_rare_or_private(report.rare_or_private);
  message->set_changed(report.changed);
  message->set_removed(report.removed);
}

void Fill(const Announcement& announcement, proto::Announcement* message) {
  message->set_key(std::string(announcement.key.view()));
  message->set_key_file(ValidUtf8(announcement.key_file));
  message->set_statement_file(ValidUtf8(announcement.statement_file));
  for (const Endpoint& endpoint : announcement.endpoints) Fill(endpoint, message->add_endpoints());
  for (const std::string& name : announcement.names) message->add_names(name);
}

void Fill(const RolloverStatement& rollover, proto::Rollover* message) {
  message->set_key(std::string(rollover.key.view()));
  message->set_key_file(ValidUtf8(rollover.key_file));
  for (const KeyId& key : rollover.new_keys) message->add_new_keys(std::string(key.view()));
  message->set_from(rollover.from);
}

void Fill(const LookupRow& row, proto::LookupRow* message) {
  Fill(row.certificate, message->mutable_certificate());
  Fill(row.endpoint, message->mutable_endpoint());
  message->set_proved_at(row.proved_at);
  message->set_tier(ToProto(row.standing.tier));
  message->set_revoked(row.standing.revoked);
  message->set_finders(row.finders);
  message->set_good_finders(row.good_finders);
  message->set_told_by(ToProto(row.told_by));
}

void Fill(const LookupSummary& summary, proto::LookupSummary* message) {
  message->set_claimed(summary.claimed);
  message->set_proved(summary.proved);
  message->set_nowhere(summary.nowhere);
  message->set_unreachable(summary.unreachable);
  message->set_lied(summary.lied);
  message->set_complete(summary.complete);
  message->set_too_common(summary.too_common);
  message->set_values(summary.values);
  message->set_bytes(summary.bytes);
}

Result<Announcement> FromProto(const proto::AnnounceRequest& request) {
  const bool vouched = !request.statement_file().empty();
  if (vouched && !request.key_file().empty()) return Wrong("statement_file: is beside a key_file");
  if (!(vouched ? request.statement_file() : request.key_file()).starts_with('/')) {
    return Wrong(std::string(vouched ? "statement_file" : "key_file") +
                 ": is not an absolute path");
  }
  Announcement announcement;
  announcement.key_file = request.key_file();
  announcement.statement_file = request.statement_file();
  for (const proto::Endpoint& told : request.endpoints()) {
    COMMRESOLVE_ASSIGN(endpoint, EndpointOf(told));
    announcement.endpoints.push_back(std::move(endpoint));
  }
  for (const std::string& told : request.names()) {
    COMMRESOLVE_ASSIGN(name, NormaliseHostName(told));
    announcement.names.push_back(std::move(name));
  }
  return announcement;
}

Result<RolloverStatement> FromProto(const proto::AnnounceRolloverRequest& request) {
  if (!request.key_file().starts_with('/')) return Wrong("key_file: is not an absolute path");
  if (request.from() < 0) return Wrong("from: is before 1970");
  RolloverStatement rollover;
  rollover.key_file = request.key_file();
  rollover.from = request.from();
  for (const std::string& told : request.new_keys()) {
    const auto key = DigestFromBytes<KeyId>(told);
    if (!key.ok()) return Wrong("new_keys: " + key.error().message);
    rollover.new_keys.push_back(*key);
  }
  return rollover;
}

}  // namespace commresolve::daemon
