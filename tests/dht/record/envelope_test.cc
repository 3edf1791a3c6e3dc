// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Envelopes: what a signature binds, who may sign what, and the bytes themselves.

#include "dht/record/envelope.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/dht/record/samples.h"

namespace commresolve::dht {
namespace {

using testing::HasSubstr;

constexpr Header kHeader{0x01020304, kNow};

std::string Sealed(RecordType type, const DhtKey& key, const std::optional<KeyId>& subject,
                   const SigningKey& signer) {
  auto payload = Seal(type, key, kHeader, subject, "body", signer);
  EXPECT_TRUE(payload.ok());
  return payload.ok() ? *payload : std::string();
}

bool Verifies(RecordType type, const DhtKey& key, const std::string& payload) {
  const auto envelope = OpenEnvelope(type, payload);
  return envelope.ok() && VerifyEnvelope(type, key, *envelope).ok();
}

TEST(Envelope, HasTheBytesOfTheDocument) {
  const SigningKey key = SeedKey(1);
  const std::string payload = Sealed(RecordType::kPosting, SampleBucket(), std::nullopt, key);
  std::string begin = *FromHex("c1010102030469800e8001");
  const Ed25519Key raw = RawKey(key);
  begin.append(raw.begin(), raw.end());
  begin += "body";
  EXPECT_EQ(Hex(payload.substr(0, begin.size())), Hex(begin));
  EXPECT_EQ(payload.size(), begin.size() + 64);
}

TEST(Envelope, SignsContextKeyAndWhatStandsBefore) {
  const SigningKey key = SeedKey(1);
  const char* contexts[] = {"commresolve dht posting v1", "commresolve dht owner v1",
                            "commresolve dht observation v1", "commresolve dht rollover v1"};
  for (size_t i = 0; i < RecordKinds().size(); ++i) {
    const RecordType type = RecordKinds()[i].type;
    const bool by_owner = type == RecordType::kOwner || type == RecordType::kRollover;
    const std::optional<KeyId> subject = by_owner ? std::optional(key.id()) : std::nullopt;
    const std::string payload = Sealed(type, SampleBucket(), subject, key);
    std::string message = contexts[i];
    message += '\0';
    message.append(reinterpret_cast<const char*>(SampleBucket().data()), 20);
    message += payload.substr(0, payload.size() - 64);
    EXPECT_TRUE(VerifySignature(key.spki(), message, payload.substr(payload.size() - 64)).ok())
        << contexts[i];
  }
}

TEST(Envelope, ComesBackAsItWasSealed) {
  const SigningKey own = NewSigningKey("P-384");
  const DhtKey key = SubjectKey(RecordType::kOwner, own.id());
  const std::string payload = Sealed(RecordType::kOwner, key, own.id(), own);
  const auto envelope = OpenEnvelope(RecordType::kOwner, payload);
  ASSERT_TRUE(envelope.ok());
  EXPECT_EQ(envelope->header, kHeader);
  EXPECT_EQ(envelope->kind, SignerKind::kOwnKey);
  EXPECT_EQ(envelope->spki, own.spki());
  EXPECT_EQ(envelope->subject, own.id());
  EXPECT_EQ(envelope->body, "body");
  EXPECT_EQ(envelope->delegate(), std::nullopt);
  EXPECT_TRUE(VerifyEnvelope(RecordType::kOwner, key, *envelope).ok());
}

TEST(Envelope, HoldsUnderItsKeyAndTypeOnly) {
  const SigningKey key = SeedKey(1);
  const std::string payload = Sealed(RecordType::kPosting, SampleBucket(), std::nullopt, key);
  EXPECT_TRUE(Verifies(RecordType::kPosting, SampleBucket(), payload));
  EXPECT_FALSE(Verifies(RecordType::kPosting, BucketOf("another"), payload));
  std::string retyped = payload;
  retyped[1] = 3;
  EXPECT_TRUE(OpenEnvelope(RecordType::kObservation, retyped).ok());
  EXPECT_FALSE(Verifies(RecordType::kObservation, SampleBucket(), retyped));
}

TEST(Envelope, TheTypeIsSignedBesideItsByte) {
  // The same bytes under the same key, signed for another type: only the context tells them apart.
  const SigningKey key = SeedKey(1);
  std::string payload = Sealed(RecordType::kPosting, SampleBucket(), std::nullopt, key);
  payload[1] = 3;
  const std::string signed_part = payload.substr(0, payload.size() - 64);
  std::string message = "commresolve dht posting v1";
  message += '\0';
  message.append(reinterpret_cast<const char*>(SampleBucket().data()), 20);
  message += signed_part;
  const std::string crossed = signed_part + *key.Sign(message);
  EXPECT_FALSE(Verifies(RecordType::kObservation, SampleBucket(), crossed));
}

TEST(Envelope, AnOwnersRecordLiesAtItsSubjectsKeyAlone) {
  const SigningKey own = SeedKey(1);
  const DhtKey wrong = SubjectKey(RecordType::kRollover, own.id());
  const std::string payload = Sealed(RecordType::kOwner, wrong, own.id(), own);
  const auto envelope = OpenEnvelope(RecordType::kOwner, payload);
  ASSERT_TRUE(envelope.ok());
  const Status status = VerifyEnvelope(RecordType::kOwner, wrong, *envelope);
  ASSERT_FALSE(status.ok());
  EXPECT_THAT(status.error().message, HasSubstr("key: not where"));
}

TEST(Envelope, APublishingKeyNamesItsSubject) {
  const SigningKey rsa = NewSigningKey("RSA-2048");
  const SigningKey publishing = SeedKey(1);
  const DhtKey key = SubjectKey(RecordType::kOwner, rsa.id());
  const std::string payload = Sealed(RecordType::kOwner, key, rsa.id(), publishing);
  const auto envelope = OpenEnvelope(RecordType::kOwner, payload);
  ASSERT_TRUE(envelope.ok());
  EXPECT_EQ(envelope->kind, SignerKind::kPublishingKey);
  EXPECT_EQ(envelope->subject, rsa.id());
  EXPECT_EQ(envelope->delegate(), RawKey(publishing));
  EXPECT_TRUE(VerifyEnvelope(RecordType::kOwner, key, *envelope).ok());
}

TEST(Envelope, SignersOfTheWrongKindAreRefused) {
  const SigningKey rsa = NewSigningKey("RSA-2048");
  const SigningKey ecdsa = NewSigningKey("P-256");
  const DhtKey key = SampleBucket();
  const auto refused = [&key](RecordType type, const std::optional<KeyId>& subject,
                              const SigningKey& signer) {
    const auto payload = Seal(type, key, kHeader, subject, "body", signer);
    return payload.ok() ? std::string() : payload.error().message;
  };
  EXPECT_THAT(refused(RecordType::kOwner, rsa.id(), rsa), HasSubstr("use a publishing key"));
  EXPECT_THAT(refused(RecordType::kOwner, rsa.id(), ecdsa), HasSubstr("not an Ed25519 key"));
  EXPECT_THAT(refused(RecordType::kPosting, std::nullopt, ecdsa), HasSubstr("not an Ed25519 key"));
  EXPECT_THAT(refused(RecordType::kPosting, rsa.id(), SeedKey(1)), HasSubstr("wrong kind"));
  EXPECT_THAT(refused(RecordType::kOwner, std::nullopt, SeedKey(1)), HasSubstr("wrong kind"));
}

TEST(Envelope, AnOwnKeyDoesNotPassForAPublishingKey) {
  // The same meaning in a second encoding: the subject as its own publishing key.
  const SigningKey own = SeedKey(1);
  std::string payload = *FromHex("c1020000000069800e8003");
  const Ed25519Key raw = RawKey(own);
  payload.append(raw.begin(), raw.end());
  payload += own.id().view();
  payload += std::string(64, '\0');
  const auto envelope = OpenEnvelope(RecordType::kOwner, payload);
  ASSERT_FALSE(envelope.ok());
  EXPECT_THAT(envelope.error().message, HasSubstr("the subject itself"));
}

TEST(Envelope, ErrorsNameTheField) {
  const std::string payload =
      Sealed(RecordType::kPosting, SampleBucket(), std::nullopt, SeedKey(1));
  const auto problem = [](const std::string& bytes) {
    const auto envelope = OpenEnvelope(RecordType::kPosting, bytes);
    return envelope.ok() ? std::string() : envelope.error().message;
  };
  EXPECT_EQ(problem(""), "posting block: version: cut short");
  EXPECT_EQ(problem("\xC2" + payload.substr(1)), "posting block: version: not 0xC1");
  EXPECT_EQ(problem("\xC1\x02" + payload.substr(2)), "posting block: type: that of another record");
  EXPECT_EQ(problem(payload.substr(0, 8)), "posting block: expires: cut short");
  EXPECT_EQ(problem(payload.substr(0, 10) + "\2" + payload.substr(11)),
            "posting block: signer kind: none that this type of record has");
  EXPECT_EQ(problem(payload.substr(0, 106)), "posting block: signature: cut short");
  EXPECT_EQ(problem(std::string(kMaxRecordBytes + 1, 'x')),
            "posting block: size: more than 559 bytes");
}

TEST(Envelope, WhatDoesNotFitIsNotSealed) {
  const SigningKey key = SeedKey(1);
  const std::string fits(kMaxRecordBytes - 43 - 64, 'x');
  EXPECT_TRUE(Seal(RecordType::kPosting, {}, kHeader, std::nullopt, fits, key).ok());
  const auto large = Seal(RecordType::kPosting, {}, kHeader, std::nullopt, fits + "x", key);
  ASSERT_FALSE(large.ok());
  EXPECT_EQ(large.error().message, "posting block: size: 560 bytes, more than 559");
  for (const UnixTime time : {UnixTime{-1}, UnixTime{1} << 32}) {
    const auto late = Seal(RecordType::kPosting, {}, {1, time}, std::nullopt, "body", key);
    ASSERT_FALSE(late.ok());
    EXPECT_THAT(late.error().message, HasSubstr("expires: not between 1970 and 2106"));
  }
}

}  // namespace
}  // namespace commresolve::dht
