// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Bounded reads, atomic replace, private folders and locks, on real files in a temporary folder.

#include "resolver/base/files.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "resolver/base/mapped_file.h"

namespace commresolve {
namespace {

using std::chrono::milliseconds;

class FilesTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "/files_test.XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string Path(const std::string& name) const { return folder_ + "/" + name; }
  [[nodiscard]] size_t CountFiles() const {
    return static_cast<size_t>(std::distance(std::filesystem::directory_iterator(folder_), {}));
  }
  static mode_t ModeOf(const std::string& path) {
    struct stat info{};
    EXPECT_EQ(::stat(path.c_str(), &info), 0) << path;
    return info.st_mode & 07777;
  }

  std::string folder_;
};

TEST_F(FilesTest, AMappedFileStaysWhatItWasUntilItIsAskedFor) {
  EXPECT_EQ(MappedFile::Open(Path("file"), 10).error().code, Code::kNotFound);
  ASSERT_TRUE(ReplaceFile(Path("file"), "first").ok());
  EXPECT_EQ(MappedFile::Open(Path("file"), 4).error().code, Code::kInvalidArgument);
  EXPECT_EQ(MappedFile::Open(folder_, 4'096).error().code, Code::kInvalidArgument);
  MappedFile file = *MappedFile::Open(Path("file"), 5);
  EXPECT_TRUE(file.IsCurrent());
  ASSERT_TRUE(ReplaceFile(Path("file"), "second").ok());
  EXPECT_EQ(file.bytes(), "first");
  EXPECT_FALSE(file.IsCurrent());
  file = *MappedFile::Open(Path("file"), 6);
  EXPECT_EQ(file.bytes(), "second");
  ASSERT_TRUE(ReplaceFile(Path("empty"), "").ok());
  EXPECT_EQ(MappedFile::Open(Path("empty"), 0)->bytes(), "");
}

TEST_F(FilesTest, PublishesAFolderAsAWhole) {
  std::filesystem::create_directory(Path("made"));
  ASSERT_TRUE(ReplaceFile(Path("made/file"), "x").ok());
  ASSERT_TRUE(PublishFolder(Path("made"), Path("kept")).ok());
  EXPECT_FALSE(std::filesystem::exists(Path("made")));
  EXPECT_EQ(*ReadFile(Path("kept/file"), 1), "x");
  EXPECT_EQ(PublishFolder(Path("made"), Path("other")).error().code, Code::kUnavailable);
  std::filesystem::create_directory(Path("second"));
  EXPECT_EQ(PublishFolder(Path("second"), Path("kept")).error().code, Code::kUnavailable);
}

TEST_F(FilesTest, ReadsBackWhatWasWritten) {
  const std::string content("a\0b\n", 4);
  ASSERT_TRUE(ReplaceFile(Path("file"), content).ok());
  EXPECT_EQ(*ReadFile(Path("file"), 4), content);
  EXPECT_EQ(ModeOf(Path("file")), 0600U);
}

TEST_F(FilesTest, ReadsUpToTheLimitAndNotOneByteMore) {
  const std::string content(200'000, 'x');
  ASSERT_TRUE(ReplaceFile(Path("file"), content).ok());
  EXPECT_EQ(ReadFile(Path("file"), 200'000)->size(), 200'000U);
  const auto refused = ReadFile(Path("file"), 199'999);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Code::kInvalidArgument);
}

TEST_F(FilesTest, ReadNamesWhatIsWrong) {
  EXPECT_EQ(ReadFile(Path("none"), 9).error().code, Code::kNotFound);
  EXPECT_EQ(ReadFile(folder_, 9).error().code, Code::kInvalidArgument);
  ASSERT_EQ(::mkfifo(Path("fifo").c_str(), 0600), 0);
  EXPECT_EQ(ReadFile(Path("fifo"), 9).error().code, Code::kInvalidArgument);
  EXPECT_EQ(ReadFile(Path("none/below"), 9).error().code, Code::kNotFound);
}

TEST_F(FilesTest, ReplaceLeavesNoTemporaryFile) {
  ASSERT_TRUE(ReplaceFile(Path("file"), "one").ok());
  ASSERT_TRUE(ReplaceFile(Path("file"), "two").ok());
  EXPECT_EQ(*ReadFile(Path("file"), 99), "two");
  EXPECT_EQ(CountFiles(), 1U);
}

TEST_F(FilesTest, AFailedReplaceLeavesNothingBehind) {
  ASSERT_EQ(::mkdir(Path("taken").c_str(), 0700), 0);
  const Status failed = ReplaceFile(Path("taken"), "x");
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, Code::kUnavailable);
  EXPECT_EQ(CountFiles(), 1U);
  EXPECT_EQ(ReplaceFile(Path("none/file"), "x").error().code, Code::kUnavailable);
}

TEST_F(FilesTest, ReplaceTightensAnOpenFile) {
  ASSERT_TRUE(ReplaceFile(Path("file"), "one").ok());
  ASSERT_EQ(::chmod(Path("file").c_str(), 0666), 0);
  ASSERT_TRUE(ReplaceFile(Path("file"), "two").ok());
  EXPECT_EQ(ModeOf(Path("file")), 0600U);
}

TEST_F(FilesTest, ReplaceLikeTakesOwnerAndMode) {
  ASSERT_TRUE(ReplaceFile(Path("like"), "one").ok());
  ASSERT_EQ(::chmod(Path("like").c_str(), 0644), 0);
  const bool root = ::geteuid() == 0;
  ASSERT_TRUE(!root || ::chown(Path("like").c_str(), 65534, 12) == 0);
  ASSERT_TRUE(ReplaceFileLike(Path("file"), "two", Path("like")).ok());
  EXPECT_EQ(*ReadFile(Path("file"), 3), "two");
  EXPECT_EQ(ModeOf(Path("file")), 0644U);
  struct stat info{};
  ASSERT_EQ(::stat(Path("file").c_str(), &info), 0);
  EXPECT_EQ(info.st_uid, root ? 65534U : ::geteuid());
  EXPECT_EQ(info.st_gid, root ? 12U : ::getegid());
  EXPECT_EQ(ReplaceFileLike(Path("file"), "x", Path("none")).error().code, Code::kUnavailable);
  EXPECT_EQ(CountFiles(), 2U);
}

TEST_F(FilesTest, ReadersSeeOneWholeFileWhileThreadsReplaceIt) {
  const std::array<std::string, 2> contents = {std::string(90'000, 'a'), std::string(90'000, 'b')};
  ASSERT_TRUE(ReplaceFile(Path("file"), contents[0]).ok());
  std::vector<std::thread> writers;
  writers.reserve(contents.size());
  for (const std::string& content : contents) {
    writers.emplace_back([&] {
      for (int i = 0; i < 30; ++i) EXPECT_TRUE(ReplaceFile(Path("file"), content).ok());
    });
  }
  for (int i = 0; i < 200; ++i) {
    const auto read = ReadFile(Path("file"), 100'000);
    ASSERT_TRUE(read.ok());
    ASSERT_TRUE(*read == contents[0] || *read == contents[1]);
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(CountFiles(), 1U);
}

TEST_F(FilesTest, MakesPrivateFoldersWithTheirParents) {
  ASSERT_TRUE(MakePrivateFolder(Path("a/b/c")).ok());
  EXPECT_EQ(ModeOf(Path("a")), 0700U);
  EXPECT_EQ(ModeOf(Path("a/b/c")), 0700U);
  EXPECT_TRUE(MakePrivateFolder(Path("a/b/c")).ok());
  EXPECT_TRUE(MakePrivateFolder(Path("a/b/c/")).ok());
}

TEST_F(FilesTest, RefusesAFolderThatOthersMayWrite) {
  ASSERT_EQ(::mkdir(Path("open").c_str(), 0700), 0);
  for (const mode_t mode : {0770U, 0702U}) {
    ASSERT_EQ(::chmod(Path("open").c_str(), mode), 0);
    EXPECT_EQ(MakePrivateFolder(Path("open")).error().code, Code::kUntrusted);
  }
  ASSERT_EQ(::chmod(Path("open").c_str(), 0755), 0);
  EXPECT_TRUE(MakePrivateFolder(Path("open")).ok());
  EXPECT_EQ(ModeOf(Path("open")), 0755U) << "left alone";
}

TEST_F(FilesTest, RefusesAFolderOfAnotherUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a folder away";
  ASSERT_EQ(::mkdir(Path("theirs").c_str(), 0700), 0);
  ASSERT_EQ(::chown(Path("theirs").c_str(), 12345, 12345), 0);
  EXPECT_EQ(MakePrivateFolder(Path("theirs")).error().code, Code::kUntrusted);
}

TEST_F(FilesTest, RefusesAFileWhereAFolderShouldBe) {
  ASSERT_TRUE(ReplaceFile(Path("file"), "x").ok());
  EXPECT_EQ(MakePrivateFolder(Path("file")).error().code, Code::kInvalidArgument);
  EXPECT_FALSE(MakePrivateFolder(Path("file/below")).ok());
}

TEST_F(FilesTest, ALockNamesItsHolderAndEndsWithItsObject) {
  {
    const auto first = FileLock::Take(Path("lock"), milliseconds(0));
    ASSERT_TRUE(first.ok());
    EXPECT_EQ(ModeOf(Path("lock")), 0600U);
    const auto second = FileLock::Take(Path("lock"), milliseconds(20));
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code, Code::kBusy);
    EXPECT_NE(second.error().message.find("process " + std::to_string(::getpid())),
              std::string::npos)
        << second.error().message;
  }
  EXPECT_TRUE(FileLock::Take(Path("lock"), milliseconds(0)).ok());
}

TEST_F(FilesTest, ALockMovesWithItsObject) {
  auto first = FileLock::Take(Path("lock"), milliseconds(0));
  ASSERT_TRUE(first.ok());
  const FileLock kept = std::move(first).value();
  EXPECT_EQ(FileLock::Take(Path("lock"), milliseconds(0)).error().code, Code::kBusy);
}

TEST_F(FilesTest, ALockDiesWithItsProcess) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto lock = FileLock::Take(Path("lock"), milliseconds(0));
    ::_exit(lock.ok() ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(FileLock::Take(Path("lock"), milliseconds(0)).ok());
}

TEST_F(FilesTest, AWaitingProcessGetsTheLockWhenItIsFree) {
  auto first = FileLock::Take(Path("lock"), milliseconds(0));
  ASSERT_TRUE(first.ok());
  std::thread waiter([&] { EXPECT_TRUE(FileLock::Take(Path("lock"), milliseconds(30'000)).ok()); });
  {
    const FileLock released = std::move(first).value();
  }
  waiter.join();
}

TEST_F(FilesTest, TheNoteOfALockIsToldWhileItIsHeld) {
  EXPECT_EQ(FileLock::NoteOfHolder(Path("lock")), std::nullopt);
  {
    const auto held = FileLock::Take(Path("lock"), milliseconds(0), "/run/somewhere");
    ASSERT_TRUE(held.ok());
    EXPECT_EQ(FileLock::NoteOfHolder(Path("lock")), "/run/somewhere");
    const auto second = FileLock::Take(Path("lock"), milliseconds(0));
    EXPECT_EQ(second.error().message.find("somewhere"), std::string::npos);
  }
  EXPECT_EQ(FileLock::NoteOfHolder(Path("lock")), std::nullopt);
  const auto silent = FileLock::Take(Path("lock"), milliseconds(0));
  EXPECT_EQ(FileLock::NoteOfHolder(Path("lock")), std::nullopt);
}

TEST_F(FilesTest, ALockDoesNotFollowALink) {
  ASSERT_EQ(::symlink("/dev/null", Path("lock").c_str()), 0);
  EXPECT_EQ(FileLock::Take(Path("lock"), milliseconds(0)).error().code, Code::kUnavailable);
}

}  // namespace
}  // namespace commresolve
