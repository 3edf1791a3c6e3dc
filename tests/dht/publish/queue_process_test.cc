// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Publishers that are killed: nothing is lost, nothing is made twice.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <random>
#include <tuple>

#include "dht/publish/pseudonym_sequence.h"
#include "dht/publish/publisher.h"
#include "resolver/base/byte_codec.h"
#include "resolver/base/files.h"
#include "resolver/base/unique_fd.h"
#include "tests/dht/publish/publish_fixture.h"

namespace commresolve::dht {
namespace {

constexpr int kSets = 50;
constexpr int kRounds = 25;
constexpr size_t kEntries = 20;  // Two blocks.

/// Confirms everything, and writes it to a file that outlives the process.
class NotingPutter final : public Putter {
 public:
  explicit NotingPutter(const std::string& path)
      : fd_(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {}

  void Put(const DhtKey& key, uint16_t /*type*/, std::vector<uint8_t> payload,
           OnPut done) override {
    ByteWriter row;
    row.Raw({reinterpret_cast<const char*>(key.data()), key.size()});
    row.Fixed16(static_cast<uint16_t>(payload.size()));
    row.Raw({reinterpret_cast<const char*>(payload.data()), payload.size()});
    const std::string& bytes = row.bytes();
    const bool written =
        ::write(fd_.get(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
    done(written, written ? 8 : 0);
  }

 private:
  UniqueFd fd_;
};

class QueueProcessTest : public testing::Test {
 protected:
  [[nodiscard]] std::unique_ptr<PublishQueue> Open() const {
    auto queue = PublishQueue::Open(folder_.path() + "/queue", kNow);
    EXPECT_TRUE(queue.ok()) << queue.error().message;
    return queue.ok() ? std::move(queue).value() : nullptr;
  }

  /// Replaces all sets by those of `version`, a byte to `report`, then publishes until killed, or
  /// until nothing is due.
  int Publish(uint8_t version, int report) const {
    const auto queue = Open();
    if (queue == nullptr) return 1;
    const auto update = queue->Replace(RecordType::kPosting, kNow);
    for (int i = 0; i < kSets; ++i) {
      if (!update->Put(SampleContent("word" + std::to_string(i), kEntries, version)).ok()) return 2;
    }
    if (!update->Finish().ok()) return 3;
    if (::write(report, &version, 1) != 1) return 4;
    NotingPutter putter(folder_.path() + "/puts");
    Publisher publisher({.postings = true, .puts_under_way = 3}, SampleSigners(), *queue, putter,
                        {});
    while (queue->Counts(kNow).value()[0].due != 0) {
      if (!publisher.Step(kNow, {true, 1}).ok()) return 5;
    }
    return 0;
  }

  using Place = std::tuple<DhtKey, uint32_t, uint8_t>;
  /// The payloads of each key, sequence number and block number, and how often they were put.
  const std::map<Place, std::map<std::string, int>>& Puts() {
    const std::string path = folder_.path() + "/puts";
    const auto bytes = ReadFile(path, size_t{64} << 20);
    if (!bytes.ok()) return puts_;
    ByteReader reader(*bytes);
    reader.Raw(looked_at_);
    for (; reader.left() != 0; looked_at_ = bytes->size() - reader.left()) {
      constexpr size_t kHead = std::tuple_size_v<DhtKey> + 2;
      const std::string_view rest = std::string_view(*bytes).substr(looked_at_);
      const size_t payload_size =
          rest.size() < kHead ? 0 : ByteReader(rest.substr(kHead - 2)).Fixed16();
      if (rest.size() < kHead + payload_size) {
        // A kill can end a write in the middle, between two pages.
        EXPECT_EQ(::truncate(path.c_str(), static_cast<off_t>(looked_at_)), 0);
        break;
      }
      DhtKey key{};
      std::ranges::copy(reader.Raw(key.size()), key.begin());
      const std::string payload(reader.Raw(reader.Fixed16()));
      const auto block = ReadPostingBlock(key, payload, kNow);
      EXPECT_TRUE(block.ok());
      if (block.ok()) ++puts_[{key, block->header.sequence, block->place.number}][payload];
    }
    return puts_;
  }

  TempFolder folder_;
  size_t looked_at_ = 0;  ///< Of the file.
  std::map<Place, std::map<std::string, int>> puts_;
};

int WaitFor(pid_t child) {
  int status = 0;
  if (::waitpid(child, &status, 0) != child) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

TEST_F(QueueProcessTest, KillAtAnyInstantLosesNothingAndMakesNothingTwice) {
  std::mt19937 random(std::random_device{}());
  for (uint8_t round = 0; round < kRounds; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const UniqueFd reader(ends[0]);
    UniqueFd writer(ends[1]);
    // Two rounds have the same contents, so that the second goes on where the first was killed.
    const auto version = static_cast<uint8_t>(round / 2);
    const pid_t child = ::fork();
    if (child == 0) ::_exit(Publish(version, writer.get()));
    writer.Reset();
    // Some rounds are killed while they replace, the others while they publish.
    pollfd ready{reader.get(), POLLIN, 0};
    if (round % 3 != 2) {
      ASSERT_EQ(::poll(&ready, 1, 30'000), 1);
    }
    ::usleep(static_cast<useconds_t>(random() % 20'000));
    ::kill(child, SIGKILL);
    const int end = WaitFor(child);
    EXPECT_TRUE(end == -SIGKILL || end == 0) << end;

    const auto queue = Open();
    ASSERT_NE(queue, nullptr);
    const Status sound = queue->Check();
    ASSERT_TRUE(sound.ok()) << sound.error().message;
    if (round >= 1) {
      EXPECT_EQ(queue->Counts(kNow).value()[0].entries, size_t{kSets});
    }
    const auto& puts = Puts();
    for (int i = 0; i < kSets && round >= 1; ++i) {
      const Content content = SampleContent("word" + std::to_string(i), 1);
      const auto state = queue->Find(content.stream()).value();
      ASSERT_TRUE(state.has_value());
      const auto sequence =
          PseudonymSequence(SampleSigners().secret, content.stream(), state->sequence, kNow);
      // What is noted as confirmed was put: both blocks.
      for (uint8_t block = 0; block < 2 && state->confirmed_at != 0; ++block) {
        EXPECT_TRUE(puts.contains({content.key(), *sequence, block}));
      }
    }
  }

  EXPECT_EQ(Publish(200, ::open("/dev/null", O_WRONLY | O_CLOEXEC)), 0);
  size_t blocks_of_last = 0;
  size_t repeated = 0;
  for (const auto& [place, payloads] : Puts()) {
    // One content has one payload, however often it was begun.
    EXPECT_EQ(payloads.size(), 1U);
    repeated += static_cast<size_t>(payloads.begin()->second - 1);
    const auto block = ReadPostingBlock(std::get<0>(place), payloads.begin()->first, kNow);
    for (int i = 0; i < kSets; ++i) {
      const auto finds = FindWord(*block, "word" + std::to_string(i));
      if (!finds.postings.empty() && finds.postings.front().score == 200) ++blocks_of_last;
    }
  }
  EXPECT_EQ(blocks_of_last, size_t{2} * kSets);
  // Only what was under way is put again: at most the contents of one step for each kill.
  EXPECT_LE(repeated, size_t{kRounds} * 2 * 6);
}

}  // namespace
}  // namespace commresolve::dht
