// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lines of known_certs that are read, and lines that are refused with column and field.

#include "resolver/trust/known_certs_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/resolver/trust/candidates.h"

namespace commresolve {
namespace {

using testing::HasSubstr;

std::string KeyA() { return KeyText(TestKey("a")); }

Result<KnownCertsLine> Parse(const std::string& line) { return ParseKnownCertsLine(line); }

Binding BindingOf(const std::string& line) {
  auto read = Parse(line);
  EXPECT_TRUE(read.ok()) << line << ": " << read.error().message;
  return std::get<BindingLine>(*read).binding;
}

TEST(KnownCertsLine, CommentsAndBlankLinesSayNothing) {
  for (const char* line : {"", " ", "\t", "#", "# words keys=x", "  # x", "#\xff\xfe",
                           "# commresolve known_certs 1", "# commresolve known_certs are great",
                           "# commresolve known_certs 1 (made by hand)", "# commresolve"}) {
    const auto read = Parse(line);
    ASSERT_TRUE(read.ok()) << line;
    EXPECT_TRUE(std::holds_alternative<std::monostate>(*read)) << line;
  }
}

TEST(KnownCertsLine, AnotherFormatIsRefused) {
  for (const char* line : {"# commresolve known_certs 2", "# commresolve known_certs 10",
                           "# commresolve known_certs 0", "# commresolve known_certs 1.1",
                           "  # commresolve known_certs 2"}) {
    const auto read = Parse(line);
    ASSERT_FALSE(read.ok()) << line;
    EXPECT_THAT(read.error().message, HasSubstr("this program reads 1"));
  }
}

TEST(KnownCertsLine, DefaultsOfABinding) {
  Binding expected;
  expected.words = KeywordSet::FromText("debian").value();
  expected.accepted = {TestKey("a")};
  expected.tier = Tier::kProven;
  EXPECT_EQ(BindingOf("debian keys=" + KeyA() + " tier=proven"), expected);
}

TEST(KnownCertsLine, AttributesInAnyOrderAndAnyBlanks) {
  const Binding binding = BindingOf("\t debian  reason=\"a  b\"\tname=debian.org tier=pinned " +
                                    std::string("since=2026-02-02T03:40:00+01:00 chain=public ") +
                                    "keys=" + KeyA() + " ");
  EXPECT_EQ(binding.reason, "a  b");
  EXPECT_EQ(binding.name, "debian.org");
  EXPECT_EQ(binding.since, kTestNow);
  EXPECT_TRUE(binding.public_chain);
}

TEST(KnownCertsLine, KeysInUpperCaseAreRead) {
  std::string upper = KeyA();
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  EXPECT_EQ(BindingOf("debian tier=pinned keys=" + upper).accepted[0], TestKey("a"));
}

TEST(KnownCertsLine, WordsOfOtherScriptsAndEscapes) {
  EXPECT_EQ(BindingOf("kümmert+wer tier=pinned keys=" + KeyA()).words->ToString(), "kümmert wer");
  EXPECT_EQ(BindingOf("can%27t tier=pinned keys=" + KeyA()).words->ToString(), "can't");
  EXPECT_EQ(BindingOf("%6bey tier=pinned keys=" + KeyA()).words->ToString(), "key");
}

struct BadLine {
  const char* line;   // K stands for a key.
  const char* error;  // A part of the message.
};

TEST(KnownCertsLine, RefusalsNameColumnAndField) {
  const std::vector<BadLine> lines = {
      {"debian", "column 1: keys= is missing"},
      {"debian keys=K", "column 1: tier= is missing"},
      {"debian tier=pinned keys=", "column 25: '' is not a key (keys)"},
      {"debian keys=K,K tier=pinned", "column 66: the key stands here twice (keys)"},
      {"debian keys=K, tier=pinned", "column 66: '' is not a key (keys)"},
      {"debian keys=K0 tier=pinned", "is not a key (keys)"},
      {"debian keys=K tier=vouched", "column 71: 'vouched' is not a tier of a binding (tier)"},
      {"debian keys=K tier=", "is not a tier of a binding (tier)"},
      {"debian keys=K tier=pinned tier=pinned", "column 83: it stands here a second time (tier)"},
      {"debian keys=K tier=pinned since=now", "'now' is not a time (since)"},
      {"debian keys=K tier=pinned since=9999-12-31T23:59:59-23:59", "(since)"},
      {"debian keys=K tier=pinned chain=maybe", "'maybe' is not a chain (chain)"},
      {"debian keys=K tier=pinned name=Debian.org", "not a DNS name in lower case (name)"},
      {"debian keys=K tier=pinned name=", "(name)"},
      {"debian keys=K tier=pinned name=192.0.2.1", "(name)"},
      {"debian keys=K tier=pinned name=*.debian.org", "(name)"},
      {"debian keys=K tier=pinned reason=x", "(reason)"},
      {"debian keys=K tier=pinned reason=\"", "a '\"' is not closed"},
      {"debian keys=K tier=pinned reason=\"a\"b", "(reason)"},
      {"debian keys=K tier=pinned reason=\"a%zz\"", "two hex digits at position 1 (reason)"},
      {"debian keys=K tier=pinned reason=\"a%ff\"", "not UTF-8 (reason)"},
      {"debian keys=K tier=pinned reason=\"\u202e\"", "(reason)"},
      {"debian keys=K tier=pinned expires=1", "column 78: unknown attribute 'expires'"},
      {"debian keys=K tier=pinned stray", "unknown attribute 'stray'"},
      {"debian keys=K tier=pinned # comment", "unknown attribute '#'"},
      {"debian keys=K tier=pinned =x", "unknown attribute ''"},
      {"@critical", "column 1: the words are missing"},
      {"@critical,@critical debian keys=K tier=pinned", "column 11: the marker stands here twice"},
      {"@critical, debian keys=K tier=pinned", "column 11: unknown marker ''"},
      {"@future debian keys=K tier=pinned", "column 1: unknown marker '@future'"},
      {"@critical,@revoked K", "column 11: unknown marker '@revoked'"},
      {"@revoked,@critical K", "column 1: unknown marker '@revoked'"},
      {"@revoked", "@revoked without a key"},
      {"@revoked debian", "column 10: 'debian' is not a key"},
      {"@revoked K tier=pinned", "only since and reason"},
      {"@revoked K K", "unknown attribute"},
      {"Debian keys=K tier=pinned", "column 1: 'Debian' is not a folded word (words)"},
      {"debian-bugs keys=K tier=pinned", "may not stand at position 6 (words)"},
      {"debian%2dbugs keys=K tier=pinned", "(words)"},
      {"bugs++debian keys=K tier=pinned", "column 1: '' is not a folded word (words)"},
      {"+ keys=K tier=pinned", "column 1: '' is not a folded word (words)"},
      {"bugs+bugs keys=K tier=pinned", "column 1: a word stands here twice (words)"},
      {"a+b+c+d+e+f+g+h+i keys=K tier=pinned", "more than 8 words (words)"},
      {"\u200bbugs keys=K tier=pinned", "(words)"},
      {"\xff keys=K tier=pinned", "(words)"},
      {"keys=K tier=pinned", "(words)"},
      {"|1|x|y keys=K tier=pinned", "column 1: the hash is not of the form"},
      {"|2|x|y keys=K tier=pinned", "the hash is not of the form"},
      {"debian keys=K tier=pinned\r", "a carriage return"},
      {"# a comment\r", "a carriage return"},
      {"# a\x1b[2J", "column 4: a control character"},
  };
  for (const BadLine& bad : lines) {
    std::string line = bad.line;
    for (size_t at = line.find('K'); at != std::string::npos; at = line.find('K', at)) {
      line.replace(at, 1, KeyA());
    }
    const auto read = Parse(line);
    ASSERT_FALSE(read.ok()) << bad.line;
    EXPECT_EQ(read.error().code, Code::kCorrupt) << bad.line;
    EXPECT_THAT(read.error().message, HasSubstr(bad.error)) << bad.line;
  }
}

TEST(KnownCertsLine, NulIsRefusedAnywhere) { EXPECT_FALSE(Parse(std::string("# a\0b", 5)).ok()); }

TEST(KnownCertsLine, AHashedLineHasNeitherNameNorReason) {
  const std::string hash =
      HashedWords::Of(KeywordSet::FromText("x").value(), std::string(20, 's')).ToString();
  const std::string line = hash + " tier=pinned keys=" + KeyA();
  EXPECT_TRUE(BindingOf(line).hashed);
  EXPECT_EQ(BindingOf(line).words, std::nullopt);
  EXPECT_FALSE(Parse(line + " name=x.org").ok());
  EXPECT_FALSE(Parse(line + " reason=\"x\"").ok());
}

TEST(KnownCertsLine, ALineMayBeLongButNotTooLong) {
  const std::string comment(kMaxKnownCertsLine, '#');
  EXPECT_TRUE(Parse(comment).ok());
  EXPECT_FALSE(Parse(comment + "#").ok());
}

TEST(KnownCertsLine, TheMostKeysFit) {
  BindingLine line{BindingOf("debian tier=pinned keys=" + KeyA()), std::nullopt};
  for (size_t i = 1; i < kMaxKeysPerBinding; ++i) {
    line.binding.accepted.push_back(TestKey("accepted" + std::to_string(i)));
  }
  for (size_t i = 0; i < kMaxKeysPerBinding; ++i) {
    line.binding.rejected.push_back(TestKey("rejected" + std::to_string(i)));
  }
  const auto read = Parse(FormatBindingLine(line));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(std::get<BindingLine>(*read), line);
}

}  // namespace
}  // namespace commresolve
