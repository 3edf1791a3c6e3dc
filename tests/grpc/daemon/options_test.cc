// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "grpc/daemon/options.h"

#include <gtest/gtest.h>

#include <filesystem>

#include <cstdlib>
#include <vector>

namespace commresolve::daemon {
namespace {

class OptionsTest : public testing::Test {
 protected:
  OptionsTest() {
    ::unsetenv("RUNTIME_DIRECTORY");
    ::setenv("XDG_RUNTIME_DIR", "/run/user/1", 1);
  }
  static Result<DaemonOptions> Parse(std::vector<std::string> words) {
    std::vector<char*> argv = {const_cast<char*>("commresolved")};
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    return ParseOptions(static_cast<int>(argv.size()) - 1, argv.data());
  }
};

TEST_F(OptionsTest, Defaults) {
  EXPECT_EQ(Parse({})->runtime_dir, "/run/user/1/commresolve");
  EXPECT_EQ(Parse({"--system"})->runtime_dir, "/run/commresolve");
  ::setenv("RUNTIME_DIRECTORY", "/run/a:/run/b", 1);
  EXPECT_EQ(Parse({})->runtime_dir, "/run/a");
  EXPECT_EQ(Parse({"--runtime-dir", "/x"})->runtime_dir, "/x");
}

TEST_F(OptionsTest, NoRuntimeFolderIsAnError) {
  ::unsetenv("XDG_RUNTIME_DIR");
  EXPECT_EQ(Parse({}).error().code, Code::kInvalidArgument);
  EXPECT_TRUE(Parse({"--help"}).ok());
  EXPECT_TRUE(Parse({"--version"}).ok());
}

TEST_F(OptionsTest, MistakesAreNamed) {
  EXPECT_EQ(Parse({"--confg", "x"}).error().message, "unknown option --confg");
  EXPECT_EQ(Parse({"--config"}).error().message, "a value is missing after --config");
  EXPECT_EQ(Parse({"stray"}).error().message, "unexpected argument stray");
}

TEST_F(OptionsTest, AllOfThem) {
  const auto options =
      Parse({"--config", "c", "--data-dir=d", "--runtime-dir", "r", "--system", "--index-server"});
  ASSERT_TRUE(options.ok());
  EXPECT_EQ(options->config, "c");
  EXPECT_EQ(options->data_dir, "d");
  // Other programs, which stand elsewhere, are told of it.
  EXPECT_EQ(options->runtime_dir, std::filesystem::absolute("r").string());
  EXPECT_TRUE(options->system);
  EXPECT_TRUE(options->index_server);
  EXPECT_FALSE(Parse({})->index_server);
}

}  // namespace
}  // namespace commresolve::daemon
