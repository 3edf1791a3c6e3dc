// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What was filled into a message comes out of it again, and a message that nobody would send is
// refused by the name of its field.

#include "grpc/service/unpack.h"

#include <gtest/gtest.h>

#include "grpc/service/status.h"

namespace commresolve::daemon {
namespace {

KeyId Key(char fill) { return *DigestFromBytes<KeyId>(std::string(32, fill)); }

Endpoint SomeEndpoint() {
  return {*IpAddress::Parse("2001:db8::7"), 5222, Protocol::kXmppClient, "chat.example"};
}

CertificateFacts SomeFacts() {
  CertificateFacts facts;
  facts.id = *DigestFromBytes<CertId>(std::string(32, 'c'));
  facts.key = Key('k');
  facts.names = {"a.example", "b.example"};
  facts.common_names = {"A"};
  facts.organizations = {"An Organisation"};
  facts.issuer_common_name = "R1";
  facts.issuer_organization = "Issuer";
  facts.not_before = 100;
  facts.not_after = 200;
  facts.embedded_scts = true;
  facts.public_chain = {true, 0, ""};
  return facts;
}

void ExpectEqual(const CertificateFacts& a, const CertificateFacts& b) {
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(a.key, b.key);
  EXPECT_EQ(a.names, b.names);
  EXPECT_EQ(a.common_names, b.common_names);
  EXPECT_EQ(a.organizations, b.organizations);
  EXPECT_EQ(a.issuer_common_name, b.issuer_common_name);
  EXPECT_EQ(a.issuer_organization, b.issuer_organization);
  EXPECT_EQ(a.not_before, b.not_before);
  EXPECT_EQ(a.not_after, b.not_after);
  EXPECT_EQ(a.self_signed, b.self_signed);
  EXPECT_EQ(a.embedded_scts, b.embedded_scts);
  EXPECT_EQ(a.public_chain.valid, b.public_chain.valid);
  EXPECT_EQ(a.public_chain.reason, b.public_chain.reason);
}

TEST(UnpackTest, Bindings) {
  Binding binding;
  binding.words = *KeywordSet::FromText("debian bugs");
  binding.accepted = {Key('a'), Key('b')};
  binding.rejected = {Key('r')};
  binding.tier = Tier::kContinued;
  binding.critical = true;
  binding.public_chain = true;
  binding.since = 77;
  binding.name = "bugs.example";
  binding.reason = "why";
  proto::Binding message;
  Fill(binding, &message);
  EXPECT_EQ(*Unpack(message), binding);
  binding.words.reset();
  binding.hashed = true;
  message.Clear();
  Fill(binding, &message);
  EXPECT_EQ(*Unpack(message), binding);
}

TEST(UnpackTest, EveryProtocolTierAndVerdict) {
  for (int number = 0; number <= static_cast<int>(Protocol::kQuic); ++number) {
    Endpoint endpoint = SomeEndpoint();
    endpoint.protocol = static_cast<Protocol>(number);
    proto::Endpoint message;
    Fill(endpoint, &message);
    EXPECT_EQ(*Unpack(message), endpoint);
  }
  for (int number = 0; number <= static_cast<int>(Tier::kPinned); ++number) {
    proto::Candidate message;
    message.set_tier(ToProto(static_cast<Tier>(number)));
    message.set_revoked(number % 2 == 0);
    EXPECT_EQ(UnpackStanding(message)->tier, static_cast<Tier>(number));
    EXPECT_EQ(UnpackStanding(message)->revoked, number % 2 == 0);
  }
  for (int number = 0; number <= static_cast<int>(Verdict::kHold); ++number) {
    proto::ResolveResponse message;
    message.set_verdict(ToProto(static_cast<Verdict>(number)));
    message.mutable_refusal()->set_code("untrusted");
    EXPECT_EQ(Unpack(message)->verdict, static_cast<Verdict>(number));
  }
}

TEST(UnpackTest, SearchResults) {
  index::SearchRow row;
  row.best.certificate = SomeFacts();
  row.best.endpoints = {{SomeEndpoint(), 1, 2, 3, std::nullopt}, {SomeEndpoint(), 1, 2, {}, 9}};
  row.best.first_seen = 1;
  row.best.last_seen = 2;
  row.best.sources = {"probe"};
  row.matched = {"a"};
  row.keys = {Key('k'), Key('l')};
  row.key_count = 20;
  row.certificates = {row.best.certificate.id};
  row.facts.first_seen = 5;
  row.facts.last_seen = 6;
  row.score = 1'304.25;
  row.index_server = "north";
  proto::SearchResult message;
  Fill(row, Standing{}, 1, &message);
  const auto read = Unpack(message);
  ASSERT_TRUE(read.ok()) << read.error().message;
  ExpectEqual(read->best.certificate, row.best.certificate);
  ASSERT_EQ(read->best.endpoints.size(), 2U);
  EXPECT_EQ(read->best.endpoints[0].endpoint, SomeEndpoint());
  EXPECT_EQ(read->best.endpoints[0].proved_at, 3);
  EXPECT_EQ(read->best.endpoints[0].wrong_at, std::nullopt);
  EXPECT_EQ(read->best.endpoints[1].wrong_at, 9);
  EXPECT_EQ(read->best.sources, row.best.sources);
  EXPECT_EQ(read->matched, row.matched);
  EXPECT_EQ(read->keys, row.keys);
  EXPECT_EQ(read->key_count, row.key_count);
  EXPECT_EQ(read->certificates, row.certificates);
  EXPECT_EQ(read->facts.first_seen, 5);
  EXPECT_EQ(read->facts.last_seen, 6);
  EXPECT_EQ(read->score, row.score);
  EXPECT_EQ(read->index_server, "north");
}

TEST(UnpackTest, SummariesOfSearches) {
  RankedRows ranked;
  ranked.found.estimated_total = 12;
  ranked.found.did_you_mean = "wiki";
  ranked.found.corrected = true;
  ranked.found.more = true;
  ranked.missing = {{"north", Error{Code::kDeadlineExceeded, "no answer in time", "wait"}}};
  proto::SearchSummary message;
  Fill(ranked, &message);
  const RankedRows read = Unpack(message);
  EXPECT_EQ(read.found.estimated_total, 12U);
  EXPECT_EQ(read.found.did_you_mean, "wiki");
  EXPECT_TRUE(read.found.corrected);
  EXPECT_TRUE(read.found.more);
  EXPECT_FALSE(read.found.partial);
  ASSERT_EQ(read.missing.size(), 1U);
  EXPECT_EQ(read.missing[0].index_server, "north");
  EXPECT_EQ(read.missing[0].error.code, Code::kDeadlineExceeded);
  EXPECT_EQ(read.missing[0].error.hint, "wait");
}

TEST(UnpackTest, KeyChangesKeepTheirRow) {
  for (const char* row : {"1", "2", "3", "4", "5", "6", "6b", "7", "8", "none"}) {
    SeenChange change;
    change.endpoint = SomeEndpoint();
    change.certificate = SomeFacts();
    change.outcome = {Verdict::kHold, false, false, row, "reason"};
    proto::ResolveResponse message;
    message.set_verdict(proto::VERDICT_HOLD);
    Fill(Error{Code::kUntrusted, "held", "look"}, message.mutable_refusal());
    Fill(change, message.add_changes());
    const auto read = Unpack(message);
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_STREQ(read->changes.at(0).outcome.row, row);
    EXPECT_EQ(read->changes[0].outcome.verdict, Verdict::kHold);
    EXPECT_EQ(read->changes[0].outcome.reason, "reason");
    EXPECT_EQ(read->changes[0].certificate.key, Key('k'));
    EXPECT_EQ(read->refusal->hint, "look");
  }
}

TEST(UnpackTest, ObserveReports) {
  proto::ObserveResponse seen;
  Fill(index::ObserveReport{"a:443", SomeEndpoint(), SomeFacts(), true}, &seen);
  const auto report = Unpack(seen);
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->target, "a:443");
  EXPECT_TRUE(report->fresh);
  ExpectEqual(*report->seen, SomeFacts());
  proto::ObserveResponse failed;
  Fill(index::ObserveReport{"a:443", {}, Error{Code::kUnavailable, "refused", "h"}, false},
       &failed);
  EXPECT_EQ(Unpack(failed)->seen.error().code, Code::kUnavailable);
}

TEST(UnpackTest, WhatNobodyWouldSendIsRefused) {
  proto::Endpoint endpoint;
  Fill(SomeEndpoint(), &endpoint);
  const auto refused = [](const auto& message) {
    const auto read = Unpack(message);
    return !read.ok() && read.error().code == Code::kCorrupt;
  };
  proto::Endpoint bad = endpoint;
  bad.set_address("example.org");
  EXPECT_TRUE(refused(bad));
  bad = endpoint;
  bad.set_port(65'536);
  EXPECT_TRUE(refused(bad));
  bad = endpoint;
  bad.set_protocol(static_cast<proto::Protocol>(99));
  EXPECT_TRUE(refused(bad));
  proto::Certificate certificate;
  Fill(SomeFacts(), &certificate);
  certificate.set_key("short");
  EXPECT_TRUE(refused(certificate));
  EXPECT_TRUE(refused(proto::ResolveResponse()));
  EXPECT_TRUE(refused(proto::WhyResponse()));
  EXPECT_TRUE(refused(proto::VerifyResponse()));
  EXPECT_TRUE(refused(proto::ObserveResponse()));
  EXPECT_TRUE(refused(proto::Binding()));
  EXPECT_TRUE(refused(proto::SearchResult()));
  proto::ErrorDetail unknown;
  unknown.set_code("no such code");
  EXPECT_EQ(Unpack(unknown).code, Code::kInternal);
}

}  // namespace
}  // namespace commresolve::daemon
