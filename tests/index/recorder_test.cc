// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// When a recorder commits: for those who wait to write, and otherwise for nobody.

#include "index/recorder.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "tests/bench/generator.h"
#include "tests/index/ledger/ledger_fixture.h"

namespace commresolve::index {
namespace {

using std::chrono::steady_clock;

constexpr auto kPatience = std::chrono::seconds(20);  // With a sanitizer, on a busy machine.
constexpr auto kNever = std::chrono::hours(1);
constexpr size_t kEndless = 1'000'000'000;

class RecorderTest : public testing::Test {
 protected:
  RecorderTest() {
    std::string name = testing::TempDir() + "/recorder_test.XXXXXX";
    folder_ = ::mkdtemp(name.data());
    store_ = *Store::Open(folder_, "");
  }
  ~RecorderTest() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  /// Adds the same again and again, at least once, until `enough()`; false if that takes too long.
  template <class Enough>
  bool AddUntil(Recorder& recorder, Enough enough) {
    const Observation seen{{generator_.Make(1).der}, {}, bench::kNow, "import", false, ""};
    const auto end = steady_clock::now() + kPatience;
    do {
      if (!recorder.Add(seen).ok() || steady_clock::now() > end) return false;
    } while (!enough());
    return true;
  }
  bool AddFor(Recorder& recorder, std::chrono::milliseconds time) {
    const auto end = steady_clock::now() + time;
    return AddUntil(recorder, [end] { return steady_clock::now() > end; });
  }
  bool AddUntilCommitted(Recorder& recorder) {
    const uint64_t before = store_->ledger().LastChange();
    return AddUntil(recorder, [&] { return store_->ledger().LastChange() != before; });
  }

  const bench::Generator generator_;
  std::string folder_;
  std::unique_ptr<Store> store_;
};

TEST_F(RecorderTest, AThreadThatWaitsIsLetIn) {
  Recorder recorder(*store_, {.observations_per_batch = kEndless, .longest_batch = kNever});
  ASSERT_TRUE(AddFor(recorder, std::chrono::milliseconds(0)));
  for (int round = 0; round < 3; ++round) {
    std::atomic<bool> written{false};
    std::thread other([&] {
      EXPECT_TRUE(store_->ledger().SetMeta("other", std::to_string(round)).ok());
      written = true;
    });
    EXPECT_TRUE(AddUntil(recorder, [&] { return written.load(); })) << round;
    if (!written) static_cast<void>(recorder.Finish({}));
    other.join();
  }
  EXPECT_EQ(*store_->ledger().GetMeta("other"), "2");
}

TEST_F(RecorderTest, AProcessThatWaitsIsLetIn) {
  Recorder recorder(*store_, {.observations_per_batch = kEndless, .longest_batch = kNever});
  ASSERT_TRUE(AddFor(recorder, std::chrono::milliseconds(0)));
  const pid_t child = Fork([&] {
    auto ledger = Ledger::Open(folder_ + "/ledger");
    return ledger.ok() && (*ledger)->SetMeta("other", "written").ok() ? 0 : 1;
  });
  int status = -1;
  const bool ended =
      AddUntil(recorder, [&] { return ::waitpid(child, &status, WNOHANG) == child; });
  if (!ended) ::kill(child, SIGKILL);
  ASSERT_TRUE(ended);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(*store_->ledger().GetMeta("other"), "written");
}

TEST_F(RecorderTest, NobodyIsLetInWhoDoesNotWait) {
  Recorder recorder(*store_, {.observations_per_batch = kEndless, .longest_batch = kNever});
  const uint64_t before = store_->ledger().LastChange();
  ASSERT_TRUE(AddFor(recorder, std::chrono::milliseconds(1'200)));
  EXPECT_EQ(store_->ledger().LastChange(), before);
}

TEST_F(RecorderTest, AWaiterThatDiedIsForgotten) {
  Recorder recorder(*store_, {.observations_per_batch = kEndless, .longest_batch = kNever});
  ASSERT_TRUE(AddFor(recorder, std::chrono::milliseconds(0)));
  const pid_t child = Fork([&] {
    auto ledger = Ledger::Open(folder_ + "/ledger");
    return ledger.ok() && (*ledger)->SetMeta("other", "written").ok() ? 0 : 1;
  });
  const auto end = steady_clock::now() + kPatience;
  while (store_->ledger().OthersWait() != Waiting::kSomebody && steady_clock::now() < end) {
    std::this_thread::yield();
  }
  EXPECT_EQ(store_->ledger().OthersWait(), Waiting::kSomebody);
  ::kill(child, SIGKILL);
  EXPECT_EQ(WaitFor(child), -SIGKILL);
  EXPECT_EQ(store_->ledger().OthersWait(), Waiting::kNobody);
}

TEST_F(RecorderTest, ABatchThatIsOldOrFullIsCommitted) {
  Recorder old(*store_, {kEndless, std::chrono::milliseconds(1)});
  EXPECT_TRUE(AddUntilCommitted(old));
  EXPECT_TRUE(old.Finish({}).ok());
  Recorder full(*store_, {10, kNever});
  EXPECT_TRUE(AddUntilCommitted(full));
}

TEST_F(RecorderTest, ASecondIsTheMostWhereWaitersCannotTell) {
  store_.reset();
  // Not even root opens a folder for writing.
  std::filesystem::remove(folder_ + "/ledger/waiters");
  std::filesystem::create_directory(folder_ + "/ledger/waiters");
  store_ = *Store::Open(folder_, "");
  EXPECT_EQ(store_->ledger().OthersWait(), Waiting::kUnknown);
  Recorder recorder(*store_, {.observations_per_batch = kEndless, .longest_batch = kNever});
  EXPECT_TRUE(AddUntilCommitted(recorder));
}

TEST_F(RecorderTest, ALargeBatchLeavesItsOldPagesToTheNext) {
  constexpr uint64_t kLarge = 10'000;
  const PublicChain unknown{false, bench::kNow, ""};
  uint64_t made = 0;
  const auto add = [&](uint64_t count) {
    const auto batch = store_->ledger().Begin().value();
    for (const uint64_t end = made + count; made < end; ++made) {
      const Observation seen{{generator_.Make(made).der}, {}, bench::kNow, "import", false, ""};
      ASSERT_TRUE(batch->AddLightly(seen, &unknown, {}).ok());
    }
    ASSERT_TRUE(batch->Commit().ok());
  };
  add(kLarge);
  add(kLarge);
  const uint64_t bytes = store_->ledger().Counts()->bytes;
  const uint64_t next = generator_.Make(made).der.size();
  add(1);
  EXPECT_EQ(store_->ledger().Counts()->bytes, bytes + next);
}

}  // namespace
}  // namespace commresolve::index
