// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Adding observations: what is stored once, what is grouped, what is queued.

#include "index/ledger/ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/index/ledger/ledger_fixture.h"

namespace commresolve::index {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class AddTest : public LedgerTest {
 protected:
  AddTest() { Open(); }
};

void ExpectSameCounts(const LedgerCounts& a, const LedgerCounts& b) {
  EXPECT_EQ(a.certificates, b.certificates);
  EXPECT_EQ(a.chain_certificates, b.chain_certificates);
  EXPECT_EQ(a.keys, b.keys);
  EXPECT_EQ(a.endpoints, b.endpoints);
  EXPECT_EQ(a.listings, b.listings);
  EXPECT_EQ(a.observations, b.observations);
}

TEST_F(AddTest, AnEmptyLedgerHasNothing) {
  ExpectSameCounts(Counts(), {});
  EXPECT_EQ(ledger_->Certificate({}).error().code, Code::kNotFound);
  EXPECT_FALSE(ledger_->GetListing(1)->has_value());
  EXPECT_FALSE(ledger_->FindKey({})->has_value());
  EXPECT_EQ(ledger_->ChangedListings(10)->up_to, 0U);
  ExpectSound();
}

TEST_F(AddTest, TheSameObservationTwiceChangesNothing) {
  const Specimen specimen = Invent({});
  const auto seen = Seen(specimen, At("192.0.2.7", 443, "example.org"), 5'000);
  EXPECT_EQ(Add(specimen, seen), Added::kNew);
  const LedgerCounts before = Counts();
  EXPECT_EQ(before.certificates, 1U);
  EXPECT_EQ(before.keys, 1U);
  EXPECT_EQ(before.endpoints, 1U);
  EXPECT_EQ(before.listings, 1U);
  EXPECT_EQ(before.observations, 1U);
  TakeChanged();
  EXPECT_EQ(Add(specimen, seen), Added::kKnown);
  ExpectSameCounts(Counts(), before);
  EXPECT_EQ(*ledger_->ChangedCount(), 0U);
  EXPECT_EQ(*ledger_->Certificate(specimen.parsed.facts.id), specimen.der);
  ExpectSound();
}

TEST_F(AddTest, LaterAndEarlierObservationsWidenTheTimes) {
  Add({}, At("192.0.2.7", 443), 5'000);
  Add({}, At("192.0.2.7", 443), 9'000);
  Add({}, At("192.0.2.7", 443), 4'000);
  const auto facts = ledger_->Facts(1);
  EXPECT_EQ((*facts)->first_seen, 4'000);
  EXPECT_EQ((*facts)->last_seen, 9'000);
  EXPECT_EQ((*facts)->observations, 1U);
  EXPECT_EQ(Counts().observations, 1U);
}

TEST_F(AddTest, AnotherSourceIsAnotherObservation) {
  const Specimen specimen = Invent({});
  Add(specimen, Seen(specimen, At("192.0.2.7", 443), 5'000, "probe"));
  Add(specimen, Seen(specimen, At("192.0.2.7", 443), 5'000, "ct"));
  Add(specimen, Seen(specimen, std::nullopt, 5'000, "ct"));
  EXPECT_EQ(Counts().observations, 3U);
  EXPECT_EQ(Counts().endpoints, 1U);
  ExpectSound();
}

TEST_F(AddTest, EndpointsAreDistinctAddressesWithPort) {
  Add({}, At("192.0.2.7", 443, "a.example"), 1);
  Add({}, At("192.0.2.7", 443, "b.example"), 1);
  Add({.key = "other"}, At("192.0.2.7", 443), 1);
  EXPECT_EQ(Counts().endpoints, 1U);
  Add({}, At("192.0.2.7", 444), 1);
  Add({}, At("2001:db8::7", 443), 1);
  EXPECT_EQ(Counts().endpoints, 3U);
  ExpectSound();
}

TEST_F(AddTest, ARenewalSharesTheListing) {
  Add({.names = "a.example b.example", .key = "old"}, std::nullopt, 1'000);
  EXPECT_THAT(TakeChanged(), ElementsAre(1));
  Add({.names = "b.example a.example b.example", .key = "new", .not_before = 2'000}, std::nullopt,
      2'000);
  EXPECT_EQ(Counts().listings, 1U);
  EXPECT_EQ(Counts().certificates, 2U);
  EXPECT_THAT(TakeChanged(), IsEmpty());
  EXPECT_EQ((*ledger_->Facts(1))->not_after, 92'000);
  const auto keys = ledger_->KeysOf(1, 10);
  EXPECT_EQ(keys->total, 2U);
  EXPECT_THAT(keys->keys, ElementsAre(InventedKey("new"), InventedKey("old")));
  EXPECT_EQ(keys->certificates.size(), 2U);
  const auto one = ledger_->KeysOf(1, 1);
  EXPECT_THAT(one->keys, ElementsAre(InventedKey("new")));
  EXPECT_EQ(one->total, 2U);
  ExpectSound();
}

TEST_F(AddTest, FieldsDecideTheListing) {
  Specimen dns = Invent({.names = "example.org"});
  Specimen common = Invent({.names = "example.org", .serial = "2"});
  common.parsed.fields[0].field = Field::kCommonName;
  Add(dns, Seen(dns, std::nullopt, 1));
  Add(common, Seen(common, std::nullopt, 1));
  EXPECT_EQ(Counts().listings, 2U);
  EXPECT_THAT((*ledger_->GetListing(1))->fields,
              ElementsAre(FieldText{Field::kDnsName, "example.org"}));
  ExpectSound();
}

TEST_F(AddTest, NewIssuerPortAndProtocolAreQueuedAndKept) {
  Add({}, At("192.0.2.7", 443), 1);
  EXPECT_THAT(TakeChanged(), ElementsAre(1));
  Add({}, At("192.0.2.8", 443), 2);
  EXPECT_THAT(TakeChanged(), IsEmpty());
  Add({}, At("192.0.2.7", 8443), 3);
  EXPECT_THAT(TakeChanged(), ElementsAre(1));
  Add({.issuer = "Second CA", .serial = "2"}, At("192.0.2.7", 443), 4);
  EXPECT_THAT(TakeChanged(), ElementsAre(1));
  Endpoint mail = At("192.0.2.7", 443);
  mail.protocol = Protocol::kSmtp;
  Add({}, mail, 5);
  EXPECT_THAT(TakeChanged(), ElementsAre(1));
  const auto listing = *ledger_->GetListing(1);
  EXPECT_THAT(listing->issuers, ElementsAre("Example CA", "Second CA"));
  EXPECT_THAT(listing->ports, ElementsAre(443, 8443));
  EXPECT_THAT(listing->protocols, ElementsAre(Protocol::kTls, Protocol::kSmtp));
  const auto snapshot = *ledger_->ReadSnapshot();
  const auto texts = *snapshot->Texts(1, true);
  EXPECT_EQ(texts->issuers, listing->issuers);
  ASSERT_EQ(texts->fields.size(), listing->fields.size());
  EXPECT_EQ(texts->fields[0].text, listing->fields[0].text);
  EXPECT_EQ(texts->fields[0].field, listing->fields[0].field);
  EXPECT_THAT((*snapshot->Texts(1, false))->issuers, IsEmpty());
  EXPECT_FALSE(snapshot->Texts(2, true)->has_value());
  ExpectSound();
}

TEST_F(AddTest, PortsAndIssuersOfAListingAreBounded) {
  auto batch = *ledger_->Begin();
  for (int i = 1; i <= 100; ++i) {
    const Specimen specimen = Invent({.issuer = "CA " + std::to_string(i)});
    const auto port = static_cast<uint16_t>(i);
    ASSERT_TRUE(
        batch->Add(Seen(specimen, At("192.0.2.7", port), i), specimen.parsed, nullptr).ok());
  }
  ASSERT_TRUE(batch->Commit().ok());
  batch.reset();
  EXPECT_THAT(TakeChanged(), ElementsAre(1));
  EXPECT_EQ((*ledger_->GetListing(1))->ports.size(), 64U);
  EXPECT_EQ((*ledger_->GetListing(1))->issuers.size(), 16U);
  EXPECT_EQ(ledger_->KeysOf(1, 200)->certificates.size(), 64U);
  Add({.issuer = "CA 200"}, At("192.0.2.7", 200), 1);
  EXPECT_THAT(TakeChanged(), IsEmpty());
  ExpectSound();
}

TEST_F(AddTest, APublicChainIsQueuedOnceAndKept) {
  const Specimen specimen = Invent({});
  const PublicChain bad{false, 100, "no issuer"};
  const PublicChain good{true, 200, ""};
  Add(specimen, Seen(specimen, std::nullopt, 100), &bad);
  TakeChanged();
  EXPECT_EQ((*ledger_->CheckThatHolds({specimen.der}, 150))->reason, "no issuer");
  EXPECT_FALSE((*ledger_->GetListing(1))->public_chain);
  Add(specimen, Seen(specimen, std::nullopt, 200), &good);
  EXPECT_THAT(TakeChanged(), ElementsAre(1));
  EXPECT_TRUE((*ledger_->GetListing(1))->public_chain);
  EXPECT_TRUE((*ledger_->Facts(1))->public_chain);
  const PublicChain later{false, 300, "expired"};
  Add(specimen, Seen(specimen, std::nullopt, 300), &later);
  EXPECT_THAT(TakeChanged(), IsEmpty());
  const auto check = *ledger_->CheckThatHolds({specimen.der}, 300);
  ASSERT_TRUE(check);
  EXPECT_TRUE(check->valid);
  EXPECT_EQ(check->checked_for, 200);
  EXPECT_FALSE(ledger_->CheckThatHolds({specimen.der}, 200 + kChainCheckLasts)->has_value());
  ExpectSound();
}

TEST_F(AddTest, IssuersAreStoredOnceAndMayBecomeLeaves) {
  const Specimen first = Invent({.names = "a.example"});
  const Specimen second = Invent({.names = "b.example"});
  const Specimen issuer = Invent({.names = "ca.example"});
  const PublicChain bad{false, 1, "no root"};
  Observation seen = Seen(first, std::nullopt, 1);
  seen.chain.push_back(issuer.der);
  seen.chain.push_back(first.der);
  Add(first, seen, &bad);
  seen.chain = {second.der, issuer.der};
  Add(second, seen);
  EXPECT_EQ(Counts().certificates, 2U);
  EXPECT_EQ(Counts().chain_certificates, 1U);
  EXPECT_TRUE(ledger_->CheckThatHolds({first.der, issuer.der}, 1)->has_value());
  EXPECT_FALSE(ledger_->CheckThatHolds({first.der, second.der}, 1)->has_value());
  EXPECT_FALSE(ledger_->CheckThatHolds({first.der}, 1)->has_value());
  EXPECT_EQ(*ledger_->Certificate(issuer.parsed.facts.id), issuer.der);
  EXPECT_FALSE(ledger_->CheckThatHolds({issuer.der}, 1)->has_value());
  ExpectSound();
  EXPECT_EQ(Add(issuer, Seen(issuer, std::nullopt, 2)), Added::kNew);
  EXPECT_EQ(Counts().certificates, 3U);
  EXPECT_EQ(Counts().chain_certificates, 0U);
  ExpectSound();
}

TEST_F(AddTest, BytesAfterTheCertificateAreNotKept) {
  const Specimen specimen = Invent({});
  Observation seen = Seen(specimen, std::nullopt, 1);
  seen.chain[0] += "trailing";
  EXPECT_EQ(Add(specimen, seen), Added::kNew);
  EXPECT_EQ(*ledger_->Certificate(specimen.parsed.facts.id), specimen.der);
  ExpectSound();
}

Result<PublicChain> NoChain() { return PublicChain{false, 7'000, "no issuer"}; }

TEST_F(AddTest, AddLightlyParsesOnlyWhatIsNotListed) {
  const Specimen specimen = Invent({});  // Nobody can parse it.
  const auto seen = Seen(specimen, At("192.0.2.7", 443), 7'000);
  auto batch = *ledger_->Begin();
  EXPECT_EQ(batch->AddLightly(seen, nullptr, NoChain).error().code, Code::kInvalidArgument);
  EXPECT_EQ(*batch->Add(Seen(specimen, std::nullopt, 1), specimen.parsed, nullptr), Added::kNew);
  EXPECT_EQ(*batch->AddLightly(seen, nullptr, NoChain), Added::kKnown);
  const Specimen real = MakeReal(MakeKey().get(), "real.example", 1'000);
  EXPECT_EQ(*batch->AddLightly(Seen(real, std::nullopt, 7'000), nullptr, NoChain), Added::kNew);
  ASSERT_TRUE(batch->Commit().ok());
  EXPECT_EQ((*ledger_->Facts(1))->last_seen, 7'000);
  EXPECT_EQ(Counts().observations, 3U);
  EXPECT_EQ((*ledger_->CheckThatHolds({real.der}, 7'000))->reason, "no issuer");
  ExpectSound();
}

TEST_F(AddTest, AddLightlyAsksForACheckOnlyIfNoneHolds) {
  const Specimen real = MakeReal(MakeKey().get(), "real.example", 1'000);
  const Observation seen = Seen(real, std::nullopt, 7'000);
  int asked = 0;
  const auto check = [&asked] {
    ++asked;
    return NoChain();
  };
  auto batch = *ledger_->Begin();
  const auto fails = [] { return Result<PublicChain>(Error{Code::kUnavailable, "no roots"}); };
  EXPECT_EQ(batch->AddLightly(seen, nullptr, fails).error().code, Code::kUnavailable);
  EXPECT_EQ(*batch->AddLightly(seen, nullptr, check), Added::kNew);
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(*batch->AddLightly(seen, nullptr, check), Added::kKnown);
  EXPECT_EQ(asked, 1);
  const PublicChain valid{true, 7'000, ""};
  EXPECT_EQ(*batch->AddLightly(seen, &valid, check), Added::kKnown);
  EXPECT_EQ(asked, 1);
  ASSERT_TRUE(batch->Commit().ok());
  EXPECT_TRUE((*ledger_->CheckThatHolds({real.der}, 7'000))->valid);
}

TEST_F(AddTest, AddLightlyFilesNothingUnderAnotherDigest) {
  const Specimen real = MakeReal(MakeKey().get(), "real.example", 1'000);
  const Specimen other = MakeReal(MakeKey().get(), "other.example", 1'000);
  Observation seen = Seen(real, std::nullopt, 7'000);
  seen.certificate = std::make_shared<const ParsedCertificate>(other.parsed);
  auto batch = *ledger_->Begin();
  EXPECT_EQ(batch->AddLightly(seen, nullptr, NoChain).error().code, Code::kInvalidArgument);
  ASSERT_TRUE(batch->Commit().ok());
  EXPECT_EQ(Counts().certificates, 0U);
}

TEST_F(AddTest, ADroppedBatchLeavesNoTrace) {
  Add({}, std::nullopt, 1);
  const LedgerCounts before = Counts();
  {
    auto batch = *ledger_->Begin();
    const Specimen specimen = Invent({.names = "lost.example"});
    ASSERT_TRUE(batch->Add(Seen(specimen, std::nullopt, 1), specimen.parsed, nullptr).ok());
    ExpectSameCounts(Counts(), before);
  }
  ExpectSameCounts(Counts(), before);
  EXPECT_EQ(Add({.names = "next.example"}, std::nullopt, 1), Added::kNew);
  EXPECT_EQ(Counts().listings, 2U);
  ExpectSound();
}

TEST_F(AddTest, ABadObservationIsRefusedAndTheBatchGoesOn) {
  const Specimen specimen = Invent({});
  const auto good = Seen(specimen, At("192.0.2.7", 443), 1);
  auto batch = *ledger_->Begin();
  std::vector<Observation> bad(6, good);
  bad[0].chain.clear();
  bad[1].source = "two words";
  bad[2].source = "";
  bad[3].endpoint->port = 0;
  bad[4].endpoint->server_name = std::string(256, 'a');
  bad[5].chain[0] = Invent({.serial = "another"}).der;
  for (const Observation& observation : bad) {
    const auto added = batch->Add(observation, specimen.parsed, nullptr);
    ASSERT_FALSE(added.ok());
    EXPECT_EQ(added.error().code, Code::kInvalidArgument);
  }
  EXPECT_TRUE(batch->Add(good, specimen.parsed, nullptr).ok());
  EXPECT_TRUE(batch->Commit().ok());
  EXPECT_EQ(batch->Commit().error().code, Code::kInternal);
  EXPECT_EQ(Counts().observations, 1U);
}

TEST_F(AddTest, ASecondBatchInOneThreadIsRefusedNotADeadlock) {
  auto batch = *ledger_->Begin();
  EXPECT_EQ(ledger_->Begin().error().code, Code::kInternal);
  EXPECT_EQ(ledger_->SetMeta("name", "value").error().code, Code::kInternal);
  batch.reset();
  EXPECT_TRUE(ledger_->SetMeta("name", "value").ok());
}

TEST_F(AddTest, TheQueueIsOrderedBoundedAndMayBeForgottenTwice) {
  for (int i = 0; i < 5; ++i) Add({.names = "n" + std::to_string(i)}, std::nullopt, 1);
  Add({.names = "n0"}, At("192.0.2.7", 443), 2);
  EXPECT_EQ(*ledger_->ChangedCount(), 6U);
  const auto first = *ledger_->ChangedListings(2);
  EXPECT_THAT(first.listings, ElementsAre(1, 2));
  // The index has them durably, and the process dies here: they come again.
  Open();
  EXPECT_EQ(ledger_->ChangedListings(2)->up_to, first.up_to);
  EXPECT_TRUE(ledger_->ForgetChanged(first.up_to).ok());
  EXPECT_TRUE(ledger_->ForgetChanged(first.up_to).ok());
  EXPECT_TRUE(ledger_->ForgetChanged(0).ok());
  EXPECT_THAT(ledger_->ChangedListings(100)->listings, ElementsAre(3, 4, 5, 1));
  TakeChanged();
  // Numbers go on after the queue was empty, so an old up_to forgets nothing new.
  Add({.names = "new"}, std::nullopt, 1);
  EXPECT_TRUE(ledger_->ForgetChanged(first.up_to).ok());
  EXPECT_EQ(*ledger_->ChangedCount(), 1U);
  ExpectSound();
}

TEST_F(AddTest, EachListingVisitsAllInOrderAndStops) {
  auto batch = *ledger_->Begin();
  for (int i = 0; i < 700; ++i) {
    const Specimen specimen = Invent({.names = "n" + std::to_string(i)});
    ASSERT_TRUE(batch->Add(Seen(specimen, std::nullopt, 1), specimen.parsed, nullptr).ok());
  }
  ASSERT_TRUE(batch->Commit().ok());
  batch.reset();
  ListingId expected = 0;
  EXPECT_TRUE(ledger_
                  ->EachListing(1,
                                [&](const Listing& listing) {
                                  EXPECT_EQ(listing.id, ++expected);
                                  return true;
                                })
                  .ok());
  EXPECT_EQ(expected, 700U);
  size_t visited = 0;
  EXPECT_TRUE(ledger_->EachListing(1, [&](const Listing&) { return ++visited < 3; }).ok());
  EXPECT_EQ(visited, 3U);
}

TEST_F(AddTest, NamedValuesSurviveReopening) {
  EXPECT_EQ(*ledger_->GetMeta("generation"), "");
  EXPECT_TRUE(ledger_->SetMeta("generation", "7").ok());
  EXPECT_TRUE(ledger_->SetMeta("format", "not the ledger's own").ok());
  EXPECT_FALSE(ledger_->SetMeta("", "x").ok());
  Open();
  EXPECT_EQ(*ledger_->GetMeta("generation"), "7");
}

TEST_F(AddTest, EverythingSurvivesReopening) {
  for (int i = 0; i < 50; ++i) {
    Add({.names = "n" + std::to_string(i % 20), .key = std::to_string(i % 30)},
        At("192.0.2." + std::to_string(i), 443), i);
  }
  const LedgerCounts before = Counts();
  Open();
  ExpectSameCounts(Counts(), before);
  EXPECT_EQ(before.bytes, Counts().bytes);
  ExpectSound();
}

}  // namespace
}  // namespace commresolve::index
