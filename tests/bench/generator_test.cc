// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The generator: the same bytes whoever makes them, nothing that a reader stumbles over, and the
// mixture that its header promises.

#include "tests/bench/generator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <thread>
#include <unordered_set>

#include "index/certificate/certificate.h"
#include "resolver/base/digest.h"
#include "resolver/keyword/host_name.h"

namespace commresolve::bench {
namespace {

constexpr uint64_t kCount = 20'000;

std::vector<std::string> MakeRange(const Generator& generator, uint64_t begin, uint64_t end) {
  std::vector<std::string> ders;
  for (uint64_t i = begin; i < end; ++i) ders.push_back(generator.Make(i).der);
  return ders;
}

TEST(GeneratorTest, TwoThreadsMakeTheBytesOfOne) {
  constexpr uint64_t kPart = 1'000;
  const std::vector<std::string> alone = MakeRange(Generator(), 0, 2 * kPart);
  const Generator shared;
  std::vector<std::string> second;
  std::thread other([&] { second = MakeRange(shared, kPart, 2 * kPart); });
  std::vector<std::string> both = MakeRange(shared, 0, kPart);
  other.join();
  both.insert(both.end(), second.begin(), second.end());
  EXPECT_EQ(both, alone);
}

TEST(GeneratorTest, AnyOrderGivesTheSameCertificate) {
  const Generator backwards;
  const Generator generator;
  for (uint64_t i = 300; i-- > 0;) {
    const SyntheticCertificate one = backwards.Make(i * 3'301);
    const SyntheticCertificate again = generator.Make(i * 3'301);
    ASSERT_EQ(one.der, again.der) << i;
    ASSERT_EQ(one.endpoint, again.endpoint) << i;
  }
}

/// Other bytes would silently make every committed figure one of other certificates.
TEST(GeneratorTest, TheBytesAreThoseOfEveryOtherMachine) {
  std::string all;
  for (const std::string& der : MakeRange(Generator(), 0, 1'000)) all += der;
  const auto digest = Sha256(all);
  EXPECT_EQ(Hex({reinterpret_cast<const char*>(digest.data()), digest.size()}),
            "4f96617cb5c76e77ed140fad98553c4f2aec00351b9ab4e6071b22120b0cc93a");
}

TEST(GeneratorTest, AnotherSeedGivesOtherCertificates) {
  EXPECT_NE(Generator(1).Make(7).der, Generator(2).Make(7).der);
}

TEST(GeneratorTest, EveryCertificateIsSoundAndSaysWhatTheTruthSays) {
  const Generator generator;
  for (uint64_t i = 0; i < kCount; ++i) {
    const SyntheticCertificate made = generator.Make(i);
    const auto parsed = index::ParseCertificate(made.der);
    ASSERT_TRUE(parsed.ok()) << i << ": " << parsed.error().message;
    ASSERT_THAT(parsed->defects, testing::IsEmpty()) << i;
    ASSERT_THAT(parsed->cuts, testing::IsEmpty()) << i;
    ASSERT_EQ(parsed->size, made.der.size()) << i;
    ASSERT_EQ(parsed->facts.not_before, made.not_before) << i;
    ASSERT_EQ(parsed->facts.not_after, made.not_after) << i;
    ASSERT_FALSE(parsed->is_ca || parsed->client_only) << i;
    const std::set<std::string> hosts(made.identity.hosts.begin(), made.identity.hosts.end());
    const auto& names = parsed->facts.names;
    if (!hosts.empty()) {
      ASSERT_EQ(std::set<std::string>(names.begin(), names.end()), hosts) << i;
    }
    ASSERT_THAT(parsed->facts.common_names, testing::ElementsAre(made.identity.common_name)) << i;
  }
}

TEST(GeneratorTest, DomainsAreRegistrable) {
  const Generator generator;
  for (uint64_t i = 0; i < 2'000; ++i) {
    const Identity identity = generator.Make(i).identity;
    if (identity.domain.empty()) continue;
    ASSERT_EQ(SplitHostName(identity.domain).registrable_domain, identity.domain) << i;
    const auto normal = NormaliseHostName(identity.domain);
    ASSERT_TRUE(normal.ok()) << identity.domain;
    ASSERT_EQ(*normal, identity.domain);
  }
}

TEST(GeneratorTest, TheMixtureIsWhatTheHeaderSays) {
  const Generator generator;
  std::map<Kind, double> kinds;
  std::set<uint64_t> identities;
  std::unordered_set<std::string> distinct;
  double expired = 0;
  double foreign = 0;
  double seen = 0;
  double confusable = 0;
  size_t bytes = 0;
  size_t most_hosts = 0;
  for (uint64_t i = 0; i < kCount; ++i) {
    const SyntheticCertificate made = generator.Make(i);
    kinds[made.identity.kind] += 1.0 / kCount;
    identities.insert(made.identity.number);
    distinct.insert(made.der);
    bytes += made.der.size();
    most_hosts = std::max(most_hosts, made.identity.hosts.size());
    if (made.not_after < kNow) expired += 1.0 / kCount;
    if (made.identity.organization.language != Language::kEnglish) foreign += 1.0 / kCount;
    if (made.endpoint) seen += 1.0 / kCount;
    if (made.identity.confusable) confusable += 1.0 / kCount;
  }
  EXPECT_EQ(distinct.size(), kCount);
  EXPECT_NEAR(static_cast<double>(identities.size()) / kCount, 0.55, 0.02);
  // A Yule process gives some identities very many certificates, so shares of certificates vary.
  EXPECT_NEAR(kinds[Kind::kSite], 0.50, 0.05);
  EXPECT_NEAR(kinds[Kind::kPanel], 0.08, 0.03);
  EXPECT_NEAR(kinds[Kind::kWildcard], 0.14, 0.04);
  EXPECT_NEAR(kinds[Kind::kHosting], 0.035, 0.02);
  EXPECT_NEAR(kinds[Kind::kOrganization], 0.135, 0.04);
  EXPECT_NEAR(kinds[Kind::kDevice], 0.075, 0.03);
  EXPECT_NEAR(kinds[Kind::kPerson], 0.035, 0.02);
  EXPECT_NEAR(expired, 0.38, 0.04);
  EXPECT_NEAR(foreign, 0.03, 0.02);
  EXPECT_NEAR(seen, 0.40, 0.02);
  EXPECT_GT(confusable, 0.01);
  EXPECT_NEAR(static_cast<double>(bytes) / kCount, 950, 150);
  EXPECT_GT(most_hosts, 60U);
  EXPECT_LE(most_hosts, 100U);
}

}  // namespace
}  // namespace commresolve::bench
