// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A store that fails is noticed, and so is that it works again.

#include "grpc/engine/evidence_watch.h"

#include <gtest/gtest.h>

namespace commresolve::daemon {
namespace {

/// Ends every call as it is told.
class ToldStore final : public EvidenceStore {
 public:
  Result<CertificateFacts> RecordHandshake(const Handshake&) override {
    if (!outcome.ok()) return outcome.error();
    return CertificateFacts{};
  }
  Result<PublicChain> CheckChainNow(const Handshake&) override { return PublicChain{}; }
  Status RecordWrongKey(const Endpoint&, const KeyId&, UnixTime) override { return outcome; }

  Status outcome;
};

TEST(EvidenceWatchTest, TellsOfTheStoreAndNotOfServers) {
  ToldStore store;
  EvidenceWatch watch;
  WatchedEvidence evidence(store, watch);
  EXPECT_EQ(watch.problem(), "");

  store.outcome = Error{Code::kUnavailable, "no space"};
  EXPECT_FALSE(evidence.RecordHandshake({}).ok());
  EXPECT_EQ(watch.problem(), "no space");
  store.outcome = Error{Code::kInvalidArgument, "no certificate"};
  EXPECT_FALSE(evidence.RecordHandshake({}).ok());
  EXPECT_TRUE(evidence.CheckChainNow({}).ok());
  EXPECT_EQ(watch.problem(), "no space");
  store.outcome = {};
  EXPECT_TRUE(evidence.RecordHandshake({}).ok());
  EXPECT_EQ(watch.problem(), "");

  store.outcome = Error{Code::kCorrupt, "damaged"};
  EXPECT_FALSE(evidence.RecordWrongKey({}, {}, 1).ok());
  EXPECT_EQ(watch.problem(), "damaged");
  store.outcome = {};
  EXPECT_TRUE(evidence.RecordWrongKey({}, {}, 1).ok());
  EXPECT_EQ(watch.problem(), "");
}

}  // namespace
}  // namespace commresolve::daemon
