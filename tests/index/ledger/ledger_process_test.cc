// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Several processes and threads at one ledger, and processes that are killed.

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <random>
#include <thread>

#include "resolver/base/unique_fd.h"
#include "tests/index/ledger/ledger_fixture.h"

namespace commresolve::index {
namespace {

constexpr int kPerBatch = 20;

class ProcessTest : public LedgerTest {};

std::string NameOf(int writer, int batch, int i) {
  return "w" + std::to_string(writer) + "b" + std::to_string(batch) + "i" + std::to_string(i) +
         ".example";
}

// One whole batch of new certificates, each at an endpoint of its own.
Status AddBatch(Ledger& ledger, int writer, int batch) {
  COMMRESOLVE_ASSIGN(open, ledger.Begin());
  for (int i = 0; i < kPerBatch; ++i) {
    const std::string name = NameOf(writer, batch, i);
    const Specimen specimen = Invent({.names = name, .key = name, .der_bytes = 700});
    const auto ip = "10." + std::to_string(writer) + "." + std::to_string(batch % 250) + "." +
                    std::to_string(i);
    const auto added = open->Add(Seen(specimen, At(ip, 443), batch), specimen.parsed, nullptr);
    if (!added.ok()) return added.error();
  }
  return open->Commit();
}

bool HasBatch(const Ledger& ledger, int writer, int batch) {
  for (int i = 0; i < kPerBatch; ++i) {
    const std::string name = NameOf(writer, batch, i);
    const Specimen specimen = Invent({.names = name, .key = name, .der_bytes = 700});
    const auto der = ledger.Certificate(specimen.parsed.facts.id);
    if (!der.ok() || *der != specimen.der) return false;
  }
  return true;
}

int Rounds() {
  const char* rounds = std::getenv("COMMRESOLVE_KILL_ROUNDS");
  return rounds != nullptr ? std::atoi(rounds) : 30;
}

// Adds batches from `first` on and reports each one that is committed, until it is killed.
int WriteForever(const std::string& folder, int first, int report) {
  auto ledger = Ledger::Open(folder);
  if (!ledger.ok()) return 1;
  for (int batch = first;; ++batch) {
    if (!AddBatch(**ledger, 1, batch).ok()) return 2;
    if (::write(report, &batch, sizeof batch) != sizeof batch) return 3;
  }
}

TEST_F(ProcessTest, KillAtAnyInstantLosesNoCommittedBatch) {
  std::mt19937 random(std::random_device{}());
  int reported = 0;
  for (int round = 0; round < Rounds(); ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    UniqueFd reader(ends[0]);
    UniqueFd writer(ends[1]);
    const int first = reported + 1;
    const pid_t child = Fork([&] { return WriteForever(folder_, first, writer.get()); });
    writer.Reset();
    // The instant is counted from the first commit of the round, so every round adds something.
    int batch = 0;
    ASSERT_EQ(::read(reader.get(), &batch, sizeof batch), ssize_t{sizeof batch});
    reported = batch;
    ::usleep(static_cast<useconds_t>(random() % 30'000));
    ::kill(child, SIGKILL);
    EXPECT_EQ(WaitFor(child), -SIGKILL);
    while (::read(reader.get(), &batch, sizeof batch) == ssize_t{sizeof batch}) reported = batch;

    Open();
    for (int known = first; known <= reported; ++known) {
      ASSERT_TRUE(HasBatch(*ledger_, 1, known)) << "round " << round << " batch " << known;
    }
    // One more batch may have been committed but not reported.
    const uint64_t batches = Counts().certificates / kPerBatch;
    EXPECT_EQ(Counts().certificates % kPerBatch, 0U);
    EXPECT_GE(batches, static_cast<uint64_t>(reported));
    EXPECT_LE(batches, static_cast<uint64_t>(reported) + 1);
    if (round % 10 == 9 || round == Rounds() - 1) ExpectSound();
    reported = static_cast<int>(batches);
    Close();
  }
}

TEST_F(ProcessTest, TwoProcessesWriteByTurns) {
  Open();
  const pid_t child = Fork([&] {
    auto ledger = Ledger::Open(folder_);
    for (int batch = 0; ledger.ok() && batch < 50; ++batch) {
      if (!AddBatch(**ledger, 2, batch).ok()) return 1;
    }
    return ledger.ok() ? 0 : 2;
  });
  for (int batch = 0; batch < 50; ++batch) {
    const Status added = AddBatch(*ledger_, 1, batch);
    ASSERT_TRUE(added.ok()) << added.error().message;
  }
  EXPECT_EQ(WaitFor(child), 0);
  EXPECT_EQ(Counts().certificates, 100U * kPerBatch);
  EXPECT_EQ(*ledger_->ChangedCount(), 100U * kPerBatch);
  ExpectSound();
}

TEST_F(ProcessTest, AWriterThatDiesInABatchBlocksNobody) {
  Open();
  Add({}, std::nullopt, 1);
  const pid_t child = Fork([&] {
    auto ledger = Ledger::Open(folder_);
    auto batch = ledger.ok() ? (*ledger)->Begin() : ledger.error();
    if (batch.ok()) ::raise(SIGKILL);
    return 1;
  });
  EXPECT_EQ(WaitFor(child), -SIGKILL);
  Add({.names = "next"}, std::nullopt, 1);
  EXPECT_EQ(Counts().certificates, 2U);
  ExpectSound();
}

TEST_F(ProcessTest, ReadersSeeWholeBatchesWhileAWriterCommits) {
  Open();
  std::atomic<bool> done{false};
  std::atomic<uint64_t> reads{0};
  const auto read = [&] {
    while (!done) {
      const auto counts = ledger_->Counts();
      ASSERT_TRUE(counts.ok()) << counts.error().message;
      EXPECT_EQ(counts->certificates % kPerBatch, 0U);
      if (counts->listings > 0) {
        const auto listing = ledger_->GetListing(static_cast<ListingId>(counts->listings));
        ASSERT_TRUE(listing.ok());
        EXPECT_TRUE(listing->has_value());
      }
      ++reads;
    }
  };
  std::thread first(read);
  std::thread second(read);
  for (int batch = 0; batch < 100 || reads < 100; ++batch) {
    ASSERT_TRUE(AddBatch(*ledger_, 1, batch).ok());
  }
  done = true;
  first.join();
  second.join();
  ExpectSound();
}

TEST_F(ProcessTest, ThreadsWriteByTurns) {
  Open();
  const auto write = [&](int writer) {
    for (int batch = 0; batch < 20; ++batch) ASSERT_TRUE(AddBatch(*ledger_, writer, batch).ok());
  };
  std::thread first(write, 1);
  std::thread second(write, 2);
  first.join();
  second.join();
  EXPECT_EQ(Counts().certificates, 40U * kPerBatch);
  ExpectSound();
}

TEST_F(ProcessTest, AMapMadeLargerElsewhereIsFollowed) {
  Open({.max_bytes = size_t{1} << 20});
  Add({}, std::nullopt, 1);
  const pid_t child = Fork([&] {
    auto ledger = Ledger::Open(folder_, {.max_bytes = size_t{16} << 20});
    for (int batch = 0; ledger.ok() && batch < 100; ++batch) {
      if (!AddBatch(**ledger, 2, batch).ok()) return 1;
    }
    return ledger.ok() ? 0 : 2;
  });
  EXPECT_EQ(WaitFor(child), 0);
  EXPECT_EQ(Counts().certificates, 100U * kPerBatch + 1);
  EXPECT_GT(Counts().bytes, uint64_t{1} << 20);
  Add({.names = "more"}, std::nullopt, 1);
  ExpectSound();
}

TEST_F(ProcessTest, LookingAheadDoesNotWaitForTheSnapshot) {
  Open({.max_bytes = size_t{1} << 20});
  Add({}, std::nullopt, 1);
  const auto snapshot = *ledger_->ReadSnapshot();
  const pid_t child = Fork([&] {
    auto ledger = Ledger::Open(folder_, {.max_bytes = size_t{256} << 20});
    for (int batch = 0; ledger.ok() && batch < 100; ++batch) {
      if (!AddBatch(**ledger, 2, batch).ok()) return 1;
    }
    return ledger.ok() ? 0 : 2;
  });
  EXPECT_EQ(WaitFor(child), 0);
  ledger_->LookAhead(1, Ledger::LookAt::kFacts);
  ledger_->LookAhead(1, Ledger::LookAt::kTexts);
  EXPECT_TRUE(snapshot->Facts(1)->has_value());
}

TEST_F(ProcessTest, DeadReadersDoNotMakeTheFileGrow) {
  Open();
  Add({}, std::nullopt, 1);
  // A process that dies inside a read transaction leaves its slot behind.
  const pid_t child = Fork([&] {
    auto ledger = Ledger::Open(folder_);
    if (!ledger.ok()) return 1;
    const auto die = [](const Listing&) { return ::raise(SIGKILL) == 0; };
    return (*ledger)->EachListing(1, die).ok() ? 0 : 2;
  });
  EXPECT_EQ(WaitFor(child), -SIGKILL);
  const auto rewrite = [&](int rounds) {
    for (int i = 0; i < rounds; ++i) ASSERT_TRUE(ledger_->SetMeta("x", std::to_string(i)).ok());
  };
  rewrite(10);
  const uint64_t before = Counts().bytes;
  rewrite(200);
  EXPECT_EQ(Counts().bytes, before);
}

}  // namespace
}  // namespace commresolve::index
