// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The property that must hold: whatever certificates attackers make, and wherever they put them,
// the answer for a name is unchanged or becomes a refusal. It is never another server.

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "resolver/resolver.h"
#include "tests/fakes/certificates.h"
#include "tests/resolver/memory_evidence.h"

namespace commresolve {
namespace {

using fakes::KnownCertificate;
using fakes::MemoryEvidence;
using fakes::TestCa;
using fakes::TestCertificate;

constexpr const char* kWords = "debian bugs";
constexpr const char* kHost = "bugs.debian.org";
constexpr UnixTime kLongAgo = 30 * 86'400;

/// What a server at an address shows, and whether it holds the key.
struct FakeServer {
  const KnownCertificate* certificate = nullptr;
  bool holds_key = false;
};

/// The internet as one map. Nobody can prove a key that he does not hold.
class FakeNetwork final : public Transport {
 public:
  explicit FakeNetwork(const Clock& clock) : clock_(clock) {}
  std::map<std::pair<IpAddress, uint16_t>, FakeServer> servers;

  RaceResult Race(const std::vector<Endpoint>& endpoints, const ProbeOptions&,
                  const AcceptHandshake& accept) override {
    RaceResult result;
    for (const Endpoint& endpoint : endpoints) {
      const auto found = servers.find({endpoint.ip, endpoint.port});
      if (found == servers.end() || !found->second.holds_key) {
        result.losers.push_back({endpoint, Error{Code::kUnavailable, "no proof"}});
        continue;
      }
      const KnownCertificate& shown = *found->second.certificate;
      Handshake shake{endpoint, clock_.Now(), shown.facts.key, shown.chain, "TLSv1.3", "test"};
      if (!result.winner && accept(shake)) {
        result.winner = RaceWinner{std::move(shake), nullptr};
      } else {
        result.losers.push_back({endpoint, std::move(shake)});
      }
    }
    return result;
  }

 private:
  const Clock& clock_;
};

/// DNS in the attacker's hands: every name leads to addresses of his choice.
class LyingDns final : public AddressLookup {
 public:
  std::vector<IpAddress> addresses;
  std::vector<LookupAnswer> Lookup(const std::vector<LookupQuestion>& questions,
                                   std::chrono::milliseconds) override {
    std::vector<LookupAnswer> answers;
    for (const LookupQuestion& question : questions) {
      LookupAnswer answer{question, {}, ""};
      for (const IpAddress& ip : addresses) answer.addresses.push_back({ip, 0});
      answers.push_back(std::move(answer));
    }
    return answers;
  }
};

class SquatterTest : public testing::Test {
 protected:
  SquatterTest() {
    // Thousands of known_certs files are written and synced: in memory where that can be had.
    std::string pattern = std::filesystem::exists("/dev/shm") ? "/dev/shm" : "/tmp";
    pattern += "/commresolve-squatter-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    std::ofstream(folder_ + "/roots.pem") << public_ca_.Pem();
    checker_ = PublicChainChecker::Make(folder_ + "/roots.pem").value();
    honest_ = Make(public_ca_.Issue({.names = {kHost}}));
    MakeArsenal();
  }
  ~SquatterTest() override { std::filesystem::remove_all(folder_); }

  const KnownCertificate* Make(const TestCertificate& certificate) {
    const auto chain = certificate.Chain();
    return &by_der_.emplace(chain.front(), fakes::Examine(chain, *checker_, clock_.Now()))
                .first->second;
  }

  void MakeArsenal() {
    const TestCa private_ca("Debian Bugs Trusted Root");
    const std::vector<std::string> look_alikes = {
        "debian-bugs.xyz",          "bugs.debian.evil.example", "debianbugs.net",
        "debian.bugs.info",         "bugs-debian.org",          "debian.bugs-tracker.xyz",
        "bugs.debian.org.evil.net", "bugs.debian.co",           "xn--debin-bva.org",
        "www.debian-bugs.com"};
    for (const std::string& name : look_alikes) {
      arsenal_.push_back(Make(public_ca_.Issue({.names = {name}})));
      arsenal_.push_back(Make(private_ca.Issue({.names = {name, kHost}})));
      arsenal_.push_back(Make(fakes::MakeCertificate({.names = {name, kHost}})));
    }
    for (int i = 0; i < 10; ++i) {
      const std::string text = "debian bugs debian-bugs bugs.debian.org " + std::to_string(i);
      arsenal_.push_back(Make(fakes::MakeCertificate(
          {.names = {kHost}, .common_name = "debian bugs", .organization = text, .unit = text})));
      arsenal_.push_back(
          Make(private_ca.Issue({.names = {kHost}, .common_name = kHost, .organization = text})));
      arsenal_.push_back(Make(public_ca_.Issue(
          {.names = {"shop" + std::to_string(i) + ".example"}, .organization = "Debian Bugs"})));
    }
  }

