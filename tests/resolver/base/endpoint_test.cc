// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Addresses, protocols and endpoints as text.

#include "resolver/endpoint.h"

#include <gtest/gtest.h>

#include <string>

namespace commresolve {
namespace {

using namespace std::string_literals;

IpAddress Ip(std::string_view text) { return IpAddress::Parse(text).value(); }

TEST(IpAddressTest, ParsesAndWritesRfc5952) {
  EXPECT_EQ(Ip("192.0.2.7").ToString(), "192.0.2.7");
  EXPECT_EQ(Ip("2001:DB8:0:0:0:0:0:1").ToString(), "2001:db8::1");
  EXPECT_EQ(Ip("[2001:db8::1]").ToString(), "2001:db8::1");
  EXPECT_EQ(Ip("2001:db8:0:1:1:1:1:1").ToString(), "2001:db8:0:1:1:1:1:1");
  EXPECT_EQ(Ip("::").ToString(), "::");
}

TEST(IpAddressTest, AMappedAddressIsTheIpv4Address) {
  EXPECT_EQ(Ip("::ffff:192.0.2.7"), Ip("192.0.2.7"));
  EXPECT_FALSE(Ip("::ffff:192.0.2.7").is_v6());
  EXPECT_EQ(Ip("::ffff:192.0.2.7").bytes(), "\xc0\x00\x02\x07"s);
}

TEST(IpAddressTest, RefusesEverythingElse) {
  for (const std::string& text :
       {""s, "192.0.2"s, "192.0.2.256"s, "192.0.2.07"s, "192.0.2.7 "s, "192.0.2.7\0x"s,
        "192.0.2.7\0"s, "0x7f.1"s, "[192.0.2.7]"s, "[::1"s, "[]"s, "[[::1]]"s, "::1]"s,
        "fe80::1%eth0"s, "::1%1"s, "debian.org"s, std::string(100, ':'),
        "::1" + std::string(60, ' ')}) {
    EXPECT_FALSE(IpAddress::Parse(text).ok()) << text;
  }
}

TEST(IpAddressTest, FromBytesWantsFourOrSixteen) {
  EXPECT_EQ(IpAddress::FromBytes("\x7f\0\0\1"s)->ToString(), "127.0.0.1");
  EXPECT_EQ(IpAddress::FromBytes(std::string(15, '\0') + "\1")->ToString(), "::1");
  for (const size_t size : {0U, 3U, 5U, 15U, 17U}) {
    EXPECT_FALSE(IpAddress::FromBytes(std::string(size, 'x')).ok());
  }
}

TEST(IpAddressTest, OrderIsFamilyThenBytes) {
  EXPECT_LT(Ip("9.9.9.9"), Ip("10.0.0.0"));
  EXPECT_LT(Ip("255.255.255.255"), Ip("::"));
}

TEST(ProtocolTest, NamesReadBack) {
  for (int i = 0; i <= static_cast<int>(Protocol::kQuic); ++i) {
    const auto protocol = static_cast<Protocol>(i);
    EXPECT_EQ(ParseProtocol(ProtocolName(protocol)), protocol);
  }
  EXPECT_EQ(ParseProtocol("xmpp"), Protocol::kXmppClient);
  EXPECT_FALSE(ParseProtocol("TLS").has_value());
  EXPECT_FALSE(ParseProtocol("").has_value());
}

TEST(ProtocolTest, DefaultsFollowIana) {
  EXPECT_EQ(DefaultProtocol(443), Protocol::kTls);
  EXPECT_EQ(DefaultProtocol(587), Protocol::kSmtp);
  EXPECT_EQ(DefaultProtocol(5222), Protocol::kXmppClient);
  EXPECT_EQ(DefaultProtocol(3389), Protocol::kTls) << "what cannot be spoken is never a default";
  EXPECT_EQ(DefaultProtocol(0), Protocol::kTls);
  EXPECT_EQ(DefaultPort(Protocol::kTls), 443);
  EXPECT_EQ(DefaultPort(Protocol::kPostgres), 5432);
}

TEST(ProtocolTest, CanProbeWhatItSpeaks) {
  EXPECT_TRUE(CanProbe(Protocol::kLdap));
  EXPECT_TRUE(CanProbe(Protocol::kFtp));
  EXPECT_FALSE(CanProbe(Protocol::kRdp));
  EXPECT_FALSE(CanProbe(Protocol::kQuic));
}

TEST(EndpointTest, WritesTheProtocolOnlyIfItIsNotTheDefault) {
  EXPECT_EQ((Endpoint{Ip("192.0.2.7"), 443, Protocol::kTls, ""}.ToString()), "192.0.2.7:443");
  EXPECT_EQ((Endpoint{Ip("2001:db8::1"), 5222, Protocol::kXmppClient, "a"}.ToString()),
            "[2001:db8::1]:5222");
  EXPECT_EQ((Endpoint{Ip("2001:db8::1"), 443, Protocol::kXmppClient, ""}.ToString()),
            "[2001:db8::1]:443/xmpp-client");
}

struct HostPortCase {
  const char* text;
  const char* host;
  uint16_t port;
};

TEST(HostPortTest, TakesEveryFormApart) {
  for (const HostPortCase& row : {HostPortCase{"debian.org", "debian.org", 0},
                                  {"debian.org:8443", "debian.org", 8443},
                                  {"[2001:db8::1]:443", "2001:db8::1", 443},
                                  {"[2001:db8::1]", "2001:db8::1", 0},
                                  {"2001:db8::1", "2001:db8::1", 0},
                                  {"https://debian.org/a:b?c", "debian.org", 0},
                                  {"https://debian.org:8443?q", "debian.org", 8443},
                                  {"https://[::1]:65535/", "::1", 65535},
                                  {"debian bugs", "debian bugs", 0}}) {
    const auto parsed = ParseHostPort(row.text);
    ASSERT_TRUE(parsed.ok()) << row.text;
    EXPECT_EQ(parsed->host, row.host) << row.text;
    EXPECT_EQ(parsed->port, row.port) << row.text;
  }
}

TEST(HostPortTest, RefusesEmptyHostsAndOddPorts) {
  for (const char* text : {"", ":443", "a:", "a:0", "a:65536", "a:-1", "a:+1", "a:443x", "a: 443",
                           "[::1]443", "[::1", "[]:443", "https://", "https:///x"}) {
    EXPECT_FALSE(ParseHostPort(text).ok()) << text;
  }
}

}  // namespace
}  // namespace commresolve
