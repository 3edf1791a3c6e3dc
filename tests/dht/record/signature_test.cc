// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Signatures: which keys, and that there is one encoding of each signature.

#include "dht/record/signature.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/bn.h>

#include <string>

#include "tests/dht/record/samples.h"

namespace commresolve::dht {
namespace {

using testing::HasSubstr;

struct Kind {
  const char* algorithm;
  size_t signature_bytes;
  size_t small_bytes;
};

class SignatureOfEveryKind : public testing::TestWithParam<Kind> {};

TEST_P(SignatureOfEveryKind, HoldsForItsKeyAndMessageOnly) {
  const SigningKey key = NewSigningKey(GetParam().algorithm);
  const auto signature = key.Sign("message");
  ASSERT_TRUE(signature.ok());
  EXPECT_EQ(signature->size(), GetParam().signature_bytes);
  EXPECT_EQ(SmallSignatureBytes(key.spki()), GetParam().small_bytes);
  EXPECT_TRUE(VerifySignature(key.spki(), "message", *signature).ok());
  EXPECT_FALSE(VerifySignature(key.spki(), "messagf", *signature).ok());
  EXPECT_FALSE(
      VerifySignature(NewSigningKey(GetParam().algorithm).spki(), "message", *signature).ok());
  EXPECT_EQ(key.id().bytes, Sha256(key.spki()));
}

TEST_P(SignatureOfEveryKind, NoBitOfSignatureOrKeyMayChange) {
  const SigningKey key = NewSigningKey(GetParam().algorithm);
  const auto signature = key.Sign("message");
  ASSERT_TRUE(signature.ok());
  EXPECT_EQ(AcceptedTamperings(*signature,
                               [&key](const std::string& changed) {
                                 return VerifySignature(key.spki(), "message", changed).ok();
                               }),
            0U);
  EXPECT_EQ(AcceptedTamperings(key.spki(),
                               [&signature](const std::string& changed) {
                                 return VerifySignature(changed, "message", *signature).ok();
                               }),
            0U);
}

INSTANTIATE_TEST_SUITE_P(Keys, SignatureOfEveryKind,
                         testing::Values(Kind{"P-256", 64, 64}, Kind{"P-384", 96, 96},
                                         Kind{"RSA-2048", 256, 0}),
                         [](const testing::TestParamInfo<Kind>& tested) {
                           std::string name = tested.param.algorithm;
                           name.erase(name.find('-'), 1);
                           return name;
                         });

TEST(Signature, Ed25519IsThatOfRfc8032) {
  // RFC 8032 7.1, test 2.
  const std::string seed =
      *FromHex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
  std::array<uint8_t, 32> bytes;
  std::copy(seed.begin(), seed.end(), bytes.begin());
  const auto key = SigningKey::FromSeed(bytes);
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(Hex(key->spki()),
            "302a300506032b6570032100"
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  const auto signature = key->Sign("\x72");
  ASSERT_TRUE(signature.ok());
  EXPECT_EQ(Hex(*signature),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  EXPECT_TRUE(VerifySignature(key->spki(), "\x72", *signature).ok());
  EXPECT_EQ(SpkiOf(*Ed25519KeyOf(key->spki())), key->spki());
}

TEST(Signature, TheOtherFormOfAnEcdsaSignatureIsRefused) {
  const SigningKey key = NewSigningKey("P-256");
  std::string signature = *key.Sign("message");
  // n - s is as good as s to ECDSA.
  BIGNUM* order = nullptr;
  ASSERT_GT(BN_hex2bn(&order, "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"),
            0);
  auto* s_bytes = reinterpret_cast<uint8_t*>(signature.data()) + 32;
  BIGNUM* s = BN_bin2bn(s_bytes, 32, nullptr);
  ASSERT_EQ(BN_sub(s, order, s), 1);
  ASSERT_EQ(BN_bn2binpad(s, s_bytes, 32), 32);
  BN_free(s);
  BN_free(order);
  EXPECT_FALSE(VerifySignature(key.spki(), "message", signature).ok());
}

TEST(Signature, EveryEcdsaSignatureIsMadeInTheLowForm) {
  const SigningKey key = NewSigningKey("P-384");
  for (int i = 0; i < 20; ++i) {
    const std::string message = std::to_string(i);
    EXPECT_TRUE(VerifySignature(key.spki(), message, *key.Sign(message)).ok()) << i;
  }
}

TEST(Signature, OtherKeysAreRefused) {
  for (const char* algorithm : {"P-521", "RSA-1024"}) {
    const auto key = SigningKey::FromPrivateKey(NewKey(algorithm));
    ASSERT_FALSE(key.ok()) << algorithm;
    EXPECT_EQ(key.error().code, Code::kInvalidArgument);
  }
  EXPECT_FALSE(SigningKey::FromPrivateKey(nullptr).ok());
  const Status empty = VerifySignature("", "message", "signature");
  ASSERT_FALSE(empty.ok());
  EXPECT_THAT(empty.error().message, HasSubstr("signer"));
  EXPECT_FALSE(VerifySignature(std::string(kMaxSpkiBytes + 1, '0'), "message", "x").ok());
}

}  // namespace
}  // namespace commresolve::dht