  IpAddress Address(unsigned last) {
    return IpAddress::Parse("192.0.2." + std::to_string(last)).value();
  }

  std::string folder_;
  ManualClock clock_{SystemClock().Now()};
  TestCa public_ca_{"Example Public CA"};
  std::unique_ptr<PublicChainChecker> checker_;
  std::map<std::string, KnownCertificate> by_der_;
  const KnownCertificate* honest_ = nullptr;
  std::vector<const KnownCertificate*> arsenal_;
};

TEST_F(SquatterTest, NoSetOfForgedCertificatesMovesAnAnswer) {
  constexpr uint64_t kSets = 10'000;
  const Endpoint home{Address(1), 443, Protocol::kTls, kHost};
  uint64_t answered = 0;
  uint64_t refused = 0;
  for (uint64_t seed = 0; seed < kSets; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    const auto chance = [&random](unsigned percent) { return random() % 100 < percent; };
    MemoryEvidence evidence;
    evidence.Knows(&by_der_);
    FakeNetwork network(clock_);
    LyingDns dns;
    evidence.Add(*honest_, home, clock_.Now() - kLongAgo);
    network.servers[{home.ip, home.port}] = {honest_, true};
    for (uint64_t i = random() % 12; i > 0; --i) {
      const bool borrowed = chance(15);
      const KnownCertificate* mine = borrowed ? honest_ : arsenal_[random() % arsenal_.size()];
      // Sometimes the attacker takes the honest server's own address.
      const Endpoint where{
          chance(10) ? home.ip : Address(static_cast<unsigned>(2 + random() % 250)), 443,
          Protocol::kTls, chance(50) ? kHost : mine->facts.names.front()};
      evidence.Add(*mine, where, clock_.Now() - static_cast<UnixTime>(random() % 86'400));
      network.servers[{where.ip, where.port}] = {mine, !borrowed};
      if (chance(60)) dns.addresses.push_back(where.ip);
    }
    const std::string path = folder_ + "/known_certs-" + std::to_string(seed % 2);
    std::filesystem::remove(path);
    KnownCertsFile known(path);
    const bool bound = seed % 2 == 0;
    ResolverSettings settings;
    settings.first_use = FirstUseMode::kAcceptNew;
    Resolver resolver(settings, {&clock_, &known, &evidence, &evidence, &dns, &network});
    const auto words = KeywordSet::FromText(kWords).value();
    if (bound) {
      ASSERT_TRUE(
          resolver.Bind(words, honest_->facts.key, Tier::kPinned, chance(20), "", "test").ok());
    }
    const Resolution resolution = resolver.Resolve(
        {.name = words, .prove = chance(50) ? Prove::kAlways : Prove::kMaxAge, .protocol = {}});
    if (resolution.answer) {
      ++answered;
      ASSERT_EQ(resolution.answer->key, honest_->facts.key);
      const FakeServer& server =
          network.servers.at({resolution.answer->endpoint.ip, resolution.answer->endpoint.port});
      ASSERT_EQ(server.certificate, honest_);
      ASSERT_TRUE(server.holds_key);
    } else {
      ++refused;
      ASSERT_FALSE(resolution.refusal->message.empty());
    }
    const auto binding = known.Load().value()->Find(words);
    if (binding) {
      ASSERT_EQ(binding->accepted, std::vector<KeyId>{honest_->facts.key});
    }
  }
  std::printf("%llu sets: %llu answered by the honest server, %llu refused, 0 by another\n",
              static_cast<unsigned long long>(kSets), static_cast<unsigned long long>(answered),
              static_cast<unsigned long long>(refused));
  // The test would prove nothing if everything were refused.
  EXPECT_GT(answered, kSets / 3);
  EXPECT_GT(refused, kSets / 20);
}

}  // namespace
}  // namespace commresolve
