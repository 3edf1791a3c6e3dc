// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The pure functions of the shared header.

#include "nss-module/wire.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace commresolve::nss {
namespace {

TEST(WireTest, SipHashAgreesWithOthers) {
  // What Python 3.11 calls siphash13, with a key of zeros.
  const auto hash = [](std::string_view text) { return SipHash({0, 0}, text.data(), text.size()); };
  EXPECT_EQ(hash("a"), 0x407448d2b89b1813U);
  EXPECT_EQ(hash("abc"), 0xc03bc3a0042630f2U);
  EXPECT_EQ(hash("12345678"), 0x3489982430560a87U);
  EXPECT_EQ(hash("debian-bugs.cert.alt"), 0x2cf44efa5a4c9a52U);
  // The first vector of Rust's SipHasher13: no input, key 00 01 .. 0f.
  EXPECT_EQ(SipHash({0x0706050403020100, 0x0f0e0d0c0b0a0908}, "", 0), 0xabac0158050fc4dcU);
}

std::string Normal(std::string_view name) {
  char out[kMostName + 1];
  return {out, NormaliseName(name.data(), name.size(), out)};
}

TEST(WireTest, NormaliseName) {
  EXPECT_EQ(Normal("A-b_9.Cert.ALT."), "a-b_9.cert.alt");
  for (const char* name : {"", ".", "..", ".a", "a..b", "a..", "-a", "a-", "a.-b", "a-.b", "a b",
                           "a\tb", "\xff", "a@b", "a[b", "a`b", "a{b", "a/b", "a:b"}) {
    EXPECT_EQ(Normal(name), "") << name;
  }
  EXPECT_EQ(Normal(std::string_view("a\0b", 3)), "");
}

TEST(WireTest, OwnNames) {
  const auto own = [](std::string_view name) { return IsOwnName(name.data(), name.size()); };
  for (const char* name :
       {"cert.alt", "a.cert.alt", "A.CERT.ALT..", ".cert.alt", "\xff.cert.alt"}) {
    EXPECT_TRUE(own(name)) << name;
  }
  for (const char* name : {"", ".", "alt", "xcert.alt", "cert.alt.org", "cert-alt", "a.cert.al"}) {
    EXPECT_FALSE(own(name)) << name;
  }
}

TEST(WireTest, ReservedNames) {
  const auto reserved = [](std::string_view name) {
    return IsReservedName(name.data(), name.size());
  };
  for (const char* name : {"localhost", "a.localhost", "wpad", "wpad.a", "isatap", "_gateway",
                           "_outbound", "a.local", "a.onion"}) {
    EXPECT_TRUE(reserved(name)) << name;
  }
  for (const char* name : {"alocalhost", "localhost.a", "wpa", "wpadd", "a.wpad", "gateway"}) {
    EXPECT_FALSE(reserved(name)) << name;
  }
}

}  // namespace
}  // namespace commresolve::nss
