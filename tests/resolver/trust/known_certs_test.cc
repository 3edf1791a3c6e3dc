// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// known_certs as a value: what stays as it is, what is found, and what an edit changes.

#include "resolver/trust/known_certs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "tests/resolver/trust/candidates.h"

namespace commresolve {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

KeywordSet Words(const std::string& text) { return KeywordSet::FromText(text).value(); }

Binding Bound(const std::string& words, const std::string& owner) {
  Binding binding;
  binding.words = Words(words);
  binding.accepted = {TestKey(owner)};
  binding.tier = Tier::kPinned;
  binding.since = kTestNow;
  binding.name = "bugs.debian.org";
  binding.reason = "by hand";
  return binding;
}

KnownCerts Parse(const std::string& text) {
  auto known = KnownCerts::Parse(text, "known_certs");
  EXPECT_TRUE(known.ok()) << known.error().message;
  return *std::move(known);
}

std::string Keys(const std::string& owner) { return " keys=" + KeyText(TestKey(owner)); }

const std::string& Mixed() {
  static const std::string text =
      "# commresolve known_certs 1\n"
      "\n"
      "  # mine: do not touch \xff\n"
      "bugs+debian   tier=pinned" +
      Keys("debian") +
      " \n"
      "\t\n"
      "@revoked " +
      KeyText(TestKey("stolen")) +
      " reason=\"laptop lost\"\n"
      "@critical\tbank" +
      Keys("bank") +
      " tier=continued chain=public name=bank.example\n"
      "# the end";
  return text;
}

TEST(KnownCerts, EmptyTextIsEmpty) {
  const KnownCerts known = Parse("");
  EXPECT_EQ(known.ToText(), "");
  EXPECT_THAT(known.bindings(), IsEmpty());
  EXPECT_THAT(known.revoked(), IsEmpty());
}

TEST(KnownCerts, TextThatIsNotChangedStaysByteForByte) {
  EXPECT_EQ(Parse(Mixed()).ToText(), Mixed());
  EXPECT_EQ(Parse("\n\n").ToText(), "\n\n");
  EXPECT_EQ(Parse(" ").ToText(), " ");
  EXPECT_EQ(Parse("#").ToText(), "#");
}

TEST(KnownCerts, ReadsWhatTheFileSays) {
  const KnownCerts known = Parse(Mixed());
  ASSERT_THAT(known.bindings(), SizeIs(2));
  const auto bank = known.Find(Words("Bank"));
  ASSERT_TRUE(bank.has_value());
  EXPECT_TRUE(bank->critical);
  EXPECT_TRUE(bank->public_chain);
  EXPECT_EQ(bank->name, "bank.example");
  EXPECT_EQ(bank->tier, Tier::kContinued);
  ASSERT_THAT(known.revoked(), SizeIs(1));
  EXPECT_EQ(known.revoked()[0].reason, "laptop lost");
  EXPECT_TRUE(known.IsRevoked(TestKey("stolen")));
  EXPECT_FALSE(known.IsRevoked(TestKey("debian")));
}

TEST(KnownCerts, OrderOfTypedWordsDoesNotMatter) {
  const KnownCerts known = Parse("debian+bugs" + Keys("debian") + " tier=pinned\n");
  EXPECT_TRUE(known.Find(Words("debian bugs")).has_value());
  EXPECT_TRUE(known.Find(Words("Bugs-Debian")).has_value());
  EXPECT_FALSE(known.Find(Words("debian")).has_value());
  EXPECT_FALSE(known.Find(Words("debian bugs www")).has_value());
}

TEST(KnownCerts, PutIntoAnEmptyFileWritesTheHeader) {
  KnownCerts known;
  ASSERT_TRUE(known.Put(Bound("debian bugs", "debian")).ok());
  EXPECT_EQ(known.ToText(),
            "# commresolve known_certs 1\nbugs+debian keys=" + KeyText(TestKey("debian")) +
                " tier=pinned since=2026-02-02T02:40:00Z chain=none "
                "name=bugs.debian.org reason=\"by hand\"\n");
}

TEST(KnownCerts, PutFindsBackExactlyWhatWasPut) {
  Binding binding = Bound("debian bugs", "debian");
  binding.accepted.push_back(TestKey("second"));
  binding.rejected = {TestKey("bad"), TestKey("worse")};
  binding.tier = Tier::kContinued;
  binding.critical = true;
  binding.public_chain = true;
  binding.reason = "100 % \"sure\" # not a comment, höchstens";
  KnownCerts known;
  ASSERT_TRUE(known.Put(binding).ok());
  EXPECT_EQ(known.Find(Words("bugs debian")), binding);
  EXPECT_EQ(Parse(known.ToText()).Find(Words("bugs debian")), binding);
}

TEST(KnownCerts, PutReplacesOneLineAndLeavesTheOthers) {
  KnownCerts known = Parse(Mixed());
  Binding binding = known.Find(Words("debian bugs")).value();
  binding.accepted.push_back(TestKey("second"));
  ASSERT_TRUE(known.Put(binding).ok());
  std::string expected = Mixed() + "\n";
  const std::string old_line = "bugs+debian   tier=pinned" + Keys("debian") + " ";
  expected.replace(expected.find(old_line), old_line.size(),
                   "bugs+debian" + Keys("debian") + "," + KeyText(TestKey("second")) +
                       " tier=pinned since=1970-01-01T00:00:00Z chain=none");
  EXPECT_EQ(known.ToText(), expected);
}

TEST(KnownCerts, PutOfTheSameMeaningKeepsTheText) {
  KnownCerts known = Parse("# x\nbugs+debian   tier=pinned" + Keys("debian") + "\n");
  const std::string before = known.ToText();
  ASSERT_TRUE(known.Put(known.Find(Words("debian bugs")).value()).ok());
  EXPECT_EQ(known.ToText(), before);
}

TEST(KnownCerts, PutRefusesWhatNoLineCanHold) {
  KnownCerts known = Parse(Mixed());
  const Binding good = Bound("other", "debian");
  const auto refuses = [&known](Binding binding) {
    const Status status = known.Put(binding);
    return !status.ok() && status.error().code == Code::kInvalidArgument;
  };
  Binding bad = good;
  bad.words.reset();
  EXPECT_TRUE(refuses(bad));
  bad = good;
  bad.accepted.clear();
  EXPECT_TRUE(refuses(bad));
  bad = good;
  bad.accepted.push_back(bad.accepted[0]);
  EXPECT_TRUE(refuses(bad));
  bad = good;
  for (size_t i = 0; i < kMaxKeysPerBinding; ++i) {
    bad.accepted.push_back(TestKey(std::to_string(i)));
  }
  EXPECT_TRUE(refuses(bad));
  for (const Tier tier : {Tier::kClaimed, Tier::kCorroborated, Tier::kVouched}) {
    bad = good;
    bad.tier = tier;
    EXPECT_TRUE(refuses(bad));
  }
  for (const char* name : {"Bugs.debian.org", "a b", "*.debian.org", "x\ny", "192.0.2.1"}) {
    bad = good;
    bad.name = name;
    EXPECT_TRUE(refuses(bad)) << name;
  }
  bad = good;
  bad.reason = "\xff";
  EXPECT_TRUE(refuses(bad));
  bad.reason = std::string(kMaxKnownCertsLine, 'x');
  EXPECT_TRUE(refuses(bad));
  EXPECT_EQ(known.ToText(), Mixed());
}

TEST(KnownCerts, AReasonCannotStartALine) {
  Binding binding = Bound("debian bugs", "debian");
  binding.reason = "x\"\n@revoked " + KeyText(TestKey("debian")) + "\r\x1b[2J\u202e\u2028";
  KnownCerts known;
  ASSERT_TRUE(known.Put(binding).ok());
  EXPECT_EQ(std::ranges::count(known.ToText(), '\n'), 2);
  const KnownCerts again = Parse(known.ToText());
  EXPECT_THAT(again.revoked(), IsEmpty());
  EXPECT_EQ(again.Find(Words("debian bugs"))->reason, binding.reason);
}

TEST(KnownCerts, RemoveTakesTheLineAndNothingElse) {
  KnownCerts known =
      Parse("# a\nx" + Keys("x") + " tier=pinned\n# b\ny" + Keys("y") + " tier=pinned\n");
  EXPECT_TRUE(known.Remove(Words("x")));
  EXPECT_FALSE(known.Remove(Words("x")));
  EXPECT_FALSE(known.Find(Words("x")).has_value());
  EXPECT_TRUE(known.Find(Words("y")).has_value());
  EXPECT_EQ(known.ToText(), "# a\n# b\ny" + Keys("y") + " tier=pinned\n");
}

TEST(KnownCerts, HashedWordsAreFoundAndNotWritten) {
  Binding binding = Bound("debian bugs", "debian");
  binding.hashed = true;
  KnownCerts known;
  ASSERT_TRUE(known.Put(binding).ok());
  const std::string text = known.ToText();
  EXPECT_THAT(text, HasSubstr("\n|1|"));
  EXPECT_THAT(text, testing::Not(HasSubstr("debian")));
  EXPECT_THAT(text, testing::Not(HasSubstr("by hand")));

  const KnownCerts again = Parse(text);
  const auto found = again.Find(Words("bugs debian"));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->words, Words("bugs debian"));
  EXPECT_TRUE(found->hashed);
  EXPECT_EQ(found->accepted, binding.accepted);
  EXPECT_EQ(found->name, "");
  EXPECT_FALSE(again.Find(Words("bugs")).has_value());

