// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Records and row keys: round trips, order, and bytes that nobody wrote.

#include "index/ledger/records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "index/ledger/grouping.h"
#include "index/ledger/row_key.h"
#include "resolver/base/byte_codec.h"
#include "tests/index/ledger/ledger_fixture.h"

namespace commresolve::index {
namespace {

constexpr UnixTime kFirst = std::numeric_limits<UnixTime>::min();
constexpr UnixTime kLast = std::numeric_limits<UnixTime>::max();

CertRecord FullCertificate() {
  CertRecord record;
  record.id = {Sha256("id")};
  record.der = {uint64_t{1} << 40, kMaxCertificateBytes};
  record.key = std::numeric_limits<uint32_t>::max();
  record.listing = 7;
  record.not_before = -62'135'596'800;
  record.not_after = 253'402'300'799;
  record.chain = PublicChain{true, 1'700'000'000, ""};
  record.issuers = {1, 300, 70'000};
  return record;
}

TEST(Records, CertificateRoundTrip) {
  CertRecord record = FullCertificate();
  for (const bool valid : {true, false}) {
    record.chain->valid = valid;
    record.chain->reason = valid ? "" : "expired";
    const auto read = DecodeCertificate(EncodeCertificate(record));
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(read->id, record.id);
    EXPECT_EQ(read->der, record.der);
    EXPECT_EQ(read->key, record.key);
    EXPECT_EQ(read->listing, record.listing);
    EXPECT_EQ(read->not_before, record.not_before);
    EXPECT_EQ(read->not_after, record.not_after);
    EXPECT_EQ(read->chain->valid, valid);
    EXPECT_EQ(read->chain->checked_for, 1'700'000'000);
    EXPECT_EQ(read->chain->reason, record.chain->reason);
    EXPECT_EQ(read->issuers, record.issuers);
  }
  CertRecord unlisted;
  unlisted.der.length = 1;
  const auto issuer = DecodeCertificate(EncodeCertificate(unlisted));
  ASSERT_TRUE(issuer.ok());
  EXPECT_FALSE(issuer->listed());
  EXPECT_FALSE(issuer->chain.has_value());
}

TEST(Records, SmallRecordsRoundTrip) {
  const KeyRecord key{{Sha256("key")}, 9, kFirst};
  EXPECT_EQ(*DecodeKey(EncodeKey(key)), key);
  for (const SightingRecord& sighting :
       {SightingRecord{}, SightingRecord{kFirst, kLast, 5, -5, {1, 2, 3}},
        SightingRecord{1, 2, std::nullopt, 3, {}}}) {
    EXPECT_EQ(*DecodeSighting(EncodeSighting(sighting)), sighting);
  }
  const ListingExtras extras{{"CA", ""}, {1, 65535}, {Protocol::kTls, Protocol::kQuic}};
  EXPECT_EQ(*DecodeExtras(EncodeExtras(extras)), extras);
  const FactsRecord facts{{1, 2, 3, 4, 5, true}, 6, 7};
  EXPECT_EQ(*DecodeFacts(EncodeFacts(facts)), facts);
  const Totals totals{1, 2, 3, 4, 5, std::numeric_limits<uint64_t>::max(), 7, 8, 9, 10, 11, 12};
  EXPECT_EQ(*DecodeTotals(EncodeTotals(totals)), totals);
  const std::vector<FieldText> fields = {{Field::kCommonName, "x"}, {Field::kUri, ""}};
  EXPECT_EQ(*DecodeFields(EncodeFields({fields.begin(), fields.end()})), fields);
  EXPECT_EQ(*DecodeNumber(EncodeNumber(5)), 5U);
  EXPECT_EQ(*DecodeText(EncodeText("text")), "text");
  const ProofRecord proof{3, kLast};
  EXPECT_EQ(*DecodeProof(EncodeProof(proof)), proof);
}

TEST(Records, EveryPrefixAndAnotherFormatIsCorrupt) {
  const std::string bytes = EncodeCertificate(FullCertificate());
  for (size_t length = 0; length < bytes.size(); ++length) {
    const auto read = DecodeCertificate(bytes.substr(0, length));
    ASSERT_FALSE(read.ok()) << length;
    EXPECT_EQ(read.error().code, Code::kCorrupt);
  }
  EXPECT_FALSE(DecodeCertificate(bytes + "x").ok());
  std::string newer = bytes;
  newer[0] = 2;
  EXPECT_FALSE(DecodeCertificate(newer).ok());
}

TEST(Records, ValuesNobodyWroteAreCorrupt) {
  const std::string facts = EncodeFacts({});
  std::string flags = facts;
  flags[1] = 2;
  EXPECT_FALSE(DecodeFacts(flags).ok());
  EXPECT_FALSE(DecodeNumber(EncodeNumber(0)).ok());
  CertRecord nowhere = FullCertificate();
  nowhere.der.length = 0;
  EXPECT_FALSE(DecodeCertificate(EncodeCertificate(nowhere)).ok());
  nowhere.der.length = kMaxCertificateBytes + 1;
  EXPECT_FALSE(DecodeCertificate(EncodeCertificate(nowhere)).ok());
  nowhere.der = {std::numeric_limits<uint64_t>::max(), 1};
  EXPECT_FALSE(DecodeCertificate(EncodeCertificate(nowhere)).ok());
  EXPECT_FALSE(DecodeFields(std::string("\x01\x01\x0a\x00", 4)).ok()) << "an issuer";
  EXPECT_FALSE(DecodeFields(std::string("\x01\xff\xff\x7f", 4)).ok()) << "a huge count";
  EXPECT_FALSE(DecodeExtras(std::string("\x01\x00\x00\x01\x0e", 5)).ok()) << "protocol 14";
  EXPECT_FALSE(DecodeExtras(std::string("\x01\x00\x01\x80\x80\x04\x00", 7)).ok()) << "port 65536";
  CertRecord half;
  half.key = 1;
  EXPECT_FALSE(DecodeCertificate(EncodeCertificate(half)).ok()) << "a key without listing";
}

TEST(ByteCodec, VarintsHaveAnEnd) {
  for (const uint64_t value :
       {uint64_t{0}, uint64_t{127}, uint64_t{128}, std::numeric_limits<uint64_t>::max()}) {
    ByteWriter writer;
    writer.Varint(value);
    ByteReader reader(writer.bytes());
    EXPECT_EQ(reader.Varint(), value);
    EXPECT_TRUE(reader.Finish("it").ok());
  }
  ByteReader endless(std::string_view("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 11));
  endless.Varint();
  EXPECT_TRUE(endless.failed());
}

TEST(RowKey, EndpointRoundTrip) {
  for (const std::optional<Endpoint>& endpoint :
       {std::optional<Endpoint>(), std::optional(At("192.0.2.7", 443)),
        std::optional(At("2001:db8::1", 65535, "mail.example.org"))}) {
    EXPECT_EQ(*ReadEndpoint(EndpointBytes(endpoint)), endpoint);
  }
  const std::string bytes = EndpointBytes(At("192.0.2.7", 443, "a"));
  EXPECT_FALSE(ReadEndpoint("").ok());
  EXPECT_FALSE(ReadEndpoint(bytes.substr(0, bytes.size() - 1)).ok());
  EXPECT_FALSE(ReadEndpoint(bytes + "b").ok());
  EXPECT_TRUE(bytes.starts_with(AddressPrefix(At("192.0.2.7", 443).ip, 443)));
  EXPECT_FALSE(bytes.starts_with(AddressPrefix(At("192.0.2.7", 443).ip, 444)));
}

TEST(RowKey, KeysRoundTrip) {
  const SightingKey sighting{3, EndpointBytes(At("192.0.2.7", 443)), 0xfffffffe};
  EXPECT_EQ(*DecodeSightingKey(EncodeSightingKey(sighting)), sighting);
  const PlaceKey place{EndpointBytes(At("192.0.2.7", 443)), 4};
  EXPECT_EQ(*DecodePlaceKey(EncodePlaceKey(place)), place);
  const KeyListingKey pair{3, 4};
  EXPECT_EQ(*DecodeKeyListingKey(EncodeKeyListingKey(pair)), pair);
  EXPECT_EQ(*DecodeChangeKey(EncodeChangeKey(1ULL << 40)), 1ULL << 40);
  EXPECT_FALSE(DecodeSightingKey("short").ok());
  EXPECT_FALSE(DecodePlaceKey("abcd").ok());
}

TEST(RowKey, TheLatestCertificateOfAListingComesFirst) {
  std::string previous;
  for (const UnixTime time : {kLast, UnixTime{1}, UnixTime{0}, UnixTime{-1}, kFirst}) {
    const ListingCertificateKey key{1, false, time, 5};
    const std::string bytes = EncodeListingCertificateKey(key);
    EXPECT_EQ(*DecodeListingCertificateKey(bytes), key);
    EXPECT_LT(previous, bytes);
    previous = bytes;
  }
}

TEST(Grouping, OrderRepeatsAndIssuerDoNotMatter) {
  const auto digest = [](const MakeUp& make_up) {
    return ListingDigest(ListingFields(Invent(make_up).parsed));
  };
  EXPECT_EQ(digest({.names = "a b"}), digest({.names = "b a b", .issuer = "other"}));
  EXPECT_NE(digest({.names = "a b"}), digest({.names = "ab"}));
  EXPECT_NE(digest({.names = "a b"}), digest({.names = "a"}));
}

TEST(Grouping, CertificateBytesEndWithTheOuterElement) {
  const std::string der(
      "\x30\x03"
      "abc",
      5);
  EXPECT_EQ(CertificateBytes(der + "xyz"), der);
  EXPECT_EQ(CertificateBytes(der), der);
  EXPECT_EQ(CertificateBytes(der.substr(0, 4)), der.substr(0, 4));
  EXPECT_EQ(CertificateBytes(""), "");
}

}  // namespace
}  // namespace commresolve::index
