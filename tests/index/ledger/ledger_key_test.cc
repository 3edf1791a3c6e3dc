// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is known about a key: certificates, words, endpoints, proofs.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "resolver/base/der.h"
#include "tests/index/ledger/ledger_fixture.h"

namespace commresolve::index {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr UnixTime kYear2024 = 1'704'067'200;

class KeyTest : public LedgerTest {
 protected:
  KeyTest() : key_(MakeKey()) {
    Open();
    old_ = MakeReal(key_.get(), "old.example.org", kYear2024);
    new_ = MakeReal(key_.get(), "new.example.org", kYear2024 + 1'000);
  }
  KeyId id() const { return old_.parsed.facts.key; }
  Candidate Find() {
    const auto found = ledger_->FindKey(id());
    EXPECT_TRUE(found.ok() && found->has_value());
    return **found;
  }
  void WrongKey(const Endpoint& endpoint, UnixTime time) {
    auto batch = *ledger_->Begin();
    EXPECT_TRUE(batch->AddWrongKey(endpoint, id(), time).ok());
    EXPECT_TRUE(batch->Commit().ok());
  }

  EvpPkeyPtr key_;
  Specimen old_;
  Specimen new_;
};

TEST_F(KeyTest, TheNewestCertificateSpeaks) {
  const PublicChain valid{true, 10, ""};
  Add(new_, Seen(new_, std::nullopt, 10, "ct"), &valid);
  Add(old_, Seen(old_, At("192.0.2.7", 443), 5, "probe"));
  const Candidate candidate = Find();
  EXPECT_EQ(candidate.certificate.id, new_.parsed.facts.id);
  EXPECT_THAT(candidate.certificate.names, ElementsAre("new.example.org"));
  EXPECT_EQ(candidate.certificate.public_chain.checked_for, 10);
  EXPECT_EQ(candidate.first_seen, 5);
  EXPECT_EQ(candidate.last_seen, 10);
  EXPECT_THAT(candidate.sources, UnorderedElementsAre("ct", "probe"));
  EXPECT_EQ(candidate.keywords, ExtractKeywords(new_.parsed, true, nullptr));
  EXPECT_THAT(*ledger_->ListingsOf(id()), UnorderedElementsAre(1, 2));
  ExpectSound();
}

TEST_F(KeyTest, ANewerCertificateWithoutChainDoesNotReplaceTheOneWith) {
  const PublicChain valid{true, 10, ""};
  const PublicChain invalid{false, 10, "unknown issuer"};
  Add(old_, Seen(old_, std::nullopt, 10), &valid);
  Add(new_, Seen(new_, std::nullopt, 11), &invalid);
  EXPECT_EQ(Find().certificate.id, old_.parsed.facts.id);
  ExpectSound();
}

TEST_F(KeyTest, AChainFoundLaterBringsTheCertificateToTheFront) {
  const PublicChain valid{true, 20, ""};
  const PublicChain invalid{false, 10, "no issuer was sent"};
  Add(old_, Seen(old_, std::nullopt, 10), &invalid);
  Add(new_, Seen(new_, std::nullopt, 11), &invalid);
  EXPECT_EQ(Find().certificate.id, new_.parsed.facts.id);
  Add(old_, Seen(old_, std::nullopt, 20), &valid);
  EXPECT_EQ(Find().certificate.id, old_.parsed.facts.id);
  ExpectSound();
}

TEST_F(KeyTest, ForgedCertificatesOfAListingStandBehindTheOneWithAChain) {
  const PublicChain valid{true, 10, ""};
  const PublicChain invalid{false, 10, "unknown issuer"};
  Add(old_, Seen(old_, std::nullopt, 10), &valid);
  for (int i = 1; i <= 5; ++i) {
    const Specimen forged = MakeReal(MakeKey().get(), "old.example.org", kYear2024 + i);
    Add(forged, Seen(forged, std::nullopt, 11), &invalid);
  }
  const auto keys = ledger_->KeysOf(ledger_->ListingsOf(id())->at(0), 2);
  ASSERT_TRUE(keys.ok());
  EXPECT_EQ(keys->total, 6U);
  EXPECT_EQ(keys->keys.at(0), id());
  ExpectSound();
}

TEST_F(KeyTest, WordsOfAnUncheckedChainAreSelfAsserted) {
  Add(old_, Seen(old_, std::nullopt, 5));
  EXPECT_EQ(Find().keywords, ExtractKeywords(old_.parsed, false, nullptr));
  EXPECT_FALSE(Find().certificate.public_chain.valid);
}

TEST_F(KeyTest, EndpointsAreMergedNewestFirst) {
  Add(old_, Seen(old_, At("192.0.2.7", 443), 5));
  Add(new_, Seen(new_, At("192.0.2.7", 443), 9));
  Add(new_, Seen(new_, At("192.0.2.8", 443), 20));
  const auto endpoints = Find().endpoints;
  ASSERT_EQ(endpoints.size(), 2U);
  EXPECT_EQ(endpoints[0].endpoint, At("192.0.2.8", 443));
  EXPECT_EQ(endpoints[1].first_seen, 5);
  EXPECT_EQ(endpoints[1].last_seen, 9);
}

TEST_F(KeyTest, ServerNamesThatContinueEachOtherStayApart) {
  for (const char* name : {"a", "ab", "a.b", ""}) {
    Add(old_, Seen(old_, At("192.0.2.7", 443, name), 5));
    Add(new_, Seen(new_, At("192.0.2.7", 443, name), 6));
  }
  EXPECT_EQ(Find().endpoints.size(), 4U);
}

TEST_F(KeyTest, AtMost64EndpointsAndTheyAreTheNewest) {
  auto batch = *ledger_->Begin();
  for (int i = 0; i < 500; ++i) {
    const int time = (i * 7) % 500;
    const auto ip = "198.51." + std::to_string(i / 250) + "." + std::to_string(i % 250);
    ASSERT_TRUE(batch->Add(Seen(old_, At(ip, 443), time), old_.parsed, nullptr).ok());
  }
  ASSERT_TRUE(batch->Commit().ok());
  batch.reset();
  const auto endpoints = Find().endpoints;
  ASSERT_EQ(endpoints.size(), 64U);
  for (size_t i = 0; i < endpoints.size(); ++i) {
    EXPECT_EQ(endpoints[i].last_seen, 499 - static_cast<UnixTime>(i));
  }
}

TEST_F(KeyTest, AProofIsKeptAndNeverGoesBack) {
  Observation probe = Seen(old_, At("192.0.2.7", 443), 50, "probe");
  probe.proof = true;
  Add(old_, probe);
  probe.time = 40;
  Add(old_, probe);
  Add(old_, Seen(old_, At("192.0.2.7", 443), 60));
  const Candidate candidate = Find();
  EXPECT_EQ(candidate.endpoints[0].proved_at, 50);
  EXPECT_EQ(candidate.endpoints[0].last_seen, 60);
  EXPECT_EQ(candidate.proved_at(), 50);
  EXPECT_EQ((*ledger_->Facts(1))->proved_at, 50);
}

TEST_F(KeyTest, AWrongKeyStandsUntilTheKeyIsProvedThereAgain) {
  const Endpoint place = At("192.0.2.7", 443, "example.org");
  Add(old_, Seen(old_, place, 50));
  WrongKey(place, 60);
  EXPECT_EQ(Find().endpoints[0].wrong_at, 60);
  WrongKey(place, 55);
  EXPECT_EQ(Find().endpoints[0].wrong_at, 60);
  Add(old_, Seen(old_, place, 58));
  EXPECT_EQ(Find().endpoints[0].wrong_at, 60);
  Add(new_, Seen(new_, place, 61));
  EXPECT_EQ(Find().endpoints[0].wrong_at, 60);
  Observation proof = Seen(new_, place, 61);
  proof.proof = true;
  Add(new_, proof);
  EXPECT_FALSE(Find().endpoints[0].wrong_at.has_value());
  WrongKey(place, 70);
  EXPECT_EQ(Find().endpoints[0].wrong_at, 70);
  ExpectSound();
}

TEST_F(KeyTest, WhatAClockThatWasAheadWroteIsReplaced) {
  const Endpoint place = At("192.0.2.7", 443, "example.org");
  const auto prove = [&](UnixTime time) {
    Observation proof = Seen(old_, place, time);
    proof.proof = true;
    Add(old_, proof);
  };
  prove(90'000);
  prove(90'000 - 120);
  EXPECT_EQ(Find().endpoints[0].proved_at, 90'000);
  prove(1'000);
  EXPECT_EQ(Find().endpoints[0].proved_at, 1'000);
  EXPECT_EQ(Find().proved_at(), 1'000);
  WrongKey(place, 90'000);
  EXPECT_EQ(Find().endpoints[0].wrong_at, 90'000);
  WrongKey(place, 1'005);
  EXPECT_EQ(Find().endpoints[0].wrong_at, 1'005);
  WrongKey(place, 90'000);
  prove(1'010);
  EXPECT_FALSE(Find().endpoints[0].wrong_at.has_value());
  ExpectSound();
}

TEST_F(KeyTest, AWrongKeyAtAPlaceWhereItWasNeverSeenIsNothing) {
  Add(old_, Seen(old_, At("192.0.2.7", 443, "a.example"), 50));
  WrongKey(At("192.0.2.7", 443), 60);
  WrongKey(At("192.0.2.7", 443, "a.exampl"), 60);
  WrongKey(At("192.0.2.9", 443), 60);
  ASSERT_EQ(Find().endpoints.size(), 1U);
  EXPECT_FALSE(Find().endpoints[0].wrong_at.has_value());
  auto batch = *ledger_->Begin();
  EXPECT_TRUE(batch->AddWrongKey(At("192.0.2.7", 443), InventedKey("unknown"), 60).ok());
  EXPECT_EQ(batch->AddWrongKey(At("192.0.2.7", 0), id(), 60).error().code, Code::kInvalidArgument);
  EXPECT_TRUE(batch->Commit().ok());
}

TEST_F(KeyTest, AnEndpointMayHaveSeveralKeys) {
  Add({.key = "a"}, At("192.0.2.7", 443, "a.example"), 1);
  Add({.key = "b"}, At("192.0.2.7", 443, "b.example"), 1);
  Add({.key = "b"}, At("192.0.2.7", 443), 1);
  Add({.key = "c"}, At("192.0.2.7", 8443), 1);
  Add({.key = "d"}, At("192.0.2.70", 443), 1);
  const IpAddress ip = *IpAddress::Parse("192.0.2.7");
  EXPECT_THAT(*ledger_->KeysAt(ip, 443, 10),
              UnorderedElementsAre(InventedKey("a"), InventedKey("b")));
  EXPECT_THAT(*ledger_->KeysAt(ip, 0, 10),
              UnorderedElementsAre(InventedKey("a"), InventedKey("b"), InventedKey("c")));
  EXPECT_EQ(ledger_->KeysAt(ip, 0, 1)->size(), 1U);
  EXPECT_THAT(*ledger_->KeysAt(ip, 80, 10), IsEmpty());
}

TEST_F(KeyTest, AKeyThatNobodyCanUseIsOnRecord) {
  const EvpPkeyPtr key = MakeKey();
  Specimen odd = MakeReal(key.get(), "a.example", 1'000);
  // The last byte of the point, which is then not on its curve.
  const std::string_view encoded = PartsOf(odd.der)->public_key;
  const auto end = static_cast<size_t>(encoded.data() - odd.der.data()) + encoded.size();
  odd.der[end - 1] = static_cast<char>(odd.der[end - 1] ^ 1);
  ASSERT_FALSE(ParseCertificate(odd.der).ok());
  odd.parsed = *ParseInBulk(odd.der);
  EXPECT_EQ(Add(odd, Seen(odd, At("192.0.2.1", 443), 2'000)), Added::kNew);
  const auto candidate = ledger_->FindKey(odd.parsed.facts.key);
  ASSERT_TRUE(candidate.ok()) << candidate.error().message;
  EXPECT_TRUE(candidate->has_value());
  EXPECT_TRUE(ledger_->Certificate(odd.parsed.facts.id).ok());
  ExpectSound();
}

TEST_F(KeyTest, KeysAreFoundByTheBeginningOfTheirText) {
  auto batch = *ledger_->Begin();
  std::vector<KeyId> keys;
  for (int i = 0; i < 300; ++i) {
    const Specimen specimen = Invent({.key = std::to_string(i)});
    keys.push_back(specimen.parsed.facts.key);
    ASSERT_TRUE(batch->Add(Seen(specimen, std::nullopt, 1), specimen.parsed, nullptr).ok());
  }
  ASSERT_TRUE(batch->Commit().ok());
  for (const KeyId& key : keys) {
    for (const size_t length : {4U, 5U, 6U, 7U, 8U, 9U, 51U, 52U}) {
      EXPECT_THAT(*ledger_->KeysByPrefix(KeyText(key).substr(0, length), 10),
                  testing::Contains(key));
    }
    EXPECT_THAT(*ledger_->KeysByPrefix(KeyText(key), 10), ElementsAre(key));
  }
  EXPECT_THAT(*ledger_->KeysByPrefix("zzzzzzzz", 10), IsEmpty());
  for (const char* bad : {"", "abc", "ab.c", "0189"}) {
    EXPECT_EQ(ledger_->KeysByPrefix(bad, 10).error().code, Code::kInvalidArgument) << bad;
  }
  EXPECT_FALSE(ledger_->KeysByPrefix(std::string(53, 'a'), 10).ok());
}

}  // namespace
}  // namespace commresolve::index
