// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Names of fields and evidence classes, and the latest proof of a candidate.

#include "resolver/candidate.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace commresolve {
namespace {

TEST(CandidateTest, EveryFieldHasItsOwnName) {
  std::set<std::string> names;
  for (int i = 0; i <= static_cast<int>(Field::kIssuer); ++i) {
    names.insert(FieldName(static_cast<Field>(i)));
  }
  EXPECT_EQ(names.size(), 11U);
  EXPECT_FALSE(names.contains("unknown"));
  EXPECT_STREQ(FieldName(Field::kDnsName), "dns");
}

TEST(CandidateTest, EvidenceClassesAreNumberedC1ToC5) {
  for (int i = 1; i <= 5; ++i) {
    EXPECT_EQ(EvidenceClassName(static_cast<EvidenceClass>(i)), "C" + std::to_string(i));
  }
}

TEST(CandidateTest, AnUnknownEvidenceClassIsWorthNothing) {
  EXPECT_STREQ(EvidenceClassName(static_cast<EvidenceClass>(77)), "C4");
}

TEST(CandidateTest, ProvedAtIsTheLatestOverAllEndpoints) {
  Candidate candidate;
  EXPECT_FALSE(candidate.proved_at().has_value());
  candidate.endpoints.resize(4);
  EXPECT_FALSE(candidate.proved_at().has_value());
  candidate.endpoints[1].proved_at = -5;
  EXPECT_EQ(candidate.proved_at(), -5);
  candidate.endpoints[2].proved_at = 300;
  candidate.endpoints[3].proved_at = 200;
  EXPECT_EQ(candidate.proved_at(), 300);
}

}  // namespace
}  // namespace commresolve
