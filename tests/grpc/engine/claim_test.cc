// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "grpc/engine/claim.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "resolver/keyword/fold.h"

namespace commresolve::daemon {
namespace {

using testing::ElementsAre;

TEST(ClaimTest, WhatOnlyThisMachineCanKnowIsTaken) {
  index::SearchRow row;
  SeenEndpoint seen;
  seen.proved_at = 1'000;
  seen.wrong_at = 2'000;
  row.best.endpoints = {seen};
  row.best.certificate.public_chain = {true, 1'000, ""};
  row.best.sources = {"probe"};
  MakeClaim("north", row);
  EXPECT_FALSE(row.best.proved_at());
  EXPECT_FALSE(row.best.endpoints[0].wrong_at);
  EXPECT_FALSE(row.best.certificate.public_chain.valid);
  EXPECT_THAT(row.best.sources, ElementsAre("index-server"));
  EXPECT_EQ(row.index_server, "north");
}

TEST(ClaimTest, EverythingIsBounded) {
  index::SearchRow row;
  CertificateFacts& facts = row.best.certificate;
  facts.names.assign(5'000, std::string(5'000, 'x'));
  facts.organizations.assign(100, std::string(1'023, 'x') + "\u00fc");
  facts.issuer_organization.assign(9'999, 'x');
  facts.not_after = std::numeric_limits<UnixTime>::max();
  facts.not_before = std::numeric_limits<UnixTime>::min();
  row.best.endpoints.resize(500);
  row.matched.assign(500, "word");
  row.keys.resize(500);
  row.certificates.resize(500);
  row.key_count = SIZE_MAX;
  MakeClaim("north", row);
  EXPECT_EQ(facts.names.size(), 1'000U);
  EXPECT_EQ(facts.names[0].size(), 1'024U);
  EXPECT_EQ(facts.organizations.size(), 16U);
  EXPECT_EQ(facts.organizations[0], ValidUtf8(facts.organizations[0]));
  EXPECT_EQ(facts.issuer_organization.size(), 1'024U);
  EXPECT_EQ(FormatTime(facts.not_after), "9999-12-31T23:59:59Z");
  EXPECT_EQ(facts.not_before, 0);
  EXPECT_EQ(row.best.endpoints.size(), 64U);
  EXPECT_EQ(row.matched.size(), 16U);
  EXPECT_EQ(row.keys.size(), 16U);
  EXPECT_EQ(row.certificates.size(), 64U);
  EXPECT_EQ(row.key_count, 1'000'000U);
}

TEST(ClaimTest, AScoreIsANumberThatOrders) {
  for (const double score :
       {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN(), -1.0}) {
    index::SearchRow row;
    row.score = score;
    MakeClaim("north", row);
    EXPECT_EQ(row.score, 0);
  }
}

TEST(ClaimTest, TheKeyShownIsAmongTheKeys) {
  index::SearchRow row;
  row.best.certificate.key.bytes[0] = 7;
  row.key_count = 0;
  MakeClaim("north", row);
  EXPECT_THAT(row.keys, ElementsAre(row.best.key()));
  EXPECT_EQ(row.key_count, 1U);
}

}  // namespace
}  // namespace commresolve::daemon
