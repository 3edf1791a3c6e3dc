// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Text and socket form there and back; what is neither is refused.

#include "dht/node/peer_address.h"

#include <gtest/gtest.h>

namespace commresolve::dht {
namespace {

TEST(PeerAddressTest, TextAndSocketFormThereAndBack) {
  for (const char* text : {"192.0.2.7:4222", "[2001:db8::1]:65535"}) {
    const auto address = PeerAddress::Parse(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->ToString(), text);
    socklen_t size = 0;
    const sockaddr_storage storage = address->ToSocket(&size);
    const auto again = PeerAddress::FromSocket(reinterpret_cast<const sockaddr*>(&storage), size);
    ASSERT_TRUE(again);
    EXPECT_EQ(*again, *address);
  }
}

TEST(PeerAddressTest, RefusesNamesAndMissingPorts) {
  for (const char* text : {"", "192.0.2.7", "node.example:4222", "192.0.2.7:0", "192.0.2.7:70000",
                           "192.0.2.7:4222x", "[2001:db8::1]"}) {
    EXPECT_FALSE(PeerAddress::Parse(text)) << text;
  }
  const sockaddr other{.sa_family = AF_UNIX, .sa_data = {}};
  EXPECT_FALSE(PeerAddress::FromSocket(&other, sizeof other));
}

}  // namespace
}  // namespace commresolve::dht
