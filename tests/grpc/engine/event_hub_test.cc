// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "grpc/engine/event_hub.h"

#include <gtest/gtest.h>

namespace commresolve::daemon {
namespace {

constexpr std::chrono::milliseconds kNow{0};

Event Told(const std::string& words, Verdict verdict, std::optional<Code> refusal = {}) {
  Event event;
  event.words = words;
  event.verdict = verdict;
  if (refusal) event.refusal = Error{*refusal, "reason"};
  return event;
}

TEST(EventHubTest, OnlyAnotherVerdictIsTold) {
  EventHub hub;
  const auto watcher = hub.Watch("");
  hub.Tell(Told("a", Verdict::kMatch));
  hub.Tell(Told("a", Verdict::kMatch));
  hub.Tell(Told("a", Verdict::kChanged, Code::kUntrusted));
  hub.Tell(Told("a", Verdict::kMatch));
  EXPECT_EQ(watcher->Next(kNow)->verdict, Verdict::kMatch);
  EXPECT_EQ(watcher->Next(kNow)->verdict, Verdict::kChanged);
  EXPECT_EQ(watcher->Next(kNow)->verdict, Verdict::kMatch);
  EXPECT_FALSE(watcher->Next(kNow));
}

TEST(EventHubTest, AnotherReasonOfARefusalIsTold) {
  EventHub hub;
  const auto watcher = hub.Watch("");
  hub.Tell(Told("a", Verdict::kNew, Code::kUnavailable));
  hub.Tell(Told("a", Verdict::kNew, Code::kDeadlineExceeded));
  EXPECT_TRUE(watcher->Next(kNow));
  EXPECT_TRUE(watcher->Next(kNow));
}

TEST(EventHubTest, AWatcherOfOneNameHearsOfNoOther) {
  EventHub hub;
  const auto watcher = hub.Watch("b");
  hub.Tell(Told("a", Verdict::kMatch));
  hub.Tell(Told("b", Verdict::kMatch));
  EXPECT_EQ(watcher->Next(kNow)->words, "b");
  EXPECT_FALSE(watcher->Next(kNow));
}

TEST(EventHubTest, WhatIsUnboundIsToldOnceAndForgotten) {
  EventHub hub;
  hub.Tell(Told("a", Verdict::kMatch));
  hub.Tell(Told("b", Verdict::kMatch));
  const auto watcher = hub.Watch("");
  hub.KeepOnly({"b"}, 7);
  hub.KeepOnly({"b"}, 8);
  const auto event = watcher->Next(kNow);
  ASSERT_TRUE(event);
  EXPECT_TRUE(event->unbound);
  EXPECT_EQ(event->words, "a");
  EXPECT_EQ(event->time, 7);
  EXPECT_FALSE(watcher->Next(kNow));
  hub.Tell(Told("a", Verdict::kMatch));
  EXPECT_TRUE(watcher->Next(kNow));
}

TEST(EventHubTest, ASlowWatcherLosesTheOldest) {
  EventHub hub;
  const auto watcher = hub.Watch("");
  for (int i = 0; i < 1'500; ++i) hub.Tell(Told(std::to_string(i), Verdict::kMatch));
  EXPECT_EQ(watcher->Next(kNow)->words, "500");
}

TEST(EventHubTest, AWatcherThatIsGoneCountsNoMore) {
  EventHub hub;
  auto watcher = hub.Watch("");
  EXPECT_EQ(hub.watcher_count(), 1U);
  watcher.reset();
  EXPECT_EQ(hub.watcher_count(), 0U);
  hub.Tell(Told("a", Verdict::kMatch));
}

}  // namespace
}  // namespace commresolve::daemon
