// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Opening: damaged, foreign, newer, full and already open ledgers.

#include <fcntl.h>
#include <lmdb.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "index/ledger/records.h"
#include "tests/index/ledger/ledger_fixture.h"
#include "tests/index/ledger/raw_table.h"

namespace commresolve::index {
namespace {

class OpenTest : public LedgerTest {
 protected:
  std::string data() const { return folder_ + "/data.mdb"; }
  std::string ders() const { return folder_ + "/certificates.der"; }
  void Write(const std::string& content) const {
    std::ofstream(data(), std::ios::binary) << content;
  }
  std::string Read() const {
    std::ifstream file(data(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  Error OpenError() const {
    const auto opened = Ledger::Open(folder_);
    EXPECT_FALSE(opened.ok());
    return opened.ok() ? Error{} : opened.error();
  }
  mode_t Mode(const std::string& path) const {
    struct stat info{};
    EXPECT_EQ(::stat(path.c_str(), &info), 0);
    return info.st_mode & 07777;
  }
};

TEST_F(OpenTest, FilesAreForTheOwnerAlone) {
  std::filesystem::remove(folder_);
  Open();
  EXPECT_EQ(Mode(folder_), 0700U);
  EXPECT_EQ(Mode(data()), 0600U);
  EXPECT_EQ(Mode(ders()), 0600U);
  EXPECT_EQ(Mode(folder_ + "/lock.mdb"), 0600U);
  EXPECT_EQ(Mode(folder_ + "/waiters"), 0600U);
}

TEST_F(OpenTest, OneProcessOpensItOnce) {
  Open();
  EXPECT_EQ(OpenError().code, Code::kBusy);
  Close();
  Open();
}

TEST_F(OpenTest, GarbageIsCorrupt) {
  std::mt19937 random(1);
  for (const size_t size : {1U, 100U, 4096U, 8192U, 100'000U}) {
    std::string garbage(size, '\0');
    for (char& c : garbage) c = static_cast<char>(random());
    Write(garbage);
    const Error error = OpenError();
    EXPECT_EQ(error.code, Code::kCorrupt) << size;
    EXPECT_NE(error.message.find("no usable ledger"), std::string::npos) << error.message;
    EXPECT_FALSE(error.hint.empty());
  }
}

TEST_F(OpenTest, ATruncatedFileIsCorruptNotACrash) {
  Open();
  for (int i = 0; i < 50; ++i) Add({.names = std::to_string(i)}, std::nullopt, 1);
  Close();
  const std::string whole = Read();
  int refused = 0;
  // Of the last pages some may be free: without these the file is sound.
  for (size_t size = whole.size() - 4096; size > 0;
       size = size > whole.size() / 2 ? size - 4096 : size / 2) {
    Write(whole.substr(0, size));
    const auto opened = Ledger::Open(folder_);
    if (opened.ok()) {
      EXPECT_EQ((*opened)->Check()->problem_count, 0U) << size;
      EXPECT_EQ(refused, 0) << size;
      continue;
    }
    EXPECT_EQ(opened.error().code, Code::kCorrupt) << size;
    EXPECT_EQ(std::filesystem::file_size(data()), size);
    ++refused;
  }
  EXPECT_GT(refused, 20);
  Write(whole);
  Open();
  ExpectSound();
}

TEST_F(OpenTest, AFileThatLacksOnlyFreePagesIsSound) {
  Open();
  for (int i = 0; i < 5; ++i) Add({.names = std::to_string(i)}, std::nullopt, 1);
  Close();
  TakeAndGiveBackPages(folder_);
  const auto lacking = std::filesystem::file_size(data());
  Open();
  EXPECT_GT(std::filesystem::file_size(data()), lacking);
  EXPECT_EQ(Counts().certificates, 5U);
  Add({.names = "next"}, std::nullopt, 1);
  ExpectSound();
}

TEST_F(OpenTest, ADamagedHeadIsRefusedOrReadNotACrash) {
  Open();
  for (int i = 0; i < 50; ++i) Add({.names = std::to_string(i)}, std::nullopt, 1);
  Close();
  const std::string whole = Read();
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::string damaged = whole;
    // The heads of the two meta pages, up to the last field that LMDB reads.
    const size_t offset = (random() % 2) * 4096 + random() % 152;
    damaged[offset] = static_cast<char>(random());
    Write(damaged);
    const auto opened = Ledger::Open(folder_);
    if (!opened.ok()) {
      EXPECT_TRUE(opened.error().code == Code::kCorrupt ||
                  opened.error().code == Code::kUnavailable)
          << opened.error().message;
    }
  }
}

TEST_F(OpenTest, AnotherProgramsFileIsLeftAlone) {
  std::filesystem::create_directory(folder_ + "/x");
  WriteRaw(folder_, "somebody_elses", "key", "value");
  const std::string before = Read();
  const Error error = OpenError();
  EXPECT_EQ(error.code, Code::kCorrupt);
  EXPECT_NE(error.message.find("no ledger"), std::string::npos);
  EXPECT_EQ(Read(), before);
}

TEST_F(OpenTest, AnotherFormatIsRefusedWithBothNumbers) {
  Open();
  Close();
  for (const uint32_t format : {1U, 3U}) {
    WriteRaw(folder_, "meta", "format", EncodeNumber(format));
    const Error error = OpenError();
    EXPECT_EQ(error.code, Code::kCorrupt);
    EXPECT_NE(error.message.find("format " + std::to_string(format)), std::string::npos)
        << error.message;
    EXPECT_NE(error.message.find("reads 2"), std::string::npos) << error.message;
    EXPECT_FALSE(error.hint.empty());
  }
}

TEST_F(OpenTest, CertificatesCutShortAreCorrupt) {
  Open();
  for (int i = 0; i < 5; ++i) Add({.names = std::to_string(i)}, std::nullopt, 1);
  Close();
  const auto size = std::filesystem::file_size(ders());
  std::filesystem::resize_file(ders(), size - 1);
  EXPECT_EQ(OpenError().code, Code::kCorrupt);
  EXPECT_NE(OpenError().message.find(ders()), std::string::npos) << OpenError().message;
  std::filesystem::remove(ders());
  EXPECT_EQ(OpenError().code, Code::kCorrupt);
}

TEST_F(OpenTest, ADamagedCertificateIsToldByItsDigest) {
  Open();
  const Specimen specimen = Invent({});
  Add(specimen, Seen(specimen, At("192.0.2.7", 443), 1));
  std::fstream(ders(), std::ios::in | std::ios::out | std::ios::binary).seekp(5).put('!');
  EXPECT_EQ(ledger_->Certificate(specimen.parsed.facts.id).error().code, Code::kCorrupt);
  EXPECT_EQ(ledger_->FindKey(specimen.parsed.facts.key).error().code, Code::kCorrupt);
  const auto report = ledger_->Check();
  ASSERT_TRUE(report.ok());
  ASSERT_EQ(report->problem_count, 1U);
  EXPECT_NE(report->problems[0].find("has another digest"), std::string::npos)
      << report->problems[0];
}

TEST_F(OpenTest, AFolderOfOthersIsRefused) {
  ASSERT_EQ(::chmod(folder_.c_str(), 0777), 0);
  EXPECT_EQ(OpenError().code, Code::kUntrusted);
  ASSERT_EQ(::chmod(folder_.c_str(), 0700), 0);
}

TEST_F(OpenTest, AFileInPlaceOfTheFolderIsAnError) {
  const auto opened = Ledger::Open("/dev/null/ledger");
  ASSERT_FALSE(opened.ok());
}

TEST_F(OpenTest, AFullLedgerKeepsWhatWasCommitted) {
  Open({.max_bytes = size_t{1} << 20});
  int committed = 0;
  Error full;
  for (int i = 0; i < 10'000 && full.message.empty(); ++i) {
    auto batch = *ledger_->Begin();
    const Specimen specimen = Invent({.names = "n" + std::to_string(i), .der_bytes = 900});
    const auto added = batch->Add(Seen(specimen, std::nullopt, 1), specimen.parsed, nullptr);
    const Status status = added.ok() ? batch->Commit() : Status(added.error());
    if (status.ok()) {
      ++committed;
      continue;
    }
    full = status.error();
    EXPECT_FALSE(batch->Add(Seen(specimen, std::nullopt, 1), specimen.parsed, nullptr).ok());
    EXPECT_FALSE(batch->Commit().ok());
  }
  EXPECT_EQ(full.code, Code::kUnavailable);
  EXPECT_NE(full.message.find("largest size"), std::string::npos) << full.message;
  ASSERT_GT(committed, 100);
  EXPECT_EQ(Counts().certificates, static_cast<uint64_t>(committed));
  ExpectSound();
  Open({.max_bytes = size_t{4} << 20});
  EXPECT_EQ(Counts().certificates, static_cast<uint64_t>(committed));
  Add({.names = "more"}, std::nullopt, 1);
  ExpectSound();
}

TEST_F(OpenTest, DamagedRowsAreCorruptNotACrash) {
  Open();
  const Specimen specimen = Invent({});
  Add(specimen, Seen(specimen, At("192.0.2.7", 443), 1));
  Close();
  const uint32_t one = 1;
  const std::string number(reinterpret_cast<const char*>(&one), sizeof one);
  for (const char* table : {"certificates", "keys", "facts", "extras", "listings"}) {
    WriteRaw(folder_, table, number, "\xff garbage");
  }
  Open();
  EXPECT_EQ(ledger_->Certificate(specimen.parsed.facts.id).error().code, Code::kCorrupt);
  EXPECT_EQ(ledger_->CheckThatHolds({specimen.der}, 1).error().code, Code::kCorrupt);
  EXPECT_EQ(ledger_->FindKey(specimen.parsed.facts.key).error().code, Code::kCorrupt);
  EXPECT_EQ(ledger_->GetListing(1).error().code, Code::kCorrupt);
  EXPECT_EQ(ledger_->Facts(1).error().code, Code::kCorrupt);
  EXPECT_EQ(ledger_->KeysOf(1, 5).error().code, Code::kCorrupt);
  EXPECT_EQ(ledger_->EachListing(1, [](const Listing&) { return true; }).error().code,
            Code::kCorrupt);
  auto batch = *ledger_->Begin();
  const auto added = batch->AddLightly(Seen(specimen, std::nullopt, 1), nullptr,
                                       [] { return Result<PublicChain>(PublicChain{}); });
  EXPECT_EQ(added.error().code, Code::kCorrupt);
  batch.reset();
  EXPECT_GT(ledger_->Check()->problem_count, 0U);
}

}  // namespace
}  // namespace commresolve::index
