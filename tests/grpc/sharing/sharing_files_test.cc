// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The files of what the user chose.

#include <gtest/gtest.h>

#include "grpc/sharing/announcements.h"
#include "grpc/sharing/membership.h"
#include "grpc/sharing/rollovers.h"

namespace commresolve::daemon {
namespace {

KeyId Key(uint8_t byte) {
  KeyId key;
  key.bytes.fill(byte);
  return key;
}

TEST(MembershipTest, IsReadAsItWasWritten) {
  Membership membership{true, false, true, true, {}};
  ASSERT_TRUE(
      AddBootstrap({"192.0.2.1:4222", "[2001:db8::1]:1", "peers.example.org:9"}, membership).ok());
  const auto read = ParseMembership(ToText(membership), "membership");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(*read, membership);
  EXPECT_EQ(*ParseMembership("", "membership"), Membership());
}

TEST(MembershipTest, TheSamePeerStaysOne) {
  Membership membership;
  ASSERT_TRUE(AddBootstrap({"192.0.2.1:1", "192.0.2.1:1"}, membership).ok());
  ASSERT_TRUE(AddBootstrap({"192.0.2.1:1"}, membership).ok());
  EXPECT_EQ(membership.bootstrap.size(), 1U);
}

TEST(MembershipTest, BadPeersChangeNothing) {
  Membership membership;
  for (const char* peer : {"192.0.2.1", "", "host:0", "a b:1", "host:1\nx", "[::1]"}) {
    EXPECT_FALSE(AddBootstrap({"192.0.2.1:1", peer}, membership).ok()) << peer;
  }
  std::vector<std::string> many;
  for (int i = 1; i <= 33; ++i) many.push_back("192.0.2.1:" + std::to_string(i));
  EXPECT_FALSE(AddBootstrap(many, membership).ok());
  EXPECT_TRUE(membership.bootstrap.empty());
}

TEST(MembershipTest, ForeignTextIsNamedWithItsLine) {
  for (const char* text :
       {"joined maybe\n", "joined\n", "joined yes", "colour blue\n", "bootstrap nowhere\n"}) {
    const auto read = ParseMembership(std::string("# a comment\n") + text, "file");
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().code, Code::kCorrupt);
    EXPECT_TRUE(read.error().message.starts_with("file:2:")) << read.error().message;
  }
}

std::vector<DatedAnnouncement> Samples() {
  const Endpoint four{*IpAddress::Parse("9.9.9.9"), 443, Protocol::kTls, "a.example.org"};
  const Endpoint six{*IpAddress::Parse("2620:fe::9"), 5222, Protocol::kXmppClient, ""};
  return {{{Key(1), "/etc/keys/my server.pem", {four, six}, {"a.example.org", "b.example.org"}},
           1'800'000'000},
          {{Key(2), "/k", {}, {}}, 0},
          {{Key(3), "", {six}, {}, "/srv/my statement"}, 7}};
}

TEST(AnnouncementsTest, AreReadAsTheyWereWritten) {
  const auto read = ParseAnnouncements(ToText(Samples()), "file");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(*read, Samples());
  EXPECT_TRUE(ParseAnnouncements("", "file")->empty());
}

TEST(AnnouncementsTest, EveryCutAndForeignLineIsNamed) {
  const std::string key = "key " + KeyText(Key(1)) + " 5 /k\n";
  for (const std::string& text : std::vector<std::string>{
           "name a.example.org\n", "endpoint 9.9.9.9:1 tls \n",
           "key " + KeyText(Key(1)) + " 5 relative\n", "key " + KeyText(Key(1)) + " x /k\n",
           "vouched " + KeyText(Key(1)) + " 5 relative\n", "key zzz 5 /k\n",
           key + "endpoint 9.9.9.9 tls \n", key + "endpoint 9.9.9.9:1 what \n",
           key + "endpoint host:1 tls \n", key + "name \n", key + "colour blue\n",
           key.substr(0, key.size() - 1)}) {
    const auto read = ParseAnnouncements(text, "file");
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().code, Code::kCorrupt);
  }
}

TEST(RolloversTest, AreReadAsTheyWereWritten) {
  const std::vector<RolloverStatement> all = {
      {Key(5), "/etc/keys/my server.pem", {Key(1), Key(2)}, 1'800'000'000}, {Key(2), "/k", {}, 0}};
  const auto read = ParseRollovers(ToText(all), "file");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(*read, all);
  EXPECT_TRUE(ParseRollovers("", "file")->empty());
  const dht::Rollover record = RecordOf(all[0]);
  EXPECT_EQ(record.old_key, all[0].key);
  EXPECT_EQ(record.new_keys, all[0].new_keys);
  EXPECT_EQ(record.valid_from, all[0].from);
}

TEST(RolloversTest, EveryCutAndForeignLineIsNamed) {
  const std::string key = "key " + KeyText(Key(5)) + " 5 /k\n";
  const std::string next = "new " + KeyText(Key(1)) + "\n";
  for (const std::string& text : std::vector<std::string>{
           next, "key " + KeyText(Key(5)) + " 5 relative\n", "key " + KeyText(Key(5)) + " x /k\n",
           "key " + KeyText(Key(5)) + " -1 /k\n", "key zzz 5 /k\n", key + "new zzz\n",
           key + next + next, key + "new " + KeyText(Key(5)) + "\n", key + "name a.example\n",
           key + "new " + KeyText(Key(1)) + " 5\n", key.substr(0, key.size() - 1)}) {
    const auto read = ParseRollovers(text, "file");
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().code, Code::kCorrupt);
  }
}

TEST(AnnouncementsTest, TheRecordSaysTheSame) {
  const DatedAnnouncement dated = Samples()[0];
  const dht::OwnerRecord record = RecordOf(dated);
  EXPECT_EQ(record.subject, dated.announcement.key);
  EXPECT_EQ(record.endpoints, dated.announcement.endpoints);
  EXPECT_EQ(record.names, dated.announcement.names);
  EXPECT_EQ(record.valid_from, dated.since);
}

}  // namespace
}  // namespace commresolve::daemon
