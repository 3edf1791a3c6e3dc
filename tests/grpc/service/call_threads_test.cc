// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Threads for calls: as many as allowed, a bounded queue behind them, and nothing is lost.

#include "grpc/service/call_threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>

namespace commresolve::daemon {
namespace {

TEST(CallThreadsTest, RunAtOnceAndInTheEnd) {
  std::atomic<int> done{0};
  {
    CallThreads threads(4, 100);
    std::latch together(4);
    for (int i = 0; i < 4; ++i) {
      // Each waits for the others: that ends only if four run at once.
      ASSERT_TRUE(threads.Run([&] {
        together.arrive_and_wait();
        ++done;
      }));
    }
    for (int i = 0; i < 100; ++i) {
      while (!threads.Run([&] { ++done; })) std::this_thread::yield();
    }
  }
  EXPECT_EQ(done, 104);
}

TEST(CallThreadsTest, TooMuchIsRefused) {
  std::atomic<int> done{0};
  {
    CallThreads threads(1, 2);
    std::latch release(1);
    std::latch begun(1);
    ASSERT_TRUE(threads.Run([&] {
      begun.count_down();
      release.wait();
      ++done;
    }));
    begun.wait();
    EXPECT_TRUE(threads.Run([&] { ++done; }));
    EXPECT_TRUE(threads.Run([&] { ++done; }));
    EXPECT_FALSE(threads.Run([&] { ++done; }));
    release.count_down();
  }
  EXPECT_EQ(done, 3);
}

}  // namespace
}  // namespace commresolve::daemon
