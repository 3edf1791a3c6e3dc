// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Looking ahead in a file that is on the disk, and in one that is in memory.

#include "resolver/base/read_ahead.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <vector>

#include "resolver/base/mapped_file.h"
#include "resolver/base/unique_fd.h"

namespace commresolve {
namespace {

constexpr size_t kStep = size_t{1} << 16;
constexpr size_t kSteps = 32;
constexpr size_t kTrial = 4;

class ReadAheadTest : public testing::Test {
 protected:
  ReadAheadTest() : path_(testing::TempDir() + "read_ahead_" + std::to_string(::getpid())) {
    std::ofstream(path_, std::ios::binary) << std::string(kSteps * kStep, 'x');
  }
  ~ReadAheadTest() override { std::filesystem::remove(path_); }

  void Cool() const {
    const UniqueFd file(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
    ASSERT_EQ(::fdatasync(file.get()), 0);
    ASSERT_EQ(::posix_fadvise(file.get(), 0, 0, POSIX_FADV_DONTNEED), 0);
  }
  /// Reads a byte of each step; the steps that were looked at ahead, in rising order.
  [[nodiscard]] std::vector<size_t> Loop() const {
    const auto file = MappedFile::Open(path_, kSteps * kStep);
    EXPECT_TRUE(file.ok());
    std::mutex lock;
    std::vector<size_t> looked;
    size_t read = 0;
    const ReadAhead ahead(kTrial);
    for (size_t i = 0; i < kSteps; ++i) {
      ahead.Before(i, kSteps, [&](size_t step) {
        const std::scoped_lock guard(lock);
        if (file->bytes()[step * kStep] == 'x') looked.push_back(step);
      });
      if (file->bytes()[i * kStep] == 'x') ++read;
    }
    EXPECT_EQ(read, kSteps);
    std::ranges::sort(looked);
    return looked;
  }

  std::string path_;
};

TEST_F(ReadAheadTest, WhatIsInMemoryIsNotLookedAt) {
  static_cast<void>(Loop());
  EXPECT_EQ(Loop(), std::vector<size_t>());
}

TEST_F(ReadAheadTest, WhatIsOnTheDiskIsLookedAtOnceAfterTheTrial) {
  Cool();
  const std::vector<size_t> looked = Loop();
  if (looked.empty()) GTEST_SKIP() << "the files of this folder do not leave the memory";
  std::vector<size_t> expected;
  for (size_t i = kTrial; i < kSteps; ++i) expected.push_back(i);
  EXPECT_EQ(looked, expected);
}

TEST_F(ReadAheadTest, NothingIsLeftAfterAShortLoop) {
  Cool();
  const ReadAhead ahead(kTrial);
  bool looked = false;
  for (size_t i = 0; i <= kTrial; ++i) ahead.Before(i, kTrial, [&](size_t) { looked = true; });
  EXPECT_FALSE(looked);
}

}  // namespace
}  // namespace commresolve
