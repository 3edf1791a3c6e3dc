// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Completion and spelling over a table of words, and tables that are none.

#include "index/search/word_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace commresolve::index {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// A table together with its bytes.
class Table {
 public:
  explicit Table(std::vector<CountedWord> words) {
    std::ranges::sort(words, {}, &CountedWord::text);
    bytes_ = BuildWordTable(words);
    const auto table = WordTable::Read(bytes_);
    EXPECT_TRUE(table.ok());
    if (table.ok()) table_ = *table;
  }
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  [[nodiscard]] std::string Suggest(std::string_view word) const {
    const auto found = table_.Suggest(word);
    return found ? found->text : "";
  }
  [[nodiscard]] std::vector<std::string> Complete(std::string_view beginning, size_t limit) const {
    std::vector<std::string> words;
    for (const CountedWord& word : table_.Complete(beginning, limit)) words.push_back(word.text);
    return words;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
  WordTable table_;
};

TEST(Spelling, EveryKindOfSlip) {
  const Table table({{"debian", 5}, {"mozilla", 3}, {"kümmert", 1}});
  EXPECT_EQ(table.Suggest("debin"), "debian");    // Left out.
  EXPECT_EQ(table.Suggest("debiaan"), "debian");  // Added.
  EXPECT_EQ(table.Suggest("debisn"), "debian");   // Replaced.
  EXPECT_EQ(table.Suggest("debain"), "debian");   // Swapped.
  EXPECT_EQ(table.Suggest("ebian"), "debian");
  EXPECT_EQ(table.Suggest("debianx"), "debian");
  EXPECT_EQ(table.Suggest("kummert"), "kümmert");  // One character, two bytes.
}

TEST(Spelling, NotTwoSlips) {
  const Table table({{"debian", 5}});
  for (const char* word : {"dbin", "edbain", "debianxy", "ebiand"}) {
    EXPECT_EQ(table.Suggest(word), "") << word;
  }
}

TEST(Spelling, TheMoreFrequentWordThenTheFirst) {
  EXPECT_EQ(Table({{"cart", 1}, {"card", 9}}).Suggest("carx"), "card");
  EXPECT_EQ(Table({{"cart", 2}, {"card", 2}}).Suggest("carx"), "card");
  EXPECT_EQ(Table({{"debian", 2}}).Suggest("debian"), "");
}

TEST(Spelling, ShortWordsAndNumbersAreLeftAlone) {
  const Table table({{"org", 9}, {"2024", 9}, {std::string(41, 'a'), 9}});
  EXPECT_EQ(table.Suggest("orgg"), "");
  EXPECT_EQ(table.Suggest("2025"), "");
  EXPECT_EQ(table.Suggest(std::string(40, 'a')), "");
  EXPECT_EQ(table.Suggest(""), "");
}

TEST(Spelling, AmongManyWords) {
  const auto word = [](uint32_t number) {
    std::string text = "word";
    for (number *= 2'654'435'761U; number != 0; number /= 26) {
      text.push_back(static_cast<char>('a' + number % 26));
    }
    return text;
  };
  std::vector<CountedWord> words;
  for (uint32_t i = 0; i < 20'000; ++i) words.push_back({word(i), 1});
  words.push_back({"greenvalley", 2});
  const Table table(words);
  EXPECT_EQ(table.Suggest("grenvalley"), "greenvalley");
  EXPECT_EQ(table.Suggest(word(7'919) + "s"), word(7'919));
}

TEST(Spelling, NumbersOfThingsAreNoWords) {
  const Table table({{"debian12", 5}, {"nas9b88d4", 1}});
  EXPECT_EQ(table.Suggest("debain12"), "debian12");
  EXPECT_EQ(table.Suggest("nas9b88d5"), "");
  EXPECT_THAT(table.Complete("nas", 5), ElementsAre("nas9b88d4"));
}

TEST(Completion, TheMostFrequentFirst) {
  const Table table({{"deb", 1}, {"debate", 7}, {"debian", 9}, {"debit", 7}, {"dec", 99}});
  EXPECT_THAT(table.Complete("deb", 10), ElementsAre("debian", "debate", "debit", "deb"));
  EXPECT_THAT(table.Complete("deb", 2), ElementsAre("debian", "debate"));
  EXPECT_THAT(table.Complete("", 1), ElementsAre("dec"));
  EXPECT_THAT(table.Complete("debx", 10), IsEmpty());
  EXPECT_THAT(table.Complete("zz", 10), IsEmpty());
  EXPECT_THAT(table.Complete("deb", 0), IsEmpty());
}

TEST(WordTable, HoldsNoneOrOne) {
  EXPECT_EQ(WordTable().size(), 0U);
  EXPECT_THAT(WordTable().Complete("", 3), IsEmpty());
  EXPECT_EQ(WordTable().Suggest("debian"), std::nullopt);
  EXPECT_EQ(Table({}).Suggest("debian"), "");
  EXPECT_THAT(Table({{"a", 4'000'000'000}}).Complete("", 3), ElementsAre("a"));
}

TEST(WordTable, OtherBytesAreRefused) {
  const Table table({{"debian", 5}, {"mozilla", 3}});
  const std::string& bytes = table.bytes();
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(WordTable::Read(std::string_view(bytes).substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(WordTable::Read(bytes + "x").ok());
  EXPECT_EQ(WordTable::Read("CRWORDS1" + bytes.substr(8)).error().code, Code::kCorrupt);
}

TEST(WordTable, DamageInsideIsNoWorseThanAPoorAnswer) {
  const Table table({{"debian", 5}, {"debit", 3}, {"mozilla", 3}});
  for (size_t at = 8; at < table.bytes().size(); ++at) {
    for (const char damage : {'\x00', '\x01', '\x7f', '\xff'}) {
      std::string bytes = table.bytes();
      bytes[at] = damage;
      const auto read = WordTable::Read(bytes);
      if (!read.ok()) continue;
      EXPECT_LE(read->Complete("deb", 10).size(), 10U);
      static_cast<void>(read->Suggest("debain"));
    }
  }
}

}  // namespace
}  // namespace commresolve::index
