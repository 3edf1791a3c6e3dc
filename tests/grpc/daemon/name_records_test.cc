// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "grpc/daemon/name_records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace commresolve::daemon {
namespace {

using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr UnixTime kNow = 1'000'000;

KeyId Key(char c) {
  KeyId key;
  key.bytes.fill(static_cast<uint8_t>(c));
  return key;
}

class NameRecordsTest : public testing::Test {
 protected:
  NameRecordsTest() { config_.resolver.max_age = 1'000; }

  void Bind(const std::string& words, char key, const std::string& name = "") {
    Binding binding;
    binding.words = *KeywordSet::FromText(words);
    binding.accepted = {Key(key)};
    binding.tier = Tier::kPinned;
    binding.name = name;
    ASSERT_TRUE(known_.Put(binding).ok());
  }
  SeenEndpoint& Prove(char key, const std::string& ip, UnixTime at,
                      Protocol protocol = Protocol::kTls) {
    Candidate& candidate = keys_[Key(key)];
    candidate.certificate.key = Key(key);
    candidate.endpoints.push_back(
        {{*IpAddress::Parse(ip), 443, protocol, ""}, at, at, at, std::nullopt});
    return candidate.endpoints.back();
  }
  std::vector<SnapshotRecord> Records() {
    return *NameRecords(known_, config_, kNow, [this](const KeyId& key) {
      const auto found = keys_.find(key);
      return Result<std::optional<Candidate>>(found == keys_.end() ? std::nullopt
                                                                   : std::optional(found->second));
    });
  }
  std::vector<std::string> Names() {
    std::vector<std::string> names;
    for (const SnapshotRecord& record : Records()) {
      if (record.kind != RecordKind::kKeyName) names.push_back(record.name);
    }
    return names;
  }

  KnownCerts known_;
  Config config_;
  std::map<KeyId, Candidate> keys_;
};

TEST_F(NameRecordsTest, TheWordsInEveryOrderWithAndWithoutSuffix) {
  Bind("debian bugs", 'k');
  Prove('k', "192.0.2.1", kNow - 10);
  EXPECT_THAT(Names(), UnorderedElementsAre("bugs-debian.cert.alt", "debian-bugs.cert.alt",
                                            "bugs-debian", "debian-bugs"));
  config_.bare_names = false;
  EXPECT_THAT(Names(), UnorderedElementsAre("bugs-debian.cert.alt", "debian-bugs.cert.alt"));
  Bind("a b c d", 'k');
  EXPECT_EQ(Names().size(), 3U) << "four words have one order";
}

TEST_F(NameRecordsTest, AKeyHasAName) {
  Bind("x", 'k');
  Prove('k', "192.0.2.1", kNow - 10);
  const auto records = Records();
  const auto of_key = std::find_if(records.begin(), records.end(), [](const auto& record) {
    return record.kind == RecordKind::kKeyName;
  });
  ASSERT_NE(of_key, records.end());
  EXPECT_EQ(of_key->name, KeyText(Key('k')) + ".key.cert.alt");
}

TEST_F(NameRecordsTest, OnlyProofsThatAreYoungAndStandMakeARecord) {
  Bind("x", 'k');
  EXPECT_THAT(Records(), IsEmpty()) << "nothing known";
  Prove('k', "192.0.2.1", kNow - 1'000);
  EXPECT_THAT(Records(), IsEmpty()) << "too old";
  Prove('k', "192.0.2.2", kNow + 5);
  EXPECT_THAT(Records(), IsEmpty()) << "from the future";
  Prove('k', "192.0.2.3", kNow - 10).wrong_at = kNow - 5;
  EXPECT_THAT(Records(), IsEmpty()) << "another key answers there";
  Prove('k', "192.0.2.4", kNow - 20);
  const auto records = Records();
  ASSERT_FALSE(records.empty());
  EXPECT_EQ(records[0].addresses, std::vector<IpAddress>{*IpAddress::Parse("192.0.2.4")});
  EXPECT_EQ(records[0].proved_until, kNow - 20 + 1'000);
}

TEST_F(NameRecordsTest, OneAddressOfEachFamilyTlsFirst) {
  Bind("x", 'k');
  Prove('k', "192.0.2.1", kNow - 5, Protocol::kSmtp);
  Prove('k', "192.0.2.2", kNow - 50);
  Prove('k', "192.0.2.3", kNow - 90);
  Prove('k', "2001:db8::1", kNow - 70);
  const auto records = Records();
  ASSERT_FALSE(records.empty());
  EXPECT_THAT(records[0].addresses, UnorderedElementsAre(*IpAddress::Parse("192.0.2.2"),
                                                         *IpAddress::Parse("2001:db8::1")));
  EXPECT_EQ(records[0].proved_until, kNow - 70 + 1'000) << "until the first of them ends";
}

TEST_F(NameRecordsTest, RejectedKeysHaveNoRecord) {
  Bind("x", 'k');
  Prove('k', "192.0.2.1", kNow - 10);
  ASSERT_TRUE(known_.Revoke({Key('k'), 0, ""}).ok());
  EXPECT_THAT(Records(), IsEmpty());
}

TEST_F(NameRecordsTest, DnsNamesNeedAPublicChainOrTheUser) {
  config_.bare_names = false;
  Bind("x", 'k');
  Prove('k', "192.0.2.1", kNow - 10);
  keys_[Key('k')].certificate.names = {"bank.example", "*.bank.example"};
  EXPECT_THAT(Names(), UnorderedElementsAre("x.cert.alt"));
  keys_[Key('k')].certificate.public_chain.valid = true;
  EXPECT_THAT(Names(), UnorderedElementsAre("x.cert.alt", "bank.example"));
  config_.resolver.dns_names = false;
  EXPECT_THAT(Names(), UnorderedElementsAre("x.cert.alt"));
  config_.resolver.dns_names = true;
  keys_[Key('k')].certificate.public_chain.valid = false;
  Bind("x", 'k', "mine.example");
  EXPECT_THAT(Names(), UnorderedElementsAre("x.cert.alt", "mine.example"));
}

TEST_F(NameRecordsTest, ADnsNameOfTwoIdentitiesIsNobodys) {
  config_.bare_names = false;
  Bind("x", 'k', "both.example");
  Bind("y", 'l', "both.example");
  Prove('k', "192.0.2.1", kNow - 10);
  EXPECT_THAT(Names(), UnorderedElementsAre("x.cert.alt")) << "even if one is not reachable";
  Prove('l', "192.0.2.2", kNow - 10);
  EXPECT_THAT(Names(), UnorderedElementsAre("x.cert.alt", "y.cert.alt"));
}

TEST(SameAnswers, LooksAtNamesAndAddressesAlone) {
  SnapshotRecord record{"a.cert.alt", "", {*IpAddress::Parse("192.0.2.7")}, 100};
  const std::vector<SnapshotRecord> before{record};
  record.proved_until = 200;
  EXPECT_TRUE(SameAnswers(before, {record}));
  SnapshotRecord moved = record;
  moved.addresses = {*IpAddress::Parse("192.0.2.8")};
  EXPECT_FALSE(SameAnswers(before, {moved}));
  SnapshotRecord renamed = record;
  renamed.name = "b.cert.alt";
  EXPECT_FALSE(SameAnswers(before, {renamed}));
  EXPECT_FALSE(SameAnswers(before, {record, renamed}));
  EXPECT_FALSE(SameAnswers(before, {}));
}

}  // namespace
}  // namespace commresolve::daemon
