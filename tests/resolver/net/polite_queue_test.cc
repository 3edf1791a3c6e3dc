// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The order in which endpoints get their turn.

#include "resolver/net/polite_queue.h"

#include <gtest/gtest.h>

namespace commresolve {
namespace {

std::vector<Endpoint> At(const std::vector<std::string>& addresses) {
  std::vector<Endpoint> endpoints;
  for (const std::string& address : addresses) {
    endpoints.push_back({*IpAddress::Parse(address), 443, Protocol::kTls, ""});
  }
  return endpoints;
}

TEST(PoliteQueueTest, KeepsTheOrderExceptForThoseWhoWait) {
  const auto endpoints = At({"127.0.0.1", "127.0.0.1", "127.0.0.2", "127.0.0.1"});
  PoliteQueue queue(endpoints, 1);
  EXPECT_EQ(queue.Next(), 0U);
  EXPECT_EQ(queue.Next(), 2U);
  EXPECT_EQ(queue.Next(), std::nullopt);
  queue.Release(2);
  EXPECT_EQ(queue.Next(), std::nullopt);
  queue.Release(0);
  EXPECT_EQ(queue.Next(), 1U);
  EXPECT_EQ(queue.Next(), std::nullopt);
  queue.Release(1);
  EXPECT_EQ(queue.Next(), 3U);
  queue.Release(3);
  EXPECT_EQ(queue.Next(), std::nullopt);
}

TEST(PoliteQueueTest, WhatIsReturnedComesNext) {
  const auto endpoints = At({"127.0.0.1", "127.0.0.2"});
  PoliteQueue queue(endpoints, 1);
  EXPECT_EQ(queue.Next(), 0U);
  queue.Return(0);
  EXPECT_EQ(queue.Next(), 0U);
  EXPECT_EQ(queue.Next(), 1U);
  EXPECT_EQ(queue.Next(), std::nullopt);
}

TEST(PoliteQueueTest, AllowsAsManyAsItIsTold) {
  const auto endpoints = At({"127.0.0.1", "127.0.0.1", "127.0.0.1"});
  PoliteQueue queue(endpoints, 2);
  EXPECT_EQ(queue.Next(), 0U);
  EXPECT_EQ(queue.Next(), 1U);
  EXPECT_EQ(queue.Next(), std::nullopt);
}

}  // namespace
}  // namespace commresolve
