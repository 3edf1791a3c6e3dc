// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Members are named as the fields of sharing_service.proto.

#include "cli/json_sharing.h"

#include "cli/json_parts.h"

namespace commresolve::cli {
namespace {

Json AddressOrNull(const dht::PeerAddress& address) {
  if (address.port == 0) return nullptr;
  return {{"address", address.ip.ToString()}, {"port", address.port}};
}

Json HealthObject(const dht::Health& health) {
  Json json;
  json["peers_ipv4"] = health.peers4;
  json["peers_ipv6"] = health.peers6;
  json["networks"] = health.networks;
  json["estimated_size"] = health.estimated_size;
  json["connected"] = health.connected;
  json["zombie"] = health.zombie;
  json["joins"] = health.joins;
  json["stored_values"] = health.stored_values;
  json["stored_bytes"] = health.stored_bytes;
  json["searches"] = health.searches;
  json["received"] = health.received;
  json["sent"] = health.sent;
  json["received_bytes"] = health.received_bytes;
  json["sent_bytes"] = health.sent_bytes;
  Json dropped = Json::array();
  for (size_t i = 1; i < health.dropped.size(); ++i) {
    if (health.dropped[i] == 0) continue;
    dropped.push_back(
        {{"reason", dht::DropName(static_cast<dht::Drop>(i))}, {"packets", health.dropped[i]}});
  }
  json["dropped"] = std::move(dropped);
  json["refused_by_rule"] = health.refused_by_rule;
  json["refused_for_room"] = health.refused_for_room;
  json["faults"] = health.faults;
  return json;
}

Json QueueList(const dht::CountsByType& queue) {
  Json list = Json::array();
  for (size_t i = 0; i < queue.size(); ++i) {
    const dht::QueueCounts& counts = queue[i];
    list.push_back({{"record", dht::RecordKinds()[i].name},
                    {"entries", counts.entries},
                    {"due", counts.due},
                    {"overdue", counts.overdue},
                    {"unpublished", counts.unpublished},
                    {"failing", counts.failing},
                    {"replicas", counts.replicas}});
  }
  return list;
}

void PutAnnouncement(Json& json, const daemon::Announcement& announcement) {
  json["key"] = KeyText(announcement.key);
  json["key_file"] = announcement.key_file;
  json["statement_file"] = announcement.statement_file;
  Json endpoints = Json::array();
  for (const Endpoint& endpoint : announcement.endpoints) {
    Json place;
    PutEndpoint(place, endpoint);
    endpoints.push_back(std::move(place));
  }
  json["endpoints"] = std::move(endpoints);
  json["names"] = announcement.names;
}

void PutState(Json& json, const daemon::PutState& put) {
  json["confirmed"] = put.confirmed;
  json["replicas"] = put.replicas;
  json["next_put"] = TimeOrNull(put.next_put);
  json["problem"] = put.problem;
}

Json AnnouncementList(const std::vector<daemon::AnnouncementState>& states) {
  Json list = Json::array();
  for (const daemon::AnnouncementState& state : states) {
    Json json;
    PutAnnouncement(json, state.announcement);
    PutState(json, state.put);
    list.push_back(std::move(json));
  }
  return list;
}

void PutRollover(Json& json, const daemon::RolloverStatement& rollover) {
  json["key"] = KeyText(rollover.key);
  json["key_file"] = rollover.key_file;
  Json keys = Json::array();
  for (const KeyId& key : rollover.new_keys) keys.push_back(KeyText(key));
  json["new_keys"] = std::move(keys);
  json["from"] = FormatTime(rollover.from);
}

Json RolloverList(const std::vector<daemon::RolloverState>& states) {
  Json list = Json::array();
  for (const daemon::RolloverState& state : states) {
    Json json;
    PutRollover(json, state.rollover);
    PutState(json, state.put);
    list.push_back(std::move(json));
  }
  return list;
}

const char* SpeakerName(dht::Speaker speaker) {
  static constexpr const char* kNames[] = {"owner", "chosen_observer", "publishing_key",
                                           "stranger"};
  return kNames[static_cast<size_t>(speaker)];
}

}  // namespace

std::string SharingStatusJson(const daemon::SharingStatus& status) {
  Json json = Object("sharing_status");
  json["joined"] = status.membership.joined;
  json["postings"] = status.membership.postings;
  json["observations"] = status.membership.observations;
  json["named"] = status.membership.named;
  json["bootstrap"] = status.membership.bootstrap;
  json["running"] = status.running;
  json["problem"] = status.problem;
  json["listens_ipv4"] = AddressOrNull(status.listens4);
  json["listens_ipv6"] = AddressOrNull(status.listens6);
  json["health"] = HealthObject(status.health);
  json["questions"] = status.questions;
  json["queue"] = QueueList(status.queue);
  json["announcements"] = AnnouncementList(status.announcements);
  json["rollovers"] = RolloverList(status.rollovers);
  json["observer"] = status.observer;
  json["pseudonym"] = status.pseudonym;
  json["publishing_key"] = status.publishing_key;
  return Dump(json);
}

std::string PublishReportJson(const daemon::PublishReport& report) {
  Json json = Object("publish_report");
  json["listings"] = report.listings;
  json["withheld"] = report.withheld;
  json["posting_sets"] = report.posting_sets;
  json["observations"] = report.observations;
  json["rare_or_private"] = report.rare_or_private;
  json["changed"] = report.changed;
  json["removed"] = report.removed;
  return Dump(json);
}

std::string AnnouncementJson(const daemon::Announcement& announcement) {
  Json json = Object("announcement");
  PutAnnouncement(json, announcement);
  return Dump(json);
}

std::string PublishingKeyJson(const std::string& publishing_key) {
  Json json = Object("publishing_key");
  json["publishing_key"] = publishing_key;
  return Dump(json);
}

std::string DelegationJson(const dht::Delegation& delegation, const std::string& file) {
  Json json = Object("delegation");
  json["key"] = KeyText(delegation.subject);
  json["publishing_key"] = ObserverText({delegation.publishing_key});
  json["from"] = FormatTime(delegation.valid_from);
  json["until"] = FormatTime(delegation.valid_until);
  json["file"] = file;
  return Dump(json);
}

std::string RolloverJson(const daemon::RolloverStatement& rollover) {
  Json json = Object("rollover");
  PutRollover(json, rollover);
  return Dump(json);
}

std::string LookupRowJson(const daemon::LookupRow& row) {
  Json json = Object("lookup_row");
  PutFacts(json, row.certificate);
  PutChain(json, row.certificate.public_chain);
  PutEndpoint(json, row.endpoint);
  json["proved_at"] = FormatTime(row.proved_at);
  json["tier"] = StandingName(row.standing);
  json["finders"] = row.finders;
  json["good_finders"] = row.good_finders;
  json["told_by"] = SpeakerName(row.told_by);
  return Dump(json);
}

std::string LookupSummaryJson(const daemon::LookupSummary& summary) {
  Json json = Object("lookup_summary");
  json["claimed"] = summary.claimed;
  json["proved"] = summary.proved;
  json["nowhere"] = summary.nowhere;
  json["unreachable"] = summary.unreachable;
  json["lied"] = summary.lied;
  json["complete"] = summary.complete;
  json["too_common"] = summary.too_common;
  json["values"] = summary.values;
  json["bytes"] = summary.bytes;
  return Dump(json);
}

std::string ObserverJson(const NamedObserver& observer) {
  Json json = Object("observer");
  json["key"] = ObserverText(observer.id);
  json["trust"] = observer.trust;
  json["name"] = observer.name;
  return Dump(json);
}

}  // namespace commresolve::cli
