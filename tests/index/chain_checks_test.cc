// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Chains checked on several threads have the outcome that one thread finds.

#include "index/chain_checks.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/fakes/certificates.h"

namespace commresolve::index {
namespace {

TEST(ChainChecksTest, EachChainGetsItsOwnOutcome) {
  const std::string folder = ::testing::TempDir() + "chain_checks";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directory(folder);
  const fakes::TestCa root("Root");
  const fakes::TestCa known = root.Intermediate("Known");
  const fakes::TestCa unknown = fakes::TestCa("Elsewhere").Intermediate("Unknown");
  std::ofstream(folder + "/roots.pem") << root.Pem();
  const auto store = Store::Open(folder + "/data", folder + "/roots.pem");
  ASSERT_TRUE(store.ok()) << store.error().message;
  const UnixTime now = SystemClock().Now();
  std::vector<Observation> observations;
  for (int i = 0; i < 60; ++i) {
    const fakes::TestCertificate leaf =
        (i % 3 == 0 ? known : unknown).Issue({.names = {"n" + std::to_string(i) + ".example"}});
    std::vector<std::string> chain = leaf.Chain();
    if (i % 3 == 2) chain.resize(1);
    observations.push_back({std::move(chain), std::nullopt, now, "import", false, ""});
  }
  ChainChecks checks(**store);
  EXPECT_TRUE(checks.Run({}).empty());
  const auto outcomes = checks.Run(observations);
  ASSERT_EQ(outcomes.size(), observations.size());
  for (size_t i = 0; i < outcomes.size(); ++i) {
    EXPECT_EQ(outcomes[i].has_value(), i % 3 != 2) << i;
    if (!outcomes[i]) continue;
    ASSERT_TRUE(outcomes[i]->ok());
    EXPECT_EQ((*outcomes[i])->valid, i % 3 == 0) << i << " " << (*outcomes[i])->reason;
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace commresolve::index
