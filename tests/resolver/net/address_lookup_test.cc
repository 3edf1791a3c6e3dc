// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// DNS hints from a server of the test's own.

#include "resolver/net/address_lookup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/dns_server.h"

namespace commresolve {
namespace {

using fakes::DnsServer;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

constexpr milliseconds kPatience{10'000};

IpAddress Ip(const std::string& text) { return *IpAddress::Parse(text); }

class AddressLookupTest : public ::testing::Test {
 protected:
  AddressLookupTest() : lookup_(std::move(*MakeDnsLookup({dns_.server()}, "cert.alt"))) {}

  LookupAnswer Ask(const std::string& host, const std::string& service = "",
                   milliseconds patience = kPatience) {
    std::vector<LookupAnswer> answers = lookup_->Lookup({{host, service}}, patience);
    EXPECT_EQ(answers.size(), 1U);
    EXPECT_EQ(answers[0].question.host, host);
    EXPECT_EQ(answers[0].question.service, service);
    EXPECT_EQ(answers[0].addresses.empty(), !answers[0].error.empty());
    return answers[0];
  }

  static std::vector<std::string> Text(const LookupAnswer& answer) {
    std::vector<std::string> text;
    for (const auto& address : answer.addresses) {
      text.push_back(address.ip.ToString() + " " + std::to_string(address.port));
    }
    return text;
  }

  DnsServer dns_;
  std::unique_ptr<AddressLookup> lookup_;
};

TEST_F(AddressLookupTest, FindsBothFamilies) {
  dns_.AddAddress("www.example", Ip("192.0.2.1"));
  dns_.AddAddress("www.example", Ip("2001:db8::1"));
  EXPECT_THAT(Text(Ask("www.example")), UnorderedElementsAre("192.0.2.1 0", "2001:db8::1 0"));
}

TEST_F(AddressLookupTest, NamesUnderAltAreNeverAskedFor) {
  const auto own = std::move(*MakeDnsLookup({dns_.server()}, "cert.home"));
  for (const std::string host : {"debian-bugs.cert.alt", "alt", "x.ALT.", "words.cert.home"}) {
    for (const std::string service : {"", "_xmpp-client._tcp"}) {
      const auto answers = own->Lookup({{host, service}}, kPatience);
      EXPECT_THAT(answers[0].error, HasSubstr("not in DNS")) << host;
    }
  }
  EXPECT_EQ(dns_.queries(), 0U);
  EXPECT_THAT(Ask("not-alt.example").error, testing::Not(HasSubstr("not in DNS")));
}

TEST_F(AddressLookupTest, AServiceUnderAltIsNotLookedUp) {
  dns_.AddService("_xmpp-client._tcp.chat.example", "secret-words.cert.alt", 5222);
  EXPECT_THAT(Ask("chat.example", "_xmpp-client._tcp").error, HasSubstr("not in DNS"));
  EXPECT_EQ(dns_.queries(), 1U);
}

TEST_F(AddressLookupTest, FollowsAnAlias) {
  dns_.AddAlias("www.example", "host.example");
  dns_.AddAddress("host.example", Ip("192.0.2.1"));
  EXPECT_THAT(Text(Ask("www.example")), ElementsAre("192.0.2.1 0"));
}

TEST_F(AddressLookupTest, FollowsServicesInTheirOrder) {
  const std::string name = "_xmpp-client._tcp.im.example";
  dns_.AddService(name, "late.example", 5224, 20, 0);
  dns_.AddService(name, "light.example", 5223, 10, 1);
  dns_.AddService(name, "heavy.example", 5222, 10, 90);
  dns_.AddAddress("late.example", Ip("192.0.2.3"));
  dns_.AddAddress("light.example", Ip("192.0.2.2"));
  dns_.AddAddress("heavy.example", Ip("192.0.2.1"));
  EXPECT_THAT(Text(Ask("im.example", "_xmpp-client._tcp")),
              ElementsAre("192.0.2.1 5222", "192.0.2.2 5223", "192.0.2.3 5224"));
}

TEST_F(AddressLookupTest, ARootAsTargetMeansNone) {
  dns_.AddService("_imaps._tcp.example", ".", 0, 0, 0);
  EXPECT_EQ(Ask("example", "_imaps._tcp").error, "the service is not offered");
  EXPECT_EQ(dns_.queries(), 1U);
}

TEST_F(AddressLookupTest, SaysWhyThereIsNothing) {
  EXPECT_EQ(Ask("nobody.example").error, "domain name not found");
  EXPECT_EQ(Ask("nobody.example", "_imaps._tcp").error, "domain name not found");
  dns_.AddService("_imaps._tcp.example", "gone.example", 993);
  EXPECT_EQ(Ask("example", "_imaps._tcp").error, "domain name not found");
}

TEST_F(AddressLookupTest, AnswersInTheOrderOfTheQuestions) {
  dns_.AddAddress("a.example", Ip("192.0.2.1"));
  dns_.AddAddress("c.example", Ip("192.0.2.3"));
  const auto answers =
      lookup_->Lookup({{"a.example", ""}, {"b.example", ""}, {"c.example", ""}}, kPatience);
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_THAT(Text(answers[0]), ElementsAre("192.0.2.1 0"));
  EXPECT_EQ(answers[1].error, "domain name not found");
  EXPECT_THAT(Text(answers[2]), ElementsAre("192.0.2.3 0"));
}

TEST_F(AddressLookupTest, DoesNotWaitLongerThanItsPatience) {
  dns_.SetSilent(true);
  const auto begin = steady_clock::now();
  EXPECT_EQ(Ask("www.example", "", milliseconds(50)).error, "no answer within 50 ms");
  EXPECT_EQ(Ask("www.example", "_imaps._tcp", milliseconds(50)).error, "no answer within 50 ms");
  EXPECT_LT(steady_clock::now() - begin, kPatience);
}

TEST_F(AddressLookupTest, TakesOnlySoManyAddresses) {
  for (int i = 1; i <= 40; ++i) dns_.AddAddress("many.example", Ip("192.0.2." + std::to_string(i)));
  EXPECT_EQ(Ask("many.example").addresses.size(), 32U);
}

TEST_F(AddressLookupTest, AsksOnlyForTheNameItself) {
  Ask("nobody.example");
  for (const std::string& asked : dns_.asked()) EXPECT_THAT(asked, HasSubstr(" nobody.example"));
}

TEST_F(AddressLookupTest, ReadsNoHostsFile) {
  // /etc/hosts of every Debian knows this name.
  EXPECT_EQ(Ask("ip6-allnodes").error, "domain name not found");
}

TEST(MakeDnsLookupTest, RefusesWhatIsNoServer) {
  for (const char* server : {"dns.example", "192.0.2.1:0", "192.0.2.1:x", "", "[::1"}) {
    EXPECT_EQ(MakeDnsLookup({server}, "cert.alt").error().code, Code::kInvalidArgument) << server;
  }
  for (const char* server : {"192.0.2.1", "192.0.2.1:5353", "[::1]:53", "::1"}) {
    EXPECT_TRUE(MakeDnsLookup({server}, "cert.alt").ok()) << server;
  }
}

}  // namespace
}  // namespace commresolve
