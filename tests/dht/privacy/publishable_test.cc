// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What stays at home, with the reason.

#include "dht/privacy/publishable.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace commresolve::dht {
namespace {

using enum Privacy;

TEST(PrivacyOfName, NamesThatSomebodyRegisteredArePublic) {
  for (const char* name : {"bugs.debian.org", "*.debian.org", "debian.org", "a.b.co.uk",
                           "user.github.io", "xn--mnchen-3ya.de", "internal.debian.org",
                           "local.example-shop.com", "test-lab.de", "myexample.com"}) {
    EXPECT_EQ(PrivacyOf(name), kPublic) << name;
  }
}

TEST(PrivacyOfName, OthersStayAtHome) {
  const std::vector<std::pair<const char*, Privacy>> names = {
      {"printer", kSingleLabel},
      {"*.printer", kSingleLabel},
      {"org", kSingleLabel},
      {"local", kPrivateSuffix},
      {"printer.local", kPrivateSuffix},
      {"nas.lan", kPrivateSuffix},
      {"a.b.internal", kPrivateSuffix},
      {"fritz.home.arpa", kPrivateSuffix},
      {"7.2.0.192.in-addr.arpa", kPrivateSuffix},
      {"debian.cert.alt", kPrivateSuffix},
      {"abcdefgh.onion", kPrivateSuffix},
      {"www.test", kPrivateSuffix},
      {"x.localhost", kPrivateSuffix},
      {"www.example.com", kPrivateSuffix},
      {"dc1.corp", kPrivateSuffix},
      {"server.mycompany", kPrivateSuffix},
      {"dc1.ad.firma-intern", kPrivateSuffix},
      {"co.uk", kPrivateSuffix},
      {"", kNoName},
      {"Bugs.debian.org", kNoName},
      {"192.0.2.7", kNoName},
      {"a..org", kNoName},
  };
  for (const auto& [name, privacy] : names) EXPECT_EQ(PrivacyOf(name), privacy) << name;
}

TEST(PrivacyOfName, RareNamesStayAtHome) {
  EXPECT_EQ(PrivacyOf("bugs.debian.org", kLeastSightings), kPublic);
  EXPECT_EQ(PrivacyOf("bugs.debian.org", kLeastSightings - 1), kRareName);
  EXPECT_EQ(PrivacyOf("nas.lan", 100), kPrivateSuffix);
}

TEST(PrivacyOfEndpoint, AddressAndServerNameBothCount) {
  const IpAddress global = *IpAddress::Parse("9.9.9.9");
  const IpAddress home = *IpAddress::Parse("192.168.1.1");
  const auto privacy = [](const IpAddress& ip, const char* name, size_t sightings) {
    return PrivacyOf(Endpoint{ip, 443, Protocol::kTls, name}, sightings);
  };
  EXPECT_EQ(privacy(global, "", 0), kPublic);
  EXPECT_EQ(privacy(global, "bugs.debian.org", 3), kPublic);
  EXPECT_EQ(privacy(global, "bugs.debian.org", 2), kRareName);
  EXPECT_EQ(privacy(global, "nas.lan", 9), kPrivateSuffix);
  EXPECT_EQ(privacy(home, "bugs.debian.org", 9), kPrivateAddress);
}

TEST(PrivacyText, SaysWhy) {
  EXPECT_EQ(std::string(PrivacyText(kPublic)), "public");
  for (const Privacy privacy :
       {kPrivateAddress, kNoName, kSingleLabel, kPrivateSuffix, kRareName}) {
    EXPECT_EQ(std::string(PrivacyText(privacy)).find("unknown"), std::string::npos);
  }
}

}  // namespace
}  // namespace commresolve::dht
