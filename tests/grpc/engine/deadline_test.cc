// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "grpc/engine/deadline.h"

#include <gtest/gtest.h>

namespace commresolve::daemon {
namespace {

using std::chrono::milliseconds;

class CountingTransport final : public Transport {
 public:
  RaceResult Race(const std::vector<Endpoint>&, const ProbeOptions& options,
                  const AcceptHandshake&) override {
    ++races;
    patience = options.deadline;
    return {};
  }
  int races = 0;
  milliseconds patience{0};
};

class CountingLookup final : public AddressLookup {
 public:
  std::vector<LookupAnswer> Lookup(const std::vector<LookupQuestion>&,
                                   milliseconds given) override {
    ++lookups;
    patience = given;
    return {};
  }
  int lookups = 0;
  milliseconds patience{0};
};

const std::vector<Endpoint> kEndpoints(2, Endpoint{*IpAddress::Parse("192.0.2.1"), 443,
                                                   Protocol::kTls, ""});

Deadline In(milliseconds time) { return std::chrono::steady_clock::now() + time; }

TEST(DeadlineTest, WhatIsLeftIsAtMostTheLimitAndNotNegative) {
  EXPECT_EQ(TimeLeft(Deadline::max(), milliseconds(500)), milliseconds(500));
  EXPECT_EQ(TimeLeft(In(milliseconds(60'000)), milliseconds(500)), milliseconds(500));
  EXPECT_EQ(TimeLeft(In(milliseconds(-1)), milliseconds(500)), milliseconds(0));
  EXPECT_LE(TimeLeft(In(milliseconds(100)), milliseconds(500)), milliseconds(100));
}

TEST(DeadlineTest, ARaceGetsTheTimeThatIsLeft) {
  CountingTransport real;
  DeadlineTransport transport(real, In(milliseconds(200)));
  transport.Race(kEndpoints, {}, [](const Handshake&) { return true; });
  EXPECT_EQ(real.races, 1);
  EXPECT_LE(real.patience, milliseconds(200));
}

TEST(DeadlineTest, NothingIsAskedAfterTheDeadline) {
  CountingTransport real;
  DeadlineTransport transport(real, In(milliseconds(-1)));
  const RaceResult result = transport.Race(kEndpoints, {}, [](const Handshake&) { return true; });
  EXPECT_EQ(real.races, 0);
  ASSERT_EQ(result.losers.size(), kEndpoints.size());
  EXPECT_EQ(result.losers[0].handshake.error().code, Code::kDeadlineExceeded);

  CountingLookup dns;
  const auto answers =
      DeadlineLookup(dns, In(milliseconds(-1))).Lookup({{"a.example", ""}}, milliseconds(500));
  EXPECT_EQ(dns.lookups, 0);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_FALSE(answers[0].error.empty());
}

}  // namespace
}  // namespace commresolve::daemon
