// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Replacing a snapshot: the old one or the new one, never half, and nothing left beside.

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "grpc/snapshot/snapshot.h"
#include "resolver/base/files.h"

namespace commresolve {
namespace {

class PublishTest : public testing::Test {
 protected:
  PublishTest() { EXPECT_NE(mkdtemp(folder_.data()), nullptr); }
  ~PublishTest() override { std::filesystem::remove_all(folder_); }
  [[nodiscard]] size_t Files() const {
    size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder_)) ++count;
    return count;
  }

  std::string folder_ = "/tmp/commresolve-publish-XXXXXX";
  const std::string& path() {
    path_ = folder_ + "/hosts.snap";
    return path_;
  }

 private:
  std::string path_;
};

TEST_F(PublishTest, ReplacesAndIsReadableByAll) {
  const mode_t mask = umask(077);
  ASSERT_TRUE(PublishSnapshot(path(), "first").ok());
  ASSERT_TRUE(PublishSnapshot(path(), std::string(100'000, 'x')).ok());
  umask(mask);
  EXPECT_EQ(*ReadFile(path(), 1 << 20), std::string(100'000, 'x'));
  struct stat info{};
  ASSERT_EQ(stat(path().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0644U);
  EXPECT_EQ(Files(), 1U);
}

TEST_F(PublishTest, WhatAKilledWriterLeftIsReplaced) {
  ASSERT_TRUE(PublishSnapshot(path() + ".new", "half of someth").ok());
  ASSERT_TRUE(PublishSnapshot(path(), "whole").ok());
  EXPECT_EQ(*ReadFile(path(), 100), "whole");
  EXPECT_EQ(Files(), 1U);
}

TEST_F(PublishTest, AReaderKeepsWhatItHasOpened) {
  ASSERT_TRUE(PublishSnapshot(path(), "first").ok());
  FILE* open = std::fopen(path().c_str(), "r");
  ASSERT_NE(open, nullptr);
  ASSERT_TRUE(PublishSnapshot(path(), "2nd").ok());
  char text[16] = {};
  EXPECT_EQ(std::fread(text, 1, sizeof text, open), 5U);
  EXPECT_STREQ(text, "first");
  std::fclose(open);
}

TEST_F(PublishTest, AFailureKeepsTheOldOneAndLeavesNothing) {
  ASSERT_TRUE(PublishSnapshot(path(), "first").ok());
  // No space: the limit stands for a full disk.
  const auto old = signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small = {4096, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const Status full = PublishSnapshot(path(), std::string(100'000, 'x'));
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  signal(SIGXFSZ, old);
  ASSERT_FALSE(full.ok());
  EXPECT_EQ(full.error().code, Code::kUnavailable);
  EXPECT_EQ(*ReadFile(path(), 100), "first");
  EXPECT_EQ(Files(), 1U);

  std::filesystem::create_directory(folder_ + "/taken");
  EXPECT_FALSE(PublishSnapshot(folder_ + "/taken", "x").ok());
  EXPECT_EQ(Files(), 2U);
  EXPECT_FALSE(PublishSnapshot(folder_ + "/nowhere/hosts.snap", "x").ok());
}

}  // namespace
}  // namespace commresolve