  ASSERT_THAT(again.FindByKey(TestKey("debian")), SizeIs(1));
  EXPECT_EQ(again.FindByKey(TestKey("debian"))[0].words, std::nullopt);
  EXPECT_THAT(again.FindByName("bugs.debian.org"), IsEmpty());
  EXPECT_THAT(again.FindByName(""), IsEmpty());
}

TEST(KnownCerts, AnEditKeepsALineHashedAndItsHash) {
  Binding binding = Bound("debian bugs", "debian");
  binding.hashed = true;
  KnownCerts known;
  ASSERT_TRUE(known.Put(binding).ok());
  const std::string hash = known.ToText().substr(28, 3 + 28 + 1 + 44);
  Binding found = known.Find(Words("debian bugs")).value();
  found.accepted.push_back(TestKey("second"));
  ASSERT_TRUE(known.Put(found).ok());
  EXPECT_EQ(known.ToText().substr(28, hash.size()), hash);
  EXPECT_THAT(known.bindings(), SizeIs(1));
  EXPECT_THAT(known.Find(Words("debian bugs"))->accepted, SizeIs(2));
}

TEST(KnownCerts, HashingReplacesThePlainLineAndBack) {
  KnownCerts known;
  Binding binding = Bound("debian bugs", "debian");
  ASSERT_TRUE(known.Put(binding).ok());
  binding.hashed = true;
  ASSERT_TRUE(known.Put(binding).ok());
  EXPECT_THAT(known.bindings(), SizeIs(1));
  EXPECT_THAT(known.ToText(), testing::Not(HasSubstr("bugs")));
  binding.hashed = false;
  ASSERT_TRUE(known.Put(binding).ok());
  EXPECT_EQ(known.Find(Words("debian bugs")), binding);
  EXPECT_THAT(known.bindings(), SizeIs(1));
}

