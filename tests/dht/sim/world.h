// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// World: a network of our nodes that come and go, with records that are published and looked up.

#ifndef COMMRESOLVE_TESTS_DHT_SIM_WORLD_H_
#define COMMRESOLVE_TESTS_DHT_SIM_WORLD_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/dht/sim/network.h"
#include "tests/dht/sim/test_record.h"
#include "tests/dht/sim/virtual_clock.h"

namespace commresolve::sim {

constexpr uint32_t kTestNetwork = 0x63727431;

/// Times of virtual milliseconds, in order.
class Times {
 public:
  void Add(std::chrono::nanoseconds time);
  /// The value that `share` of all do not exceed; 0 of none.
  [[nodiscard]] double At(double share) const;
  [[nodiscard]] size_t count() const { return all_.size(); }

 private:
  std::vector<double> all_;
};

/// What came of a number of lookups or puts.
struct Figures {
  size_t asked = 0;
  size_t found = 0;     ///< Or confirmed.
  size_t stale = 0;     ///< An older record than the newest was all that came.
  size_t wrong = 0;     ///< Something that the owner never published was believed.
  Times first;          ///< Until the first good value.
  Times done;           ///< Until the end.
  double packets = 0;   ///< In the whole network, for one of them, without what idling costs.
  double replicas = 0;  ///< Mean.
};

class World {
 public:
  explicit World(Links links = {}, uint64_t seed = 1);

  /// Adds `count` nodes, one every `apart`. Each knows the first node as its seed, and three others
  /// as a list of an earlier run would name them.
  void Grow(size_t count, milliseconds apart = milliseconds(50));
  /// One more node at the next free address; returns its place in nodes().
  size_t AddNode(dht::EngineOptions options = {});
  void Kill(size_t place) { nodes_[place].reset(); }
  /// The node at `place` goes, and a new one with another address comes in its stead.
  void Replace(size_t place);
  /// A place of a living node of `who`; empty for all.
  using Who = std::function<bool(const SimNode&)>;
  size_t Anybody(const Who& who = {});
  [[nodiscard]] size_t alive() const;
  /// Empty places are nodes that are gone.
  std::vector<std::unique_ptr<SimNode>>& nodes() { return nodes_; }
  Network& network() { return network_; }
  VirtualClock& clock() { return clock_; }
  [[nodiscard]] size_t NextAddress() { return next_address_++; }

  /// `record` is put by the node at `place`.
  void Put(size_t place, const TestRecord& record, dht::PutDone done);
  /// Records 0 to count - 1 with `sequence`, each put by anybody of `who`, `at_once` at a
  /// time.
  Figures Publish(size_t count, uint64_t sequence, size_t at_once = 10, const Who& who = {});
  /// Looks for the same. Believes the highest sequence number.
  Figures LookUp(size_t count, uint64_t sequence, size_t at_once = 10, const Who& who = {});
  /// Packets a second while nothing is asked.
  double IdleRate(std::chrono::seconds time);

  /// A wire client that knows three nodes.
  SimWire& AddWire();
  /// As Publish() and LookUp(), all by `wire`.
  Figures PublishBy(SimWire& wire, size_t count, uint64_t sequence, size_t at_once = 32);
  Figures LookUpBy(SimWire& wire, size_t count, uint64_t sequence, size_t at_once = 32);
  /// Puts records 0 to count - 1 from now on, each by one of ten wire clients, which stay, once in
  /// `period`, more or less.
  void KeepPublished(size_t count, uint64_t sequence, std::chrono::minutes period);
  /// Replaces every node after a time that is `mean_session` on average, again and again.
  void Churn(std::chrono::minutes mean_session);

  [[nodiscard]] static TestRecord Record(size_t number, uint64_t sequence);

  /// Sums over the living nodes.
  [[nodiscard]] uint64_t Dropped(dht::Drop drop) const;
  [[nodiscard]] uint64_t Faults() const;

 private:
  void PutAgain(SimWire& wire, size_t number, uint64_t sequence, std::chrono::minutes period);
  void ReplaceLater(size_t place, std::chrono::minutes mean_session);
  std::unique_ptr<SimNode> MakeNode(dht::EngineOptions options);
  std::pair<dht::OnValue, dht::GetDone> Judge(Figures& figures, size_t number, uint64_t sequence,
                                              std::function<void()> over);
  Figures Run(size_t count, size_t at_once,
              const std::function<void(size_t number, Figures& figures,
                                       std::function<void()> over)>& begin);

  VirtualClock clock_;
  Network network_;
  std::vector<std::unique_ptr<SimNode>> nodes_;
  std::vector<std::unique_ptr<SimWire>> wires_;
  size_t next_address_ = 1;
};

}  // namespace commresolve::sim

#endif  // COMMRESOLVE_TESTS_DHT_SIM_WORLD_H_
