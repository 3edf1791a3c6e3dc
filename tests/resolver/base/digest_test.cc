// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// SHA-256 and its text forms, by published vectors and by round trips.

#include "resolver/base/digest.h"

#include <gtest/gtest.h>

#include <cctype>
#include <random>
#include <string>
#include <unordered_set>
#include <vector>

namespace commresolve {
namespace {

constexpr char kHexOfAbc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

KeyId KeyOf(std::string_view data) { return KeyId{Sha256(data)}; }

std::string RandomBytes(std::mt19937& random, size_t size) {
  std::string bytes;
  for (size_t i = 0; i < size; ++i) bytes.push_back(static_cast<char>(random() & 0xff));
  return bytes;
}

TEST(DigestTest, Sha256IsTheStandardOne) {  // FIPS 180-2 B.1
  EXPECT_EQ(Hex(KeyOf("abc").view()), kHexOfAbc);
  EXPECT_EQ(Hex(KeyOf("").view()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(DigestTest, EncodersGiveTheVectorsOfRfc4648) {
  EXPECT_EQ(Base64(""), "");
  EXPECT_EQ(Base64("f"), "Zg==");
  EXPECT_EQ(Base64("fo"), "Zm8=");
  EXPECT_EQ(Base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(Base32("f"), "my");
  EXPECT_EQ(Base32("foob"), "mzxw6yq");
  EXPECT_EQ(Base32("foobar"), "mzxw6ytboi");
  EXPECT_EQ(Hex("foobar"), "666f6f626172");
}

TEST(DigestTest, DecodersReadBackWhatEncodersWrote) {
  std::mt19937 random(7);
  for (size_t size = 0; size < 70; ++size) {
    const std::string bytes = RandomBytes(random, size);
    EXPECT_EQ(*FromHex(Hex(bytes)), bytes);
    EXPECT_EQ(*FromBase32(Base32(bytes)), bytes);
    EXPECT_EQ(*FromBase64(Base64(bytes)), bytes);
    std::string unpadded = Base64(bytes);
    while (unpadded.ends_with('=')) unpadded.pop_back();
    EXPECT_EQ(*FromBase64(unpadded), bytes);
  }
}

TEST(DigestTest, HexAndBase32AcceptBothCases) {
  EXPECT_EQ(*FromHex("666F6f"), "foo");
  EXPECT_EQ(*FromBase32("MZXW6yq"), "foob");
}

TEST(DigestTest, DecodersRefuseSpareBitsCutTextAndForeignCharacters) {
  for (const char* text : {"6", "666", "6g", "66 ", "0x66"})
    EXPECT_FALSE(FromHex(text).ok()) << text;
  for (const char* text : {"m", "mz", "mzx", "mzxw6y", "m1", "my======", "mzxw6yr"}) {
    EXPECT_FALSE(FromBase32(text).ok()) << text;
  }
  for (const char* text :
       {"Z", "Zh", "Zg=", "Zg===", "=", "==", "Zm9=", "Zm-v", "Zg==\n", "Z=g="}) {
    EXPECT_FALSE(FromBase64(text).ok()) << text;
  }
}

TEST(DigestTest, ParseKeyReadsEveryFormAPersonMayPaste) {
  const KeyId key = KeyOf("abc");
  const std::string hex = Hex(key.view());
  std::string colons;
  for (size_t i = 0; i < hex.size(); i += 2) {
    if (i > 0) colons += ':';
    colons += static_cast<char>(std::toupper(hex[i]));
    colons += static_cast<char>(std::toupper(hex[i + 1]));
  }
  const std::string base64 = Base64(key.view());
  const std::vector<std::string> forms = {KeyText(key),
                                          hex,
                                          colons,
                                          base64,
                                          base64.substr(0, 43),
                                          "sha256:" + hex,
                                          "SHA256:" + base64,
                                          "pin-sha256:" + base64,
                                          "sha256:" + colons,
                                          "sha256:" + KeyText(key)};
  for (const std::string& form : forms) {
    const auto parsed = ParseKey(form);
    ASSERT_TRUE(parsed.ok()) << form;
    EXPECT_EQ(*parsed, key) << form;
  }
  EXPECT_EQ(KeyText(key).size(), 52U);
}

TEST(DigestTest, ParseKeyRefusesEverythingElse) {
  const KeyId key = KeyOf("abc");
  const std::string text = KeyText(key);
  const std::string hex = Hex(key.view());
  for (const std::string& bad :
       {std::string(), KeyShort(key), text + "a", text.substr(1), hex + "00", hex.substr(2),
        " " + text, "sha256:sha256:" + hex, "md5:" + hex, hex + ":", std::string(52, '0'),
        text.substr(0, 51) + "b", std::string(95, ':'), std::string(100'000, 'a')}) {
    const auto parsed = ParseKey(bad);
    ASSERT_FALSE(parsed.ok()) << bad.substr(0, 100);
    EXPECT_EQ(parsed.error().code, Code::kInvalidArgument);
    EXPECT_FALSE(parsed.error().hint.empty());
    EXPECT_LT(parsed.error().message.size(), 200U);
  }
}

TEST(DigestTest, ParseCertIdReadsHexOnly) {
  const CertId id{Sha256("abc")};
  EXPECT_EQ(*ParseCertId(kHexOfAbc), id);
  EXPECT_EQ(*ParseCertId(std::string("SHA256:") + kHexOfAbc), id);
  EXPECT_FALSE(ParseCertId(Base32(id.view())).ok());
  EXPECT_FALSE(ParseCertId("").ok());
}

TEST(DigestTest, DigestFromBytesWantsExactly32) {
  const std::string bytes(KeyOf("abc").view());
  EXPECT_EQ(*DigestFromBytes<KeyId>(bytes), KeyOf("abc"));
  EXPECT_FALSE(DigestFromBytes<KeyId>(bytes.substr(1)).ok());
  EXPECT_FALSE(DigestFromBytes<KeyId>(bytes + "x").ok());
}

TEST(DigestTest, OrderAndHashAreThoseOfTheBytes) {
  KeyId low;
  KeyId high;
  low.bytes[31] = 0x7f;
  high.bytes[31] = 0x80;
  EXPECT_LT(low, high);
  EXPECT_LT(low.view(), high.view());
  EXPECT_EQ((std::unordered_set<KeyId>{low, high, low}.size()), 2U);
}

}  // namespace
}  // namespace commresolve
