// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Readers beside a writer, a writer that dies, and damaged files.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "tests/index/search/store.h"

namespace commresolve::index {
namespace {

using ::testing::HasSubstr;

Listing Numbered(ListingId id) {
  Listing listing = Hosts({"host" + std::to_string(id) + ".debian.example"});
  listing.id = id;
  return listing;
}

TEST(Durability, AReaderNeverFailsBecauseAWriterCommits) {
  const TemporaryFolder folder;
  const std::string path = folder.Path("search");
  auto writer = SearchWriter::Open(path);
  ASSERT_TRUE(writer.ok());
  auto reader = SearchReader::Open(path);
  ASSERT_TRUE(reader.ok()) << reader.error().message;
  std::atomic<bool> done{false};
  std::thread writing([&] {
    for (ListingId id = 1; id <= 250; ++id) {
      EXPECT_TRUE((*writer)->Put(Numbered(id)).ok());
      EXPECT_TRUE((*writer)->Commit().ok());
    }
    done = true;
  });
  const Query query = *ParseQuery("debian host1*");
  const FactsSource facts;
  size_t queries = 0;
  size_t seen = 0;
  while (!done) {
    const Result<SearchResult> result = (*reader)->Search(query, 0, 500, kNow, facts);
    ++queries;
    EXPECT_TRUE(result.ok()) << result.error().message;
    if (!result.ok()) break;
    EXPECT_GE(result->hits.size(), seen);
    seen = result->hits.size();
  }
  writing.join();
  EXPECT_GT(queries, 10U);
  EXPECT_EQ(*(*reader)->DocumentCount(), 250U);
}

TEST(Durability, OneWriterAtATime) {
  const TemporaryFolder folder;
  const auto first = SearchWriter::Open(folder.Path("search"));
  ASSERT_TRUE(first.ok());
  const auto second = SearchWriter::Open(folder.Path("search"));
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, Code::kBusy);
}

TEST(Durability, WhatWasCommittedSurvivesAKilledWriter) {
  const TemporaryFolder folder;
  const std::string path = folder.Path("search");
  for (int round = 0; round < 3; ++round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
      auto writer = SearchWriter::Open(path);
      for (ListingId id = 1; writer.ok(); ++id) {
        if (!(*writer)->Put(Numbered(id)).ok()) break;
        if (id % 20 != 0) continue;
        if (!(*writer)->Commit().ok() || write(ends[1], &id, sizeof id) != sizeof id) break;
      }
      _exit(1);
    }
    close(ends[1]);
    ListingId committed = 0;
    for (int batch = 0; batch < 5 + 3 * round; ++batch) {
      ASSERT_EQ(read(ends[0], &committed, sizeof committed), ssize_t{sizeof committed});
    }
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    ListingId more = 0;
    while (read(ends[0], &more, sizeof more) == ssize_t{sizeof more}) committed = more;
    close(ends[0]);
    auto reader = SearchReader::Open(path);
    ASSERT_TRUE(reader.ok()) << reader.error().message;
    EXPECT_GE(*(*reader)->DocumentCount(), committed);
    auto writer = SearchWriter::Open(path);
    ASSERT_TRUE(writer.ok()) << writer.error().message;
    EXPECT_TRUE((*writer)->Put(Numbered(1)).ok());
    EXPECT_TRUE((*writer)->Commit().ok());
  }
}

TEST(Durability, NoIndexYet) {
  const TemporaryFolder folder;
  const auto reader = SearchReader::Open(folder.Path("nothing"));
  ASSERT_FALSE(reader.ok());
  EXPECT_EQ(reader.error().code, Code::kNotFound);
}

void Fill(const std::string& path) {
  auto writer = SearchWriter::Open(path);
  ASSERT_TRUE(writer.ok());
  for (ListingId id = 1; id <= 300; ++id) ASSERT_TRUE((*writer)->Put(Numbered(id)).ok());
  ASSERT_TRUE((*writer)->Commit().ok());
}

template <class T>
void ExpectCorrupt(const Result<T>& result, const std::string& what) {
  ASSERT_FALSE(result.ok()) << what;
  EXPECT_EQ(result.error().code, Code::kCorrupt) << what << ": " << result.error().message;
  EXPECT_THAT(result.error().hint, HasSubstr("commresolve index rebuild")) << what;
}

TEST(Durability, AMissingFile) {
  for (const char* name : {"iamglass", "postlist.glass", "termlist.glass"}) {
    const TemporaryFolder folder;
    const std::string path = folder.Path("search");
    Fill(path);
    std::filesystem::remove(path + "/" + name);
    ExpectCorrupt(SearchReader::Open(path), name);
    ExpectCorrupt(SearchWriter::Open(path), name);
    EXPECT_FALSE(std::filesystem::exists(path + "/" + name)) << "opening must not hide the loss";
  }
}

TEST(Durability, AGarbledVersionFile) {
  const TemporaryFolder folder;
  const std::string path = folder.Path("search");
  Fill(path);
  std::ofstream(path + "/iamglass", std::ios::binary | std::ios::trunc) << "this is no index";
  ExpectCorrupt(SearchReader::Open(path), "garbled");
  ExpectCorrupt(SearchWriter::Open(path), "garbled");
}

/// Search may still work on what is left whole, but must neither crash nor find nonsense.
TEST(Durability, GarbledBlocks) {
  for (const bool truncate : {false, true}) {
    const TemporaryFolder folder;
    const std::string path = folder.Path("search");
    Fill(path);
    const std::string file = path + "/postlist.glass";
    if (truncate) {
      std::filesystem::resize_file(file, 100);
    } else {
      std::fstream blocks(file, std::ios::binary | std::ios::in | std::ios::out);
      blocks.write(std::string(std::filesystem::file_size(file), '\x5a').data(),
                   static_cast<std::streamsize>(std::filesystem::file_size(file)));
    }
    auto reader = SearchReader::Open(path);
    if (!reader.ok()) {
      ExpectCorrupt(reader, "at open");
      continue;
    }
    ExpectCorrupt((*reader)->Search(*ParseQuery("debian"), 0, 10, kNow, FactsSource()), "search");
    ExpectCorrupt((*reader)->ListingsCarrying(*KeywordSet::FromText("debian"), 10), "carrying");
  }
}

}  // namespace
}  // namespace commresolve::index
