// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// known_certs on disk: permissions, locking, atomic edits.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "resolver/base/files.h"
#include "resolver/trust/known_certs.h"
#include "tests/resolver/trust/candidates.h"

namespace commresolve {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

KeywordSet Words(const std::string& text) { return KeywordSet::FromText(text).value(); }

Status Put(KnownCerts& known, const std::string& word) {
  Binding binding;
  binding.words = Words(word);
  binding.accepted = {TestKey(word)};
  return known.Put(binding);
}

class KnownCertsFileTest : public testing::Test {
 protected:
  KnownCertsFileTest() {
    std::string name = testing::TempDir() + "known_certs_XXXXXX";
    folder_ = ::mkdtemp(name.data());
    path_ = folder_ + "/known_certs";
  }
  ~KnownCertsFileTest() override { std::filesystem::remove_all(folder_); }

  void Write(const std::string& content, mode_t mode = 0600) const {
    std::ofstream(path_, std::ios::binary) << content;
    ASSERT_EQ(::chmod(path_.c_str(), mode), 0);
  }
  [[nodiscard]] std::string Read() const {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static mode_t ModeOf(const std::string& path) {
    struct stat info{};
    EXPECT_EQ(::stat(path.c_str(), &info), 0);
    return info.st_mode & 07777;
  }
  [[nodiscard]] Code LoadError() const {
    const auto known = KnownCertsFile(path_).Load();
    EXPECT_FALSE(known.ok());
    return known.ok() ? Code::kInternal : known.error().code;
  }

  std::string folder_;
  std::string path_;
};

TEST_F(KnownCertsFileTest, AMissingFileIsEmptyAndStaysMissing) {
  KnownCertsFile file(path_);
  const auto known = file.Load();
  ASSERT_TRUE(known.ok());
  EXPECT_THAT((*known)->bindings(), SizeIs(0));
  ASSERT_TRUE(file.Edit([](KnownCerts&) -> Status { return {}; }).ok());
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(KnownCertsFileTest, AnEditCreatesAPrivateFileWithAHeader) {
  path_ = folder_ + "/a/b/known_certs";
  KnownCertsFile file(path_);
  ASSERT_TRUE(file.Edit([](KnownCerts& known) { return Put(known, "debian"); }).ok());
  EXPECT_TRUE(Read().starts_with("# commresolve known_certs 1\ndebian keys="));
  EXPECT_EQ(ModeOf(path_), 0600U);
  EXPECT_EQ(ModeOf(folder_ + "/a/b"), 0700U);
  const auto known = file.Load();
  ASSERT_TRUE(known.ok());
  EXPECT_TRUE((*known)->Find(Words("debian")).has_value());
}

TEST_F(KnownCertsFileTest, AFailedEditWritesNothing) {
  Write("# before\n");
  const Status status = KnownCertsFile(path_).Edit([](KnownCerts& known) -> Status {
    EXPECT_TRUE(Put(known, "debian").ok());
    return Error{Code::kUntrusted, "no"};
  });
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, Code::kUntrusted);
  EXPECT_EQ(Read(), "# before\n");
}

TEST_F(KnownCertsFileTest, AnEditThatChangesNothingDoesNotReplaceTheFile) {
  Write("# before\n", 0644);
  struct stat before{};
  struct stat after{};
  ASSERT_EQ(::stat(path_.c_str(), &before), 0);
  ASSERT_TRUE(KnownCertsFile(path_).Edit([](KnownCerts&) -> Status { return {}; }).ok());
  ASSERT_EQ(::stat(path_.c_str(), &after), 0);
  EXPECT_EQ(before.st_ino, after.st_ino);
}

TEST_F(KnownCertsFileTest, AnUnreadableFileIsNeverOverwritten) {
  Write("garbage\n");
  EXPECT_EQ(LoadError(), Code::kCorrupt);
  const Status status =
      KnownCertsFile(path_).Edit([](KnownCerts& known) { return Put(known, "debian"); });
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, Code::kCorrupt);
  EXPECT_THAT(status.error().message, HasSubstr(path_ + " line 1"));
  EXPECT_EQ(Read(), "garbage\n");
}

TEST_F(KnownCertsFileTest, AFileThatOthersMayWriteIsRefused) {
  Write("# x\n", 0644);
  EXPECT_TRUE(KnownCertsFile(path_).Load().ok());
  for (const mode_t mode : {0620U, 0602U, 0666U}) {
    Write("# x\n", mode);
    EXPECT_EQ(LoadError(), Code::kUntrusted) << mode;
    const Status status =
        KnownCertsFile(path_).Edit([](KnownCerts& known) { return Put(known, "debian"); });
    EXPECT_FALSE(status.ok());
  }
  EXPECT_EQ(Read(), "# x\n");
}

TEST_F(KnownCertsFileTest, AFolderThatOthersMayWriteIsRefusedUnlessSticky) {
  Write("# x\n");
  ASSERT_EQ(::chmod(folder_.c_str(), 0777), 0);
  EXPECT_EQ(LoadError(), Code::kUntrusted);
  ASSERT_EQ(::chmod(folder_.c_str(), 01777), 0);
  EXPECT_TRUE(KnownCertsFile(path_).Load().ok());
}

TEST_F(KnownCertsFileTest, AFileOfAnotherUserIsRefused) {
  Write("# x\n", 0644);
  if (::chown(path_.c_str(), 12'345, 12'345) != 0) {
    GTEST_SKIP() << "only root can give a file away";
  }
  EXPECT_EQ(LoadError(), Code::kUntrusted);
}

TEST_F(KnownCertsFileTest, NotAFileOrTooLargeIsCorrupt) {
  ASSERT_TRUE(std::filesystem::create_directory(path_));
  ASSERT_EQ(::chmod(path_.c_str(), 0700), 0);
  EXPECT_EQ(LoadError(), Code::kCorrupt);
  std::filesystem::remove(path_);
  Write("");
  std::filesystem::resize_file(path_, kMaxKnownCertsBytes + 1);
  EXPECT_EQ(LoadError(), Code::kCorrupt);
}

TEST_F(KnownCertsFileTest, TheFileBehindALinkIsEdited) {
  const std::string real = folder_ + "/dotfiles";
  std::ofstream(real) << "# mine\n";
  ASSERT_EQ(::chmod(real.c_str(), 0600), 0);
  std::filesystem::create_symlink(real, path_);
  ASSERT_TRUE(
      KnownCertsFile(path_).Edit([](KnownCerts& known) { return Put(known, "debian"); }).ok());
  EXPECT_TRUE(std::filesystem::is_symlink(path_));
  EXPECT_TRUE(Read().starts_with("# mine\ndebian keys="));
  ASSERT_EQ(::chmod(real.c_str(), 0666), 0);
  EXPECT_EQ(LoadError(), Code::kUntrusted);
}

TEST_F(KnownCertsFileTest, EditsOfSeveralProcessesAllArrive) {
  constexpr int kProcesses = 4;
  constexpr int kEdits = 10;
  std::array<pid_t, kProcesses> children{};
  for (int child = 0; child < kProcesses; ++child) {
    children[static_cast<size_t>(child)] = ::fork();
    if (children[static_cast<size_t>(child)] != 0) continue;
    bool good = true;
    for (int i = 0; i < kEdits; ++i) {
      const std::string word = "w" + std::to_string(child) + "x" + std::to_string(i);
      good =
          good &&
          KnownCertsFile(path_).Edit([&word](KnownCerts& known) { return Put(known, word); }).ok();
    }
    ::_exit(good ? 0 : 1);
  }
  for (const pid_t child : children) {
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  const auto known = KnownCertsFile(path_).Load();
  ASSERT_TRUE(known.ok());
  EXPECT_THAT((*known)->bindings(), SizeIs(kProcesses * kEdits));
}

TEST_F(KnownCertsFileTest, AFileThatIsLeftAloneIsParsedOnce) {
  Write("debian keys=" + std::string(52, 'a') + " tier=pinned since=2026-01-01T00:00:00Z\n");
  const KnownCertsFile file(path_);
  // A file that was changed a moment ago may change again without a trace.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (std::chrono::steady_clock::now() < deadline) {
    if (file.Load().value() == file.Load().value()) return;
  }
  FAIL() << "parsed on every call";
}

TEST_F(KnownCertsFileTest, EveryChangeIsSeenAtOnce) {
  KnownCertsFile file(path_);
  for (int i = 0; i < 50; ++i) {
    const std::string word = "word" + std::to_string(i % 2);
    // As an editor writes: in place, and of the same length.
    Write(word + " keys=" + std::string(52, 'a') + " tier=pinned since=2026-01-01T00:00:00Z\n");
    ASSERT_TRUE(file.Load().value()->Find(Words(word)).has_value()) << i;
  }
}

TEST_F(KnownCertsFileTest, ALockThatStaysHeldIsBusy) {
  auto lock = FileLock::Take(path_ + ".lock", std::chrono::milliseconds(0));
  ASSERT_TRUE(lock.ok());
  KnownCertsFile file(path_, std::chrono::milliseconds(20));
  const Status status = file.Edit([](KnownCerts& known) { return Put(known, "debian"); });
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, Code::kBusy);
  EXPECT_TRUE(file.Load().ok()) << "readers need no lock";
}

}  // namespace
}  // namespace commresolve
