// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is appended, left behind and given back in the file of certificates.

#include "index/ledger/der_file.h"

#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "tests/index/ledger/ledger_fixture.h"

namespace commresolve::index {
namespace {

constexpr uint64_t kNoLimit = uint64_t{1} << 40;

class DerFileTest : public LedgerTest {
 protected:
  DerFileTest() : path_(folder_ + "/certificates.der"), file_(*DerFile::Open(path_)) {}

  static std::string Der(int number) {
    return std::string(1 + static_cast<size_t>(number) * 37 % 3000, 'x') + std::to_string(number);
  }
  /// Where each of `count` came to lie.
  static std::vector<CertRecord> Append(DerAppender& appender, int count) {
    std::vector<CertRecord> records;
    for (int i = 0; i < count; ++i) {
      const auto place = appender.Append(Der(i));
      EXPECT_TRUE(place.ok());
      CertRecord& record = records.emplace_back();
      record.id = {Sha256(Der(i))};
      record.der = *place;
    }
    return records;
  }
  void ExpectAll(const std::vector<CertRecord>& records) const {
    for (size_t i = 0; i < records.size(); ++i) {
      const auto der = file_.Read(records[i]);
      ASSERT_TRUE(der.ok()) << i << ": " << der.error().message;
      ASSERT_EQ(*der, Der(static_cast<int>(i)));
    }
  }

  std::string path_;
  DerFile file_;
};

TEST_F(DerFileTest, MegabytesAreReadBack) {
  uint64_t end = 0;
  for (const int count : {3'000, 1, 2'000}) {
    DerAppender appender(file_, end, kNoLimit);
    const auto records = Append(appender, count);
    ASSERT_TRUE(appender.Sync().ok());
    EXPECT_GT(appender.end(), end);
    end = appender.end();
    EXPECT_EQ(*file_.Size(), end);
    ExpectAll(records);
  }
  EXPECT_GT(end, uint64_t{5} << 20);
}

TEST_F(DerFileTest, WhatIsNotSyncedIsGivenBack) {
  {
    DerAppender appender(file_, 0, kNoLimit);
    Append(appender, 10);
    ASSERT_TRUE(appender.Sync().ok());
  }
  const uint64_t kept = *file_.Size();
  EXPECT_GT(kept, 0U);
  {
    DerAppender appender(file_, kept, kNoLimit);
    Append(appender, 2'000);
    EXPECT_GT(*file_.Size(), kept);
  }
  EXPECT_EQ(*file_.Size(), kept);
}

TEST_F(DerFileTest, WhatADeadProcessHasLeftIsWrittenOver) {
  std::ofstream(path_, std::ios::binary) << std::string(100'000, '?');
  DerAppender appender(file_, 0, kNoLimit);
  const auto records = Append(appender, 10);
  ASSERT_TRUE(appender.Sync().ok());
  ExpectAll(records);
}

TEST_F(DerFileTest, OtherBytesAndTooFewAreCorrupt) {
  DerAppender appender(file_, 0, kNoLimit);
  auto record = Append(appender, 1).front();
  ASSERT_TRUE(appender.Sync().ok());
  record.der.length += 1;
  EXPECT_NE(file_.Read(record).error().message.find("cut short"), std::string::npos);
  record.der.length -= 2;
  const Error error = file_.Read(record).error();
  EXPECT_EQ(error.code, Code::kCorrupt);
  EXPECT_NE(error.message.find(Hex(record.id.view()) + " of the ledger has another digest"),
            std::string::npos)
      << error.message;
}

TEST_F(DerFileTest, TheLimitIsSaid) {
  DerAppender appender(file_, 0, 100);
  EXPECT_TRUE(appender.Append(std::string(100, 'x')).ok());
  const auto full = appender.Append("x");
  EXPECT_EQ(full.error().code, Code::kUnavailable);
  EXPECT_NE(full.error().message.find("largest size"), std::string::npos);
}

TEST_F(DerFileTest, ARefusedWriteIsSaidAndGivesBackTheRoom) {
  const pid_t child = Fork([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit most{size_t{3} << 19, size_t{3} << 19};
    if (::setrlimit(RLIMIT_FSIZE, &most) != 0) return 1;
    DerAppender appender(file_, 0, kNoLimit);
    for (int i = 0; i < 10'000; ++i) {
      const auto place = appender.Append(Der(i));
      if (place.ok()) continue;
      appender.Undo();
      return place.error().code == Code::kUnavailable && *file_.Size() == 0 ? 0 : 2;
    }
    return 3;
  });
  EXPECT_EQ(WaitFor(child), 0);
}

TEST_F(DerFileTest, OnlyAPlainFileIsOpened) {
  std::filesystem::create_directory(folder_ + "/folder");
  std::filesystem::create_symlink(path_, folder_ + "/link");
  for (const char* name : {"/folder", "/link", "/missing/file"}) {
    EXPECT_FALSE(DerFile::Open(folder_ + name).ok()) << name;
  }
}

TEST_F(DerFileTest, ALostBatchLeavesAloneWhatCameAfterIt) {
  Open({.max_bytes = size_t{4} << 20});
  auto lost = *ledger_->Begin();
  Result<Added> added = Added::kNew;
  for (int i = 0; added.ok(); ++i) {
    const Specimen specimen =
        Invent({.names = "n" + std::to_string(i), .key = "k", .der_bytes = 3'000});
    added = lost->Add(Seen(specimen, std::nullopt, 1), specimen.parsed, nullptr);
  }
  EXPECT_EQ(added.error().code, Code::kUnavailable);
  EXPECT_EQ(*file_.Size(), 0U);
  Add({.names = "next"}, std::nullopt, 1);
  lost.reset();
  EXPECT_GT(*file_.Size(), 0U);
  ExpectSound();
}

TEST_F(DerFileTest, ABatchThatIsDroppedLeavesNothing) {
  Open();
  Add({.names = "kept"}, std::nullopt, 1);
  const uint64_t kept = *file_.Size();
  {
    auto batch = *ledger_->Begin();
    for (int i = 0; i < 2'000; ++i) {
      const Specimen specimen =
          Invent({.names = "n" + std::to_string(i), .key = "k", .der_bytes = 1'000});
      ASSERT_TRUE(batch->Add(Seen(specimen, std::nullopt, 1), specimen.parsed, nullptr).ok());
    }
    EXPECT_GT(*file_.Size(), kept);
  }
  EXPECT_EQ(*file_.Size(), kept);
  Add({.names = "next"}, std::nullopt, 1);
  ExpectSound();
}

}  // namespace
}  // namespace commresolve::index
