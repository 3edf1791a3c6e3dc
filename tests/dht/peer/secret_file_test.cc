// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dht/peer/secret_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace commresolve::dht {
namespace {

class SecretFileTest : public testing::Test {
 protected:
  SecretFileTest() {
    std::string folder = testing::TempDir() + "secret_file.XXXXXX";
    folder_ = mkdtemp(folder.data());
  }
  ~SecretFileTest() override { std::filesystem::remove_all(folder_); }
  std::string Path() const { return folder_ + "/secret"; }
  std::string folder_;
};

TEST_F(SecretFileTest, IsMadeOnceAndKept) {
  const auto made = LoadOrMakeSecret(Path());
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_NE(*made, Secret{});
  struct stat info{};
  ASSERT_EQ(::stat(Path().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  const auto again = LoadOrMakeSecret(Path());
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(*again, *made);
  EXPECT_NE(*LoadOrMakeSecret(folder_ + "/other"), *made);
}

TEST_F(SecretFileTest, WhatIsNoSecretIsRefused) {
  for (const std::string text : {"abc\n", "zz\n", "\n", "0011"}) {
    std::ofstream(Path(), std::ios::trunc) << text;
    const auto loaded = LoadOrMakeSecret(Path());
    ASSERT_FALSE(loaded.ok()) << text;
    EXPECT_EQ(loaded.error().code, Code::kCorrupt);
  }
}

}  // namespace
}  // namespace commresolve::dht