TEST(KnownCerts, PlainWinsOverHashedAndBothAreRemoved) {
  const auto hash = HashedWords::Of(Words("debian"), std::string(20, 's'));
  const std::string text =
      hash.ToString() + Keys("hashed") + " tier=pinned\ndebian" + Keys("plain") + " tier=pinned\n";
  KnownCerts known = Parse(text);
  EXPECT_EQ(known.Find(Words("debian"))->accepted[0], TestKey("plain"));
  EXPECT_TRUE(known.Remove(Words("debian")));
  EXPECT_FALSE(known.Find(Words("debian")).has_value());
  EXPECT_EQ(known.ToText(), "");
}

TEST(KnownCerts, FindsByNameAndKey) {
  KnownCerts known;
  ASSERT_TRUE(known.Put(Bound("debian bugs", "debian")).ok());
  ASSERT_TRUE(known.Put(Bound("bts", "debian")).ok());
  Binding other = Bound("other", "other");
  other.name = "";
  ASSERT_TRUE(known.Put(other).ok());
  EXPECT_THAT(known.FindByName("bugs.debian.org"), SizeIs(2));
  EXPECT_THAT(known.FindByName("debian.org"), IsEmpty());
  EXPECT_THAT(known.FindByName(""), IsEmpty());
  EXPECT_THAT(known.FindByKey(TestKey("debian")), SizeIs(2));
  EXPECT_THAT(known.FindByKey(TestKey("nobody")), IsEmpty());
}

