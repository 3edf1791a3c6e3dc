// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "grpc/sharing/bootstrap.h"

#include <gtest/gtest.h>

namespace commresolve::daemon {
namespace {

class FixedLookup final : public AddressLookup {
 public:
  std::vector<LookupAnswer> Lookup(const std::vector<LookupQuestion>& questions,
                                   std::chrono::milliseconds /*patience*/) override {
    std::vector<LookupAnswer> answers;
    for (const LookupQuestion& question : questions) {
      LookupAnswer answer{question, {}, ""};
      if (question.host == "peers.example.org") {
        answer.addresses = {{*IpAddress::Parse("192.0.2.9"), 0},
                            {*IpAddress::Parse("2001:db8::9"), 0}};
      }
      answers.push_back(answer);
    }
    return answers;
  }
};

Result<ListenAddresses> Listen(std::vector<std::string> texts) {
  Config config;
  config.dht_listen = std::move(texts);
  return ListenAddressesOf(config);
}

TEST(BootstrapTest, ByDefaultItListensOnBothFamilies) {
  const auto listen = ListenAddressesOf(Config());
  ASSERT_TRUE(listen.ok());
  EXPECT_EQ(listen->v4->ToString(), "0.0.0.0:4222");
  EXPECT_EQ(listen->v6->ToString(), "[::]:4222");
}

TEST(BootstrapTest, OneFamilyAndAnyPortWillDo) {
  const auto listen = Listen({"[::1]:0"});
  ASSERT_TRUE(listen.ok()) << listen.error().message;
  EXPECT_FALSE(listen->v4);
  EXPECT_EQ(listen->v6->port, 0);
  EXPECT_EQ(Listen({"127.0.0.1:0"})->v4->port, 0);
}

TEST(BootstrapTest, WhatIsNoPlaceToListenIsRefused) {
  for (const std::vector<std::string>& texts :
       std::vector<std::vector<std::string>>{{},
                                             {"localhost:4222"},
                                             {"127.0.0.1"},
                                             {"127.0.0.1:70000"},
                                             {":0"},
                                             {"127.0.0.1:1", "127.0.0.2:2"}}) {
    EXPECT_FALSE(Listen(texts).ok()) << (texts.empty() ? "none" : texts[0]);
  }
}

TEST(BootstrapTest, AddressesAreTakenAndNamesAskedFor) {
  FixedLookup dns;
  const std::vector<std::string> peers = {"192.0.2.1:4222", "peers.example.org:4300",
                                          "unknown.example.org:1", "192.0.2.1:4222"};
  const auto addresses = AddressesOfPeers(peers, &dns);
  ASSERT_EQ(addresses.size(), 3U);
  EXPECT_EQ(addresses[0].ToString(), "192.0.2.1:4222");
  EXPECT_EQ(addresses[1].ToString(), "192.0.2.9:4300");
  EXPECT_EQ(addresses[2].ToString(), "[2001:db8::9]:4300");
  EXPECT_EQ(AddressesOfPeers(peers, nullptr).size(), 1U);
}

}  // namespace
}  // namespace commresolve::daemon
