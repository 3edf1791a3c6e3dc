// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "grpc/service/upload.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "resolver/base/files.h"

namespace commresolve::daemon {
namespace {

class UploadTest : public testing::Test {
 protected:
  std::unique_ptr<Upload> upload_ = std::move(*Upload::Make(testing::TempDir()));
};

TEST_F(UploadTest, FilesAreThereUntilItEnds) {
  ASSERT_TRUE(upload_->Begin("a.pem").ok());
  ASSERT_TRUE(upload_->Append("one ").ok());
  ASSERT_TRUE(upload_->Append("two").ok());
  ASSERT_TRUE(upload_->Begin("b.pem").ok());
  ASSERT_TRUE(upload_->Finish().ok());
  const std::string folder = upload_->folder();
  EXPECT_EQ(*ReadFile(folder + "/a.pem", 100), "one two");
  EXPECT_EQ(*ReadFile(folder + "/b.pem", 100), "");
  EXPECT_EQ(upload_->NameOf(folder + "/a.pem"), "a.pem");
  EXPECT_EQ(std::filesystem::status(folder).permissions(), std::filesystem::perms::owner_all);
  upload_.reset();
  EXPECT_FALSE(std::filesystem::exists(folder));
}

TEST_F(UploadTest, NamesThatLeadElsewhereAreRefused) {
  for (const std::string name : {"", ".", "..", "../x", "/etc/passwd", "a/b", ".hidden"}) {
    EXPECT_EQ(upload_->Begin(name).error().code, Code::kInvalidArgument) << name;
  }
  EXPECT_EQ(upload_->Begin(std::string("a\0b", 3)).error().code, Code::kInvalidArgument);
  EXPECT_EQ(upload_->Begin(std::string(256, 'a')).error().code, Code::kInvalidArgument);
  EXPECT_TRUE(std::filesystem::is_empty(upload_->folder()));
}

TEST_F(UploadTest, ContentNeedsANameAndANameIsUsedOnce) {
  EXPECT_EQ(upload_->Append("x").error().code, Code::kInvalidArgument);
  ASSERT_TRUE(upload_->Begin("a").ok());
  EXPECT_EQ(upload_->Begin("a").error().code, Code::kInvalidArgument);
}

TEST_F(UploadTest, ThereIsALimit) {
  ASSERT_TRUE(upload_->Begin("a").ok());
  const std::string piece(size_t{1} << 20, 'x');
  for (uint64_t i = 0; i < kMaxUploadBytes / piece.size(); ++i) {
    ASSERT_TRUE(upload_->Append(piece).ok());
  }
  EXPECT_EQ(upload_->Append("x").error().code, Code::kInvalidArgument);
}

}  // namespace
}  // namespace commresolve::daemon
