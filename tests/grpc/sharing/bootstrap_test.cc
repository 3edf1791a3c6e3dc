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
