// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Check() notices a row that is missing from any table.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "index/ledger/records.h"
#include "tests/index/ledger/ledger_fixture.h"
#include "tests/index/ledger/raw_table.h"

namespace commresolve::index {
namespace {

class CheckTest : public LedgerTest, public testing::WithParamInterface<const char*> {
 protected:
  CheckTest() {
    Open();
    const PublicChain valid{true, 1, ""};
    for (int i = 0; i < 3; ++i) {
      const Specimen specimen = Invent({.names = "n" + std::to_string(i)});
      Observation seen = Seen(specimen, At("192.0.2.7", 443), 1);
      seen.chain.push_back(Invent({.names = "ca"}).der);
      Add(specimen, seen, &valid);
    }
    ExpectSound();
    Close();
  }
};

TEST_P(CheckTest, AMissingRowIsFound) {
  ASSERT_TRUE(RemoveFirstRaw(folder_, GetParam()));
  Open();
  const auto report = ledger_->Check();
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_GT(report->problem_count, 0U);
  EXPECT_FALSE(report->problems.empty());
}

INSTANTIATE_TEST_SUITE_P(Tables, CheckTest,
                         testing::Values("certificate_ids", "certificates", "key_ids", "keys",
                                         "key_listings", "listing_ids", "listings", "extras",
                                         "facts", "listing_certificates", "sightings", "places",
                                         "sources", "source_names"),
                         [](const auto& table) { return std::string(table.param); });

TEST_F(CheckTest, ACertificateAfterTheEndIsFound) {
  Totals totals;
  totals.der_bytes = 1;
  WriteRaw(folder_, "meta", "totals", EncodeTotals(totals));
  Open();
  const auto report = ledger_->Check();
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_THAT(report->problems,
              testing::Contains("certificates 1: its DER is not among what was committed"));
}

TEST_F(CheckTest, ProblemsAreCountedAndTheListIsBounded) {
  Open();
  auto batch = *ledger_->Begin();
  for (int i = 0; i < 300; ++i) {
    const Specimen specimen = Invent({.names = "x" + std::to_string(i)});
    ASSERT_TRUE(batch->Add(Seen(specimen, std::nullopt, 1, "ct"), specimen.parsed, nullptr).ok());
  }
  ASSERT_TRUE(batch->Commit().ok());
  batch.reset();
  Close();
  ASSERT_TRUE(RemoveFirstRaw(folder_, "source_names"));
  ASSERT_TRUE(RemoveFirstRaw(folder_, "source_names"));
  Open();
  const auto report = ledger_->Check();
  EXPECT_GT(report->problem_count, 300U);
  EXPECT_EQ(report->problems.size(), 100U);
}

}  // namespace
}  // namespace commresolve::index
