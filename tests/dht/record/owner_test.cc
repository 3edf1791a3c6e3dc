// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Owner records: round trip, tampering, limits.

#include "dht/record/owner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "resolver/base/byte_codec.h"
#include "tests/dht/record/samples.h"

namespace commresolve::dht {
namespace {

using testing::HasSubstr;

DhtKey KeyFor(const KeyId& subject) { return SubjectKey(RecordType::kOwner, subject); }

/// What WriteOwner() says to the sample after `change`.
std::string Problem(const std::function<void(OwnerRecord&)>& change) {
  const SigningKey key = SeedKey(1);
  OwnerRecord record = SampleOwner(key.id());
  change(record);
  const auto payload = WriteOwner(record, key);
  return payload.ok() ? "" : payload.error().message;
}

/// What ReadOwner() says to this body, well signed.
std::string BodyProblem(const std::string& hex) {
  const SigningKey key = SeedKey(1);
  const auto payload =
      Seal(RecordType::kOwner, KeyFor(key.id()), {1, kNow + kDay}, key.id(), *FromHex(hex), key);
  EXPECT_TRUE(payload.ok());
  const auto record = ReadOwner(KeyFor(key.id()), *payload, kNow);
  return record.ok() ? "" : record.error().message;
}

class OwnerOfEveryKind : public testing::TestWithParam<const char*> {
 protected:
  static SigningKey Key() {
    return std::string(GetParam()) == "Ed25519" ? SeedKey(1) : NewSigningKey(GetParam());
  }
};

TEST_P(OwnerOfEveryKind, ComesBackAsItWasWritten) {
  const SigningKey key = Key();
  const OwnerRecord record = SampleOwner(key.id());
  const auto payload = WriteOwner(record, key);
  ASSERT_TRUE(payload.ok());
  const auto read = ReadOwner(KeyFor(key.id()), *payload, kNow);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(*read, record);
}

TEST_P(OwnerOfEveryKind, NothingOfItMayChange) {
  const SigningKey key = Key();
  const auto payload = WriteOwner(SampleOwner(key.id()), key);
  ASSERT_TRUE(payload.ok());
  EXPECT_EQ(AcceptedTamperings(*payload,
                               [&key](const std::string& changed) {
                                 return ReadOwner(KeyFor(key.id()), changed, kNow).ok();
                               }),
            0U);
}

INSTANTIATE_TEST_SUITE_P(Keys, OwnerOfEveryKind, testing::Values("Ed25519", "P-256", "P-384"),
                         [](const testing::TestParamInfo<const char*>& tested) {
                           const std::string name = tested.param;
                           return name == "Ed25519" ? name : "P" + name.substr(2);
                         });

TEST(Owner, APublishingKeySpeaksForALargeKey) {
  const SigningKey rsa = NewSigningKey("RSA-2048");
  const SigningKey publishing = SeedKey(1);
  OwnerRecord record = SampleOwner(rsa.id());
  const auto payload = WriteOwner(record, publishing);
  ASSERT_TRUE(payload.ok());
  const auto read = ReadOwner(KeyFor(rsa.id()), *payload, kNow);
  ASSERT_TRUE(read.ok());
  record.publishing_key = RawKey(publishing);
  EXPECT_EQ(*read, record);
  EXPECT_EQ(AcceptedTamperings(*payload,
                               [&rsa](const std::string& changed) {
                                 return ReadOwner(KeyFor(rsa.id()), changed, kNow).ok();
                               }),
            0U);
}

TEST(Owner, HoldsUnderItsOwnKeyOnly) {
  const SigningKey key = SeedKey(1);
  const auto payload = WriteOwner(SampleOwner(key.id()), key);
  ASSERT_TRUE(payload.ok());
  EXPECT_FALSE(ReadOwner(KeyFor(SomeKey(9)), *payload, kNow).ok());
  EXPECT_FALSE(ReadOwner(SubjectKey(RecordType::kRollover, key.id()), *payload, kNow).ok());
}

TEST(Owner, HoldsUntilItExpires) {
  const SigningKey key = SeedKey(1);
  const OwnerRecord record = SampleOwner(key.id());
  const auto payload = WriteOwner(record, key);
  ASSERT_TRUE(payload.ok());
  const UnixTime end = record.header.expires;
  EXPECT_TRUE(ReadOwner(KeyFor(key.id()), *payload, end + kClockSkew - 1).ok());
  EXPECT_FALSE(ReadOwner(KeyFor(key.id()), *payload, end + kClockSkew).ok());
  EXPECT_FALSE(ReadOwner(KeyFor(key.id()), *payload, end - 4 * kDay).ok());
}

TEST(Owner, MayLiveNowhere) {
  const SigningKey key = SeedKey(1);
  OwnerRecord record = SampleOwner(key.id());
  record.endpoints.clear();
  record.names.clear();
  const auto payload = WriteOwner(record, key);
  ASSERT_TRUE(payload.ok());
  const auto read = ReadOwner(KeyFor(key.id()), *payload, kNow);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(*read, record);
}

TEST(Owner, TheMostThatFits) {
  const SigningKey key = NewSigningKey("P-384");
  OwnerRecord record = SampleOwner(key.id());
  record.endpoints.clear();
  for (uint16_t i = 0; i < kMaxOwnerEndpoints; ++i) {
    record.endpoints.push_back({*IpAddress::Parse("2620:fe::9"), static_cast<uint16_t>(443 + i),
                                Protocol::kTls, "bugs.debian.org"});
  }
  const auto payload = WriteOwner(record, key);
  ASSERT_TRUE(payload.ok()) << payload.error().message;
  EXPECT_LE(payload->size(), kMaxRecordBytes);
  EXPECT_TRUE(ReadOwner(KeyFor(key.id()), *payload, kNow).ok());
  record.names.push_back("a." + std::string(60, 'b') + "." + std::string(60, 'c') + ".org");
  record.names.push_back("b." + std::string(60, 'b') + "." + std::string(60, 'c') + ".org");
  const auto large = WriteOwner(record, key);
  ASSERT_FALSE(large.ok());
  EXPECT_THAT(large.error().message, HasSubstr("more than 559"));
}

TEST(Owner, LimitsAreKeptByTheWriter) {
  EXPECT_EQ(Problem([](OwnerRecord&) {}), "");
  EXPECT_THAT(Problem([](OwnerRecord& r) { r.valid_from = r.header.expires; }),
              HasSubstr("valid from: not before the end"));
  EXPECT_THAT(Problem([](OwnerRecord& r) { r.valid_from = -1; }), HasSubstr("valid from"));
  EXPECT_THAT(Problem([](OwnerRecord& r) { r.names[0] = "Bugs.Debian.org"; }),
              HasSubstr("names: not a host name"));
  EXPECT_THAT(Problem([](OwnerRecord& r) { r.names[1] = r.names[0]; }),
              HasSubstr("names: one stands there twice"));
  EXPECT_THAT(Problem([](OwnerRecord& r) { r.names.assign(9, "a.org"); }),
              HasSubstr("names: more than 8"));
  EXPECT_THAT(Problem([](OwnerRecord& r) { r.endpoints.resize(9, r.endpoints[0]); }),
              HasSubstr("endpoints: more than 8"));
  EXPECT_THAT(Problem([](OwnerRecord& r) { r.endpoints[1] = r.endpoints[0]; }),
              HasSubstr("endpoints: one stands there twice"));
  EXPECT_THAT(Problem([](OwnerRecord& r) { r.endpoints[0].port = 0; }), HasSubstr("endpoints"));
  EXPECT_THAT(Problem([](OwnerRecord& r) { r.endpoints[0].server_name = "other.org"; }),
              HasSubstr("not in names"));
  for (const char* address : {"127.0.0.1", "10.1.2.3", "192.0.2.7", "fe80::1", "fd00::1", "::1"}) {
    EXPECT_THAT(
        Problem([address](OwnerRecord& r) { r.endpoints[0].ip = *IpAddress::Parse(address); }),
        HasSubstr("not a global address"))
        << address;
  }
}

TEST(Owner, LimitsAreKeptByTheReader) {
  const std::string from = "69800000";
  EXPECT_EQ(BodyProblem(from + "0000"), "");
  EXPECT_EQ(BodyProblem(from + "00010409090907"
                               "01bb0000"),
            "");
  EXPECT_THAT(BodyProblem("ffffffff0000"), HasSubstr("valid from"));
  EXPECT_THAT(BodyProblem(from + "000000"), HasSubstr("bytes left over"));
  EXPECT_THAT(BodyProblem(from + "0001"), HasSubstr("address family: cut short"));
  EXPECT_THAT(BodyProblem(from + "00010509090907"
                                 "01bb0000"),
              HasSubstr("address family"));
  EXPECT_THAT(BodyProblem(from + "0001047f000001"
                                 "01bb0000"),
              HasSubstr("not a global"));
  EXPECT_THAT(BodyProblem(from + "00010409090907"
                                 "00000000"),
              HasSubstr("global address and port"));
  EXPECT_THAT(BodyProblem(from + "00010409090907"
                                 "01bb0e00"),
              HasSubstr("protocol: unknown"));
  EXPECT_THAT(BodyProblem(from + "00010409090907"
                                 "01bb0001"),
              HasSubstr("no such name"));
  EXPECT_THAT(BodyProblem(from + "000106"
                                 "00000000000000000000ffff09090907"
                                 "01bb0000"),
              HasSubstr("IPv4 in IPv6 form"));
  EXPECT_THAT(BodyProblem(from + "00020409090907"
                                 "01bb0000"
                                 "0409090907"
                                 "01bb0000"),
              HasSubstr("stands there twice"));
  EXPECT_THAT(BodyProblem(from + "0105"
                                 "412e6f7267"
                                 "00"),
              HasSubstr("not a host name"));
  EXPECT_THAT(BodyProblem(from + "0205"
                                 "612e6f7267"
                                 "05"
                                 "612e6f7267"
                                 "00"),
              HasSubstr("stands there twice"));
  EXPECT_THAT(BodyProblem(from + "09"
                                 "0161"
                                 "0162"
                                 "0163"
                                 "0164"
                                 "0165"
                                 "0166"
                                 "0167"
                                 "0168"
                                 "0169"
                                 "00"),
              HasSubstr("more than 8"));
}

}  // namespace
}  // namespace commresolve::dht
