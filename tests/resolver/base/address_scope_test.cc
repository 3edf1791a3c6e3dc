// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Address scopes: first and last address of every range, and those beside them.

#include "resolver/address_scope.h"

#include <gtest/gtest.h>

#include <string>

namespace commresolve {
namespace {

std::string Scope(const char* address) {
  return AddressScopeName(ScopeOf(*IpAddress::Parse(address)));
}

struct Case {
  const char* address;
  const char* scope;
};

TEST(AddressScope, V4) {
  const Case cases[] = {
      {"0.0.0.0", "unspecified"},
      {"0.255.255.255", "unspecified"},
      {"1.0.0.0", "global"},
      {"9.255.255.255", "global"},
      {"10.0.0.0", "private"},
      {"10.255.255.255", "private"},
      {"11.0.0.0", "global"},
      {"100.63.255.255", "global"},
      {"100.64.0.0", "shared"},
      {"100.127.255.255", "shared"},
      {"100.128.0.0", "global"},
      {"126.255.255.255", "global"},
      {"127.0.0.1", "loopback"},
      {"127.255.255.255", "loopback"},
      {"128.0.0.0", "global"},
      {"169.253.255.255", "global"},
      {"169.254.0.0", "link-local"},
      {"169.254.255.255", "link-local"},
      {"169.255.0.0", "global"},
      {"172.15.255.255", "global"},
      {"172.16.0.0", "private"},
      {"172.31.255.255", "private"},
      {"172.32.0.0", "global"},
      {"192.0.0.1", "reserved"},
      {"192.0.1.0", "global"},
      {"192.0.2.7", "documentation"},
      {"192.0.3.0", "global"},
      {"192.88.99.1", "reserved"},
      {"192.168.0.0", "private"},
      {"192.168.255.255", "private"},
      {"192.169.0.0", "global"},
      {"198.17.255.255", "global"},
      {"198.18.0.0", "reserved"},
      {"198.19.255.255", "reserved"},
      {"198.20.0.0", "global"},
      {"198.51.100.1", "documentation"},
      {"203.0.113.255", "documentation"},
      {"203.0.114.0", "global"},
      {"223.255.255.255", "global"},
      {"224.0.0.1", "multicast"},
      {"239.255.255.255", "multicast"},
      {"240.0.0.0", "reserved"},
      {"255.255.255.255", "reserved"},
  };
  for (const Case& c : cases) EXPECT_EQ(Scope(c.address), c.scope) << c.address;
}

TEST(AddressScope, V6) {
  const Case cases[] = {
      {"::", "unspecified"},
      {"::1", "loopback"},
      {"::2", "reserved"},
      {"2000::1", "global"},
      {"2620:fe::9", "global"},
      {"2001:0:1::1", "reserved"},
      {"2001:1ff:ffff::1", "reserved"},
      {"2001:200::1", "global"},
      {"2001:db7:ffff::1", "global"},
      {"2001:db8::1", "documentation"},
      {"2001:db9::1", "global"},
      {"3fff:fff::1", "documentation"},
      {"3fff:1000::1", "global"},
      {"4000::1", "reserved"},
      {"64:ff9b:1::1", "reserved"},
      {"fbff::1", "reserved"},
      {"fc00::1", "private"},
      {"fdff::1", "private"},
      {"fe80::1", "link-local"},
      {"febf::1", "link-local"},
      {"fec0::1", "private"},
      {"ff02::1", "multicast"},
      {"100::1", "reserved"},
  };
  for (const Case& c : cases) EXPECT_EQ(Scope(c.address), c.scope) << c.address;
}

TEST(AddressScope, AnAddressInsideAnotherDecides) {
  EXPECT_EQ(Scope("::ffff:10.0.0.1"), "private");
  EXPECT_EQ(Scope("::ffff:9.9.9.9"), "global");
  EXPECT_EQ(Scope("2002:0a00:0001::1"), "private");
  EXPECT_EQ(Scope("2002:0909:0909::1"), "global");
  EXPECT_EQ(Scope("64:ff9b::127.0.0.1"), "loopback");
  EXPECT_EQ(Scope("64:ff9b::9.9.9.9"), "global");
}

}  // namespace
}  // namespace commresolve