TEST(KnownCerts, RevokeAndBack) {
  KnownCerts known = Parse("debian" + Keys("debian") + " tier=pinned\n");
  ASSERT_TRUE(known.Revoke({TestKey("debian"), kTestNow, "stolen"}).ok());
  EXPECT_TRUE(known.IsRevoked(TestKey("debian")));
  EXPECT_TRUE(known.Find(Words("debian")).has_value());
  const std::string once = known.ToText();
  ASSERT_TRUE(known.Revoke({TestKey("debian"), kTestNow + 1, "again"}).ok());
  EXPECT_EQ(known.ToText(), once);
  EXPECT_EQ(Parse(once).revoked(),
            (std::vector<RevokedKey>{{TestKey("debian"), kTestNow, "stolen"}}));
  EXPECT_TRUE(known.Unrevoke(TestKey("debian")));
  EXPECT_FALSE(known.Unrevoke(TestKey("debian")));
  EXPECT_FALSE(known.IsRevoked(TestKey("debian")));
  EXPECT_EQ(known.ToText(), "debian" + Keys("debian") + " tier=pinned\n");
  EXPECT_EQ(known.Revoke({TestKey("x"), 0, "\xff"}).error().code, Code::kInvalidArgument);
}

TEST(KnownCerts, ARevocationThatStandsTwiceIsTakenBackTwice) {
  const std::string line = "@revoked " + KeyText(TestKey("x")) + "\n";
  KnownCerts known = Parse(line + "# between\n" + line);
  EXPECT_TRUE(known.Unrevoke(TestKey("x")));
  EXPECT_EQ(known.ToText(), "# between\n");
}

TEST(KnownCerts, AnUnreadableLineRefusesTheWholeFileAndIsNamed) {
  const auto known = KnownCerts::Parse("# ok\nx" + Keys("x") + " tier=pinned\ny keys=z\n", "/a/kc");
  ASSERT_FALSE(known.ok());
  EXPECT_EQ(known.error().code, Code::kCorrupt);
  EXPECT_THAT(known.error().message, HasSubstr("/a/kc line 3: column 8: 'z' is not a key (keys)"));
}

TEST(KnownCerts, TheSameWordsTwiceNameBothLines) {
  const std::string text =
      "debian+bugs" + Keys("a") + " tier=pinned\n\nbugs+debian" + Keys("b") + " tier=pinned\n";
  const auto known = KnownCerts::Parse(text, "kc");
  ASSERT_FALSE(known.ok());
  EXPECT_EQ(known.error().code, Code::kCorrupt);
  EXPECT_THAT(known.error().message, HasSubstr("kc line 3: the same words stand on line 1"));

  const std::string hash = HashedWords::Of(Words("a"), std::string(20, 's')).ToString();
  const std::string line = hash + Keys("a") + " tier=pinned\n";
  EXPECT_FALSE(KnownCerts::Parse(line + line, "kc").ok());
}

TEST(KnownCerts, LimitsOfSize) {
  EXPECT_FALSE(KnownCerts::Parse(std::string(kMaxKnownCertsBytes + 1, '\n'), "kc").ok());
  EXPECT_TRUE(KnownCerts::Parse(std::string(kMaxKnownCertsLines, '\n'), "kc").ok());
  EXPECT_FALSE(KnownCerts::Parse(std::string(kMaxKnownCertsLines + 1, '\n'), "kc").ok());
}

TEST(KnownCerts, TheExampleOfTheManualIsReadable) {
  std::ifstream file(std::string(COMMRESOLVE_SOURCE_DIR) + "/docs/formats/known_certs.md");
  const std::string manual((std::istreambuf_iterator<char>(file)), {});
  ASSERT_NE(manual.find("```\n"), std::string::npos);
  const size_t begin = manual.find("```\n") + 4;
  const KnownCerts known = Parse(manual.substr(begin, manual.find("```", begin) - begin));
  EXPECT_THAT(known.bindings(), SizeIs(2));
  EXPECT_THAT(known.revoked(), SizeIs(1));
  EXPECT_TRUE(known.Find(Words("bank"))->critical);
  EXPECT_EQ(known.Find(Words("debian bugs"))->reason, "checked by phone");
}

TEST(KnownCerts, CopiesAreIndependent) {
  KnownCerts one;
  ASSERT_TRUE(one.Put(Bound("debian", "debian")).ok());
  const KnownCerts two = one;
  EXPECT_TRUE(one.Remove(Words("debian")));
  EXPECT_TRUE(two.Find(Words("debian")).has_value());
}

}  // namespace
}  // namespace commresolve
