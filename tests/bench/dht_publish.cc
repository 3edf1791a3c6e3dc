// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What publishing costs: the postings of 100,000 listings from one machine, through real sockets on
// loopback, with a restart in the middle.

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <future>
#include <random>
#include <set>
#include <thread>

#include "dht/peer/peer.h"
#include "dht/peer/record_rules.h"
#include "dht/privacy/publishable.h"
#include "dht/publish/posting_maker.h"
#include "tests/bench/bench.h"

namespace commresolve::bench {
namespace {

using namespace dht;

constexpr size_t kNodes = 32;
constexpr size_t kVocabulary = 20'000;
constexpr size_t kCommonWords = 5;
constexpr size_t kSample = 500;
constexpr double kDay = 86'400;

void Row(const char* what, double value, const char* unit) {
  std::printf("  %-52s %12.1f %s\n", what, value, unit);
  std::fflush(stdout);
}

/// Of this process, in MB.
double Resident() {
  std::ifstream file("/proc/self/statm");
  double pages = 0;
  file >> pages >> pages;
  return pages * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

/// Six words: one that two listings share, and others by Zipf's law.
FoundListing MakeListing(size_t number, std::discrete_distribution<size_t>& zipf,
                         std::mt19937_64& random) {
  FoundListing listing;
  listing.key = KeyId{Sha256("listing " + std::to_string(number))};
  listing.names = {{"www.debian.org", kLeastSightings}};
  listing.score = static_cast<uint8_t>(random());
  std::set<std::string> words = {"name" + std::to_string(number / 2)};
  while (words.size() <= kCommonWords) words.insert("word" + std::to_string(zipf(random)));
  for (const std::string& word : words) {
    listing.words.push_back({word, Field::kOrganization, EvidenceClass::kOrganization});
  }
  return listing;
}

/// A sample of what is in the queue.
struct Wanted {
  DhtKey key{};
  size_t blocks = 0;
};

std::vector<Wanted> Fill(PublishQueue& queue, const std::string& folder, size_t listings) {
  std::mt19937_64 random(1);
  std::vector<double> weights(kVocabulary);
  for (size_t i = 0; i < kVocabulary; ++i) weights[i] = 1.0 / static_cast<double>(i + 1);
  std::discrete_distribution<size_t> zipf(weights.begin(), weights.end());
  PostingMaker maker(folder, {});
  for (size_t i = 0; i < listings; ++i) Need(maker.Add(MakeListing(i, zipf, random)));
  std::vector<Wanted> all;
  const auto update = queue.Replace(RecordType::kPosting, SystemClock().Now());
  Need(maker.Finish([&](PostingSet set) -> Status {
    all.push_back({set.key, (set.entries.size() + kMaxPostings - 1) / kMaxPostings});
    COMMRESOLVE_ASSIGN(content, Content::Of(std::move(set)));
    return update->Put(std::move(content));
  }));
  Need(update->Finish());
  Row("sets of postings", static_cast<double>(maker.counts().sets), "");
  Row("records (blocks)", static_cast<double>(maker.counts().blocks), "");
  std::ranges::shuffle(all, random);
  return all;
}

/// The nodes that store.
class Network {
 public:
  explicit Network(const Clock& clock) {
    for (size_t i = 0; i < kNodes; ++i) {
      NodeOptions options;
      options.engine.rules = RecordRules();
      // As many as there are, they stand for a network in which nobody holds so much of one.
      options.engine.admission.bytes = size_t{1} << 30;
      options.engine.admission.network_bytes = size_t{1} << 30;
      options.engine.requests_per_second = 1e6;
      options.engine.request_burst = 1e6;
      options.bind4 = PeerAddress{*IpAddress::Parse("127.0." + std::to_string(i + 1) + ".1"), 0};
      if (i > 0) options.engine.seeds = {nodes_.front()->Bound(false)};
      nodes_.push_back(Need(Node::Start(std::move(options), clock)));
    }
  }
  [[nodiscard]] PeerAddress seed() const { return nodes_.front()->Bound(false); }
  [[nodiscard]] size_t stored() const {
    size_t sum = 0;
    for (const auto& node : nodes_) sum += node->health().stored_values;
    return sum;
  }

 private:
  std::vector<std::unique_ptr<Node>> nodes_;
};

std::unique_ptr<Peer> StartPublisher(const Network& network, PublishQueue& queue,
                                     const Clock& clock) {
  PeerOptions options;
  options.node.bind4 = PeerAddress{*IpAddress::Parse("127.1.1.1"), 0};
  options.node.engine.seeds = {network.seed()};
  options.publish.postings = true;
  options.signers.secret.fill(7);
  return Need(Peer::Start(std::move(options), queue, clock));
}

/// Waits until at most `left` contents have never been confirmed.
void WaitUntil(const PublishQueue& queue, const Clock& clock, size_t left) {
  while (Need(queue.Counts(clock.Now()))[0].unpublished > left) {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
  }
}

/// Blocks of this publisher under `key`.
size_t BlocksAt(Peer& peer, const DhtKey& key, UnixTime now) {
  std::promise<void> over;
  size_t blocks = 0;
  const auto take = [&](uint16_t /*type*/, std::span<const uint8_t> payload) {
    const std::string_view bytes(reinterpret_cast<const char*>(payload.data()), payload.size());
    blocks += ReadPostingBlock(key, bytes, now).ok() ? 1 : 0;
    return true;
  };
  peer.getter().Get(key, std::chrono::seconds(10), take, [&] { over.set_value(); });
  over.get_future().wait();
  return blocks;
}

void Check(Peer& peer, const std::vector<Wanted>& wanted, UnixTime now) {
  size_t lost = 0;
  size_t twice = 0;
  const size_t looked_at = std::min(kSample, wanted.size());
  for (size_t i = 0; i < looked_at; ++i) {
    const size_t there = BlocksAt(peer, wanted[i].key, now);
    lost += there < wanted[i].blocks ? 1 : 0;
    twice += there > wanted[i].blocks ? 1 : 0;
  }
  Row("sets looked up afterwards", static_cast<double>(looked_at), "");
  Row("  of these with a record missing", static_cast<double>(lost), "at most 0");
  Row("  of these with one too many", static_cast<double>(twice), "at most 0");
}

struct Spent {
  double seconds = 0;
  double packets = 0;
  double bytes = 0;
};

void Add(Spent& spent, double begin, const Health& health) {
  spent.seconds += WallClock() - begin;
  spent.packets += static_cast<double>(health.sent + health.received);
  spent.bytes += static_cast<double>(health.sent_bytes + health.received_bytes);
}

void Run(size_t listings) {
  std::printf("machine: %s\n%zu listings, %zu nodes with real sockets\n\n", Machine().c_str(),
              listings, kNodes);
  const Folder folder;
  const SystemClock clock;
  const Network network(clock);
  auto queue = Need(PublishQueue::Open(folder.path(), clock.Now()));
  const std::vector<Wanted> wanted = Fill(*queue, folder.path(), listings);
  size_t blocks = 0;
  for (const Wanted& set : wanted) blocks += set.blocks;
  const double resident = Resident();

  Spent spent;
  double begin = WallClock();
  auto peer = StartPublisher(network, *queue, clock);
  WaitUntil(*queue, clock, wanted.size() / 2);
  Add(spent, begin, peer->health());
  peer.reset();
  queue.reset();
  queue = Need(PublishQueue::Open(folder.path(), clock.Now()));
  const auto half = Need(queue->Counts(clock.Now()))[0];
  Row("confirmed at the restart", static_cast<double>(half.entries - half.unpublished), "sets");
  begin = WallClock();
  peer = StartPublisher(network, *queue, clock);
  WaitUntil(*queue, clock, 0);
  Add(spent, begin, peer->health());

  const auto records = static_cast<double>(blocks);
  const PutInterval interval = IntervalOf(RecordType::kPosting);
  const double puts_a_day = kDay / (static_cast<double>(interval.least + interval.most) / 2);
  const auto counts = Need(queue->Counts(clock.Now()))[0];
  const auto stored = static_cast<double>(network.stored());
  Row("records a second", records / spent.seconds, "/s");
  Row("packets a record, both ways", spent.packets / records, "");
  Row("bytes a record, both ways", spent.bytes / records, "");
  Row("puts a day of each", puts_a_day, "");
  Row("MB a day to keep all alive", spent.bytes * puts_a_day / 1e6, "");
  Row("replicas of a set, mean",
      static_cast<double>(counts.replicas) / static_cast<double>(counts.entries), "");
  Row("values stored by all nodes", stored, "");
  Row("  bytes of memory each", (Resident() - resident) * 1e6 / stored, "");
  Check(*peer, wanted, clock.Now());
}

}  // namespace
}  // namespace commresolve::bench

int main(int argc, char** argv) {
  const size_t listings = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 100'000;
  commresolve::bench::Run(std::max<size_t>(listings, 1));
  return 0;
}
