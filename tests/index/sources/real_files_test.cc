// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The external corpus: the figures that an importer must reach on it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "index/certificate/certificate.h"
#include "index/sources/reader.h"
#include "tests/index/sources/reading.h"

namespace commresolve::index {
namespace {

const std::string kCorpus = COMMRESOLVE_CORPUS_DIR;

Reading Import(const std::string& path) {
  Reading reading;
  const Status status = ReadObservations({kCorpus + "/" + path}, kNow, reading.Sink());
  EXPECT_TRUE(status.ok()) << status.error().message;
  return reading;
}

size_t Count(const Reading& reading, LeftOut why) {
  return static_cast<size_t>(std::count_if(reading.left_out.begin(), reading.left_out.end(),
                                           [&](const auto& entry) { return entry.second == why; }));
}

class RealFiles : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kCorpus)) GTEST_SKIP() << kCorpus << " is absent";
  }
};

TEST_F(RealFiles, ObservedServersAndNoClients) {
  const Reading reading = Import("observed");
  EXPECT_EQ(reading.observations.size(), 732U);
  std::set<CertId> leaves;
  std::set<std::pair<IpAddress, uint16_t>> endpoints;
  size_t issuers = 0;
  for (const Observation& observation : reading.observations) {
    ASSERT_TRUE(observation.endpoint.has_value());
    leaves.insert(IdOf(observation.chain[0]));
    endpoints.emplace(observation.endpoint->ip, observation.endpoint->port);
    issuers += observation.chain.size() - 1;
    EXPECT_THAT(observation.origin, testing::HasSubstr("observed.jsonl:"));
  }
  EXPECT_EQ(leaves.size(), 316U);
  EXPECT_EQ(endpoints.size(), 355U);
  EXPECT_GT(issuers, 600U);
  EXPECT_EQ(Count(reading, LeftOut::kIssuer), 125U);
  EXPECT_EQ(Count(reading, LeftOut::kClient), 18U);
  ASSERT_EQ(reading.refusals.size(), 1U);
  EXPECT_THAT(reading.refusals[0].file, testing::EndsWith("certs.jsonl"));
  EXPECT_EQ(reading.done, reading.total);
}

TEST_F(RealFiles, RowsWithCertificatesInside) {
  const Reading reading = Import("corpus.jsonl");
  EXPECT_EQ(reading.observations.size() + reading.left_out.size(), 463U);
  ASSERT_EQ(reading.refusals.size(), 1U);
  EXPECT_THAT(reading.refusals[0].reason, testing::HasSubstr("not DER"));
}

TEST_F(RealFiles, MalformedRowsAreRefusedWithLineAndReason) {
  const Reading reading = Import("malformed.jsonl");
  EXPECT_GE(reading.refusals.size(), 306U);
  std::set<uint64_t> lines;
  for (const Refusal& refusal : reading.refusals) {
    lines.insert(refusal.line);
    EXPECT_FALSE(refusal.reason.empty());
    EXPECT_THAT(refusal.file, testing::EndsWith("malformed.jsonl"));
  }
  EXPECT_EQ(lines.size(), reading.refusals.size());
  size_t defective = 0;
  for (const Observation& observation : reading.observations) {
    const auto parsed = ParseCertificate(observation.chain[0]);
    ASSERT_TRUE(parsed.ok());
    if (!parsed->sound()) ++defective;
  }
  EXPECT_GT(defective, 0U);
  EXPECT_LE(reading.observations.size() + reading.left_out.size() + reading.refusals.size(), 894U);
}

TEST_F(RealFiles, TheWholeCorpusGoesThrough) {
  const Reading reading = Import("");
  EXPECT_GE(reading.observations.size(), 732U);
  EXPECT_EQ(reading.done, reading.total);
}

}  // namespace
}  // namespace commresolve::index
