// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `dht status`: is this machine a part of the network, what is published, and what is wrong.

#include <numeric>

#include "cli/commands.h"
#include "cli/json_sharing.h"

namespace commresolve::cli {
namespace {

constexpr size_t kLabel = 20;

std::string AddressText(const dht::PeerAddress& address) {
  const std::string ip = address.ip.ToString();
  return (address.ip.is_v6() ? "[" + ip + "]" : ip) + ":" + std::to_string(address.port);
}

std::string List(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ", ") + item;
  return text.empty() ? "-" : text;
}

std::string Many(uint64_t number, const std::string& one) {
  return std::to_string(number) + " " + one + (number == 1 ? "" : "s");
}

void PrintState(const Terminal& terminal, const daemon::SharingStatus& status) {
  const auto line = [&terminal](Color color, const std::string& text) {
    terminal.Line("state" + std::string(kLabel - 5, ' ') + terminal.Paint(color, text));
  };
  if (!status.membership.joined) return line(Color::kDim, "not joined");
  if (!status.running) return line(Color::kBad, "joined, but not running");
  if (status.health.zombie) {
    return line(Color::kBad,
                "zombie: nothing came back for five minutes; the address of this machine has "
                "changed, or a firewall shuts UDP");
  }
  if (!status.health.connected) return line(Color::kWarning, "joined, no peer has answered yet");
  line(Color::kGood, "joined, connected");
}

std::string Dropped(const dht::Health& health) {
  const uint64_t all =
      std::accumulate(health.dropped.begin() + 1, health.dropped.end(), uint64_t{0});
  std::vector<std::string> reasons;
  for (size_t i = 1; i < health.dropped.size(); ++i) {
    if (health.dropped[i] == 0) continue;
    reasons.push_back(std::to_string(health.dropped[i]) + " " +
                      dht::DropName(static_cast<dht::Drop>(i)));
  }
  return Many(all, "packet") + (reasons.empty() ? "" : " (" + List(reasons) + ")");
}

void PrintHealth(const Terminal& terminal, const daemon::SharingStatus& status) {
  const auto line = [&terminal](const std::string& label, const std::string& text) {
    terminal.Line(label + std::string(kLabel - label.size(), ' ') + text);
  };
  const dht::Health& health = status.health;
  std::vector<std::string> listens;
  for (const dht::PeerAddress* address : {&status.listens4, &status.listens6}) {
    if (address->port != 0) listens.push_back(AddressText(*address));
  }
  line("listens", List(listens));
  line("peers", std::to_string(health.peers4) + " over IPv4, " + std::to_string(health.peers6) +
                    " over IPv6, in " + Many(health.networks, "network"));
  line("estimated size", Many(health.estimated_size, "node"));
  line("stored for all",
       Many(health.stored_values, "record") + ", " + Many(health.stored_bytes, "byte"));
  line("asked peers", Many(status.questions, "question"));
  line("received", Many(health.received, "packet") + ", " + Many(health.received_bytes, "byte"));
  line("sent", Many(health.sent, "packet") + ", " + Many(health.sent_bytes, "byte"));
  line("dropped", Dropped(health));
  line("refused", Many(health.refused_by_rule, "record") + " that break a rule, " +
                      std::to_string(health.refused_for_room) + " for want of room");
  if (health.faults != 0) line("faults", std::to_string(health.faults));
}

void PrintQueue(const Terminal& terminal, const dht::CountsByType& queue) {
  std::vector<std::vector<std::string>> rows;
  for (size_t i = 0; i < queue.size(); ++i) {
    const dht::QueueCounts& counts = queue[i];
    if (counts.entries == 0) continue;
    std::vector<std::string> row = {dht::RecordKinds()[i].name};
    for (const size_t number : {counts.entries, counts.due, counts.unpublished, counts.failing,
                                counts.overdue, counts.replicas}) {
      row.push_back(std::to_string(number));
    }
    rows.push_back(std::move(row));
  }
  if (rows.empty()) return;
  terminal.Line("");
  terminal.Table({"PUBLISHED", "ENTRIES", "DUE", "NEVER PUT", "FAILING", "LOST", "REPLICAS"}, rows);
}

std::string StateText(const daemon::PutState& state, UnixTime now) {
  if (!state.problem.empty()) return state.problem;
  if (!state.confirmed) return "not put yet";
  const std::string next = state.next_put <= now ? "now" : "in " + FormatAge(state.next_put - now);
  return "on " + Many(state.replicas, "node") + ", again " + next;
}

void PrintAnnouncements(const Context& context, const Terminal& terminal,
                        const std::vector<daemon::AnnouncementState>& states) {
  if (states.empty()) return;
  std::vector<std::vector<std::string>> rows;
  for (const daemon::AnnouncementState& state : states) {
    std::vector<std::string> places;
    places.reserve(state.announcement.endpoints.size());
    for (const Endpoint& place : state.announcement.endpoints) places.push_back(place.ToString());
    std::vector<std::string> row = {
        KeyShort(state.announcement.key), List(state.announcement.names),
        places.empty() ? "withdrawn" : List(places), StateText(state.put, context.now()),
        state.announcement.key_file + state.announcement.statement_file};
    for (std::string& cell : row) cell = Printable(cell);
    rows.push_back(std::move(row));
  }
  terminal.Line("");
  terminal.Table({"ANNOUNCED", "NAMES", "AT", "STATE", "FILE"}, rows);
}

void PrintRollovers(const Context& context, const Terminal& terminal,
                    const std::vector<daemon::RolloverState>& states) {
  if (states.empty()) return;
  std::vector<std::vector<std::string>> rows;
  for (const auto& [said, put] : states) {
    std::vector<std::string> keys;
    keys.reserve(said.new_keys.size());
    for (const KeyId& key : said.new_keys) keys.push_back(KeyShort(key));
    std::vector<std::string> row = {KeyShort(said.key), keys.empty() ? "withdrawn" : List(keys),
                                    FormatTime(said.from), StateText(put, context.now()),
                                    said.key_file};
    for (std::string& cell : row) cell = Printable(cell);
    rows.push_back(std::move(row));
  }
  terminal.Line("");
  terminal.Table({"OLD KEY", "MAY BE FOLLOWED BY", "FROM", "STATE", "KEY FILE"}, rows);
}

void Print(Context& context, const daemon::SharingStatus& status) {
  const Terminal& terminal = context.terminal();
  const auto line = [&terminal](const std::string& label, const std::string& text) {
    terminal.Line(label + std::string(kLabel - label.size(), ' ') + Printable(text));
  };
  PrintState(terminal, status);
  if (!status.problem.empty()) line("problem", status.problem);
  if (status.running) PrintHealth(terminal, status);
  if (!status.membership.bootstrap.empty()) line("begins at", List(status.membership.bootstrap));
  line("publishes", std::string("postings ") + (status.membership.postings ? "yes" : "no") +
                        ", observations " + (status.membership.observations ? "yes" : "no"));
  if (!status.observer.empty()) line("observer", status.observer);
  if (!status.pseudonym.empty()) line("pseudonym", status.pseudonym);
  if (!status.publishing_key.empty()) line("publishing key", status.publishing_key);
  PrintQueue(terminal, status.queue);
  PrintAnnouncements(context, terminal, status.announcements);
  PrintRollovers(context, terminal, status.rollovers);
}

Result<daemon::SharingStatus> Ask(Context& context) {
  COMMRESOLVE_ASSIGN(sharing, context.sharing());
  return sharing->GetStatus();
}

}  // namespace

ExitCode RunDhtStatus(Context& context) {
  const auto status = Ask(context);
  if (!status.ok()) return context.Fail(status.error());
  if (context.json()) {
    context.terminal().Line(SharingStatusJson(*status));
  } else {
    Print(context, *status);
    if (!status->membership.joined) context.terminal().Note("hint: commresolve dht join");
  }
  return status->membership.joined ? ExitCode::kFound : ExitCode::kNone;
}

}  // namespace commresolve::cli
