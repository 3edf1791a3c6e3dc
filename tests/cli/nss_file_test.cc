// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// nsswitch.conf on the disk: the copy, the way back, owner and mode, links.

#include "cli/nss_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace commresolve::cli {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr char kText[] = "passwd: files\nhosts:\tfiles\tdns\nlast: without line end";

class NssFileTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "nss_file.XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    root_ = fs::canonical(pattern).string();
    fs::create_directory(root_ + "/etc");
    Write(kText);
  }
  void TearDown() override { fs::remove_all(root_); }

  [[nodiscard]] std::string Path() const { return root_ + "/etc/nsswitch.conf"; }
  [[nodiscard]] std::string Copy() const { return Path() + ".before-commresolve"; }
  void Write(const std::string& text) const { std::ofstream(Path(), std::ios::trunc) << text; }
  [[nodiscard]] std::string Read() const {
    std::stringstream text;
    text << std::ifstream(Path()).rdbuf();
    return text.str();
  }
  [[nodiscard]] NssFile Open() const {
    auto file = NssFile::Open(root_);
    if (!file.ok()) ADD_FAILURE() << file.error().message;
    return *std::move(file);
  }
  void Enable() const {
    const NssFile file = Open();
    const auto edit = EnableNss(file.text());
    ASSERT_TRUE(edit.ok());
    ASSERT_TRUE(file.Enable(*edit).ok());
  }
  [[nodiscard]] NssRemoval Disable() const {
    const NssFile file = Open();
    const auto plan = file.PlanDisable();
    if (!plan.ok() || !file.Disable(*plan).ok()) ADD_FAILURE();
    return plan->removal;
  }

  std::string root_;
};

TEST_F(NssFileTest, RestoresToTheByte) {
  Enable();
  EXPECT_THAT(Read(), HasSubstr("files commresolve [!UNAVAIL=return]"));
  EXPECT_TRUE(fs::exists(Copy()));
  EXPECT_EQ(Disable(), NssRemoval::kRestored);
  EXPECT_EQ(Read(), kText);
  EXPECT_FALSE(fs::exists(Copy()));
  EXPECT_EQ(Disable(), NssRemoval::kNothing);
}

TEST_F(NssFileTest, RestoresAnAddedLineEndAndAnAddedLine) {
  for (const std::string text : {"hosts: files dns", "passwd: files", ""}) {
    Write(text);
    Enable();
    EXPECT_NE(Read(), text);
    EXPECT_EQ(Disable(), NssRemoval::kRestored);
    EXPECT_EQ(Read(), text);
  }
}

TEST_F(NssFileTest, KeepsWhatTheAdministratorChangedSince) {
  Enable();
  Write(Read() + "\nsudoers: files\n");
  EXPECT_EQ(Disable(), NssRemoval::kTakenOut);
  EXPECT_EQ(Read(), std::string(kText) + "\nsudoers: files\n");
  EXPECT_FALSE(fs::exists(Copy()));
}

TEST_F(NssFileTest, TakesOutWhatOthersHaveWritten) {
  Write("hosts: files commresolve [!UNAVAIL=return] dns\n");
  EXPECT_EQ(Disable(), NssRemoval::kTakenOut);
  EXPECT_EQ(Read(), "hosts: files dns\n");
}

TEST_F(NssFileTest, NeverKeepsACopyThatHoldsOurs) {
  Write("hosts: files dns commresolve\n");
  Enable();
  EXPECT_FALSE(fs::exists(Copy()));
  EXPECT_EQ(Disable(), NssRemoval::kTakenOut);
  EXPECT_EQ(Read(), "hosts: files dns\n");
}

TEST_F(NssFileTest, AnOldCopyIsNotBelieved) {
  Enable();
  Write("hosts: dns\n");  // The administrator, without `disable`.
  Enable();
  EXPECT_EQ(Disable(), NssRemoval::kRestored);
  EXPECT_EQ(Read(), "hosts: dns\n");
}

TEST_F(NssFileTest, KeepsOwnerAndMode) {
  ASSERT_EQ(::chmod(Path().c_str(), 0604), 0);
  const bool root = ::geteuid() == 0;
  ASSERT_TRUE(!root || ::chown(Path().c_str(), 65534, 12) == 0);
  Enable();
  for (const std::string& path : {Path(), Copy()}) {
    struct stat info{};
    ASSERT_EQ(::stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 07777, 0604U) << path;
    EXPECT_EQ(info.st_uid, root ? 65534 : ::geteuid()) << path;
    EXPECT_EQ(info.st_gid, root ? 12 : ::getegid()) << path;
  }
}

TEST_F(NssFileTest, EditsTheTargetOfALink) {
  fs::create_directory(root_ + "/shared");
  fs::rename(Path(), root_ + "/shared/switch");
  fs::create_symlink("../shared/switch", Path());
  EXPECT_EQ(Open().path(), root_ + "/shared/switch");
  Enable();
  EXPECT_TRUE(fs::is_symlink(Path()));
  EXPECT_TRUE(fs::exists(root_ + "/shared/switch.before-commresolve"));
  EXPECT_EQ(Disable(), NssRemoval::kRestored);
  EXPECT_EQ(Read(), kText);
}

TEST_F(NssFileTest, DoesNotFollowALinkOutOfTheRoot) {
  fs::remove(Path());
  fs::create_symlink("/etc/hostname", Path());
  const auto file = NssFile::Open(root_);
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.error().code, Code::kInvalidArgument);
  EXPECT_THAT(file.error().message, HasSubstr("out of that folder"));
}

TEST_F(NssFileTest, SaysWhatCannotBeEdited) {
  fs::remove(Path());
  EXPECT_EQ(NssFile::Open(root_).error().code, Code::kNotFound);
  fs::create_directory(Path());
  EXPECT_EQ(NssFile::Open(root_).error().code, Code::kInvalidArgument);
  EXPECT_EQ(NssFile::Open(root_ + "/nowhere").error().code, Code::kNotFound);
  fs::remove(Path());
  Write(std::string(kMaxNsswitchBytes + 1, '#'));
  EXPECT_EQ(NssFile::Open(root_).error().code, Code::kInvalidArgument);
}

TEST_F(NssFileTest, ALockedFolderIsSaidBeforeAnythingIsTried) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  ASSERT_EQ(::chmod((root_ + "/etc").c_str(), 0500), 0);
  const Status status = Open().CheckMayChange();
  ASSERT_EQ(::chmod((root_ + "/etc").c_str(), 0700), 0);
  ASSERT_FALSE(status.ok());
  EXPECT_THAT(status.error().hint, HasSubstr("sudo"));
}

}  // namespace
}  // namespace commresolve::cli
