// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The grammar of typed names: what is keywords, a key, a DNS name, or refused with a hint.

#include "resolver/keyword/typed_name.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

namespace commresolve {
namespace {

using namespace std::string_literals;
constexpr char kSuffix[] = "cert.alt";

const KeyId& Key() {
  static const KeyId key{Sha256("abc")};
  return key;
}

/// One line per reading: "words: bugs debian", "key: ...", "dns: ...", "error: HINT".
std::string Read(std::string_view text, std::string_view suffix = kSuffix) {
  const auto name = ParseTypedName(text, suffix);
  if (!name.ok()) {
    EXPECT_EQ(name.error().code, Code::kInvalidArgument) << text;
    EXPECT_FALSE(name.error().hint.empty()) << text;
    return "error: " + name.error().hint;
  }
  if (const auto* words = std::get_if<KeywordSet>(&*name)) return "words: " + words->ToString();
  if (const auto* key = std::get_if<KeyId>(&*name)) return "key: " + KeyText(*key);
  return "dns: " + std::get<DnsName>(*name).host;
}

TEST(TypedNameTest, WordsUnderTheSuffix) {
  for (const char* text :
       {"debian-bugs.cert.alt", "bugs-debian.cert.alt", "Debian-BUGS.Cert.ALT",
        "debian-bugs.cert.alt.", "  debian-bugs.cert.alt\n", "debian-bugs-debian.cert.alt",
        "ｄｅｂｉａｎ-bugs.cert.alt", "debian-bugs。cert。alt", "debian-bugs．cert｡alt",
        "debian-bugs.ce\u00adrt.alt"}) {
    EXPECT_EQ(Read(text), "words: bugs debian") << text;
  }
  EXPECT_EQ(Read("x.cert.alt"), "words: x");
  EXPECT_EQ(Read("7-11.cert.alt"), "words: 11 7");
  EXPECT_EQ(Read("key.cert.alt"), "words: key");
}

TEST(TypedNameTest, IdnLabelsAreDecodedBeforeFolding) {
  EXPECT_EQ(Read("xn--kmmert-3ya.cert.alt"), "words: kümmert");
  EXPECT_EQ(Read("XN--KMMERT-3YA.cert.alt"), "words: kümmert");
  EXPECT_EQ(Read("kümmert.cert.alt"), "words: kümmert");
  EXPECT_EQ(Read("xn--strae-oqa.cert.alt"), "words: strasse");
  EXPECT_EQ(Read("straße.cert.alt"), "words: strasse");
  EXPECT_EQ(Read("xn--kmmert-3ya"), "words: kümmert");
}

TEST(TypedNameTest, KeysUnderTheSuffix) {
  const std::string text = KeyText(Key());
  EXPECT_EQ(Read(text + ".key.cert.alt"), "key: " + text);
  EXPECT_EQ(Read(text + ".KEY.cert.alt."), "key: " + text);
  std::string upper = text;
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](char c) { return static_cast<char>(std::toupper(c)); });
  EXPECT_EQ(Read(upper + ".key.cert.alt"), "key: " + text);
}

TEST(TypedNameTest, BareKeys) {
  const std::string text = KeyText(Key());
  EXPECT_EQ(Read(text), "key: " + text);
  EXPECT_EQ(Read(" " + Hex(Key().view()) + " "), "key: " + text);
  EXPECT_EQ(Read("pin-sha256:" + Base64(Key().view())), "key: " + text);
  EXPECT_EQ(Read(text.substr(1)), "words: " + text.substr(1));
}

TEST(TypedNameTest, NothingElseUnderTheSuffixIsAName) {
  const std::string text = KeyText(Key());
  for (const std::string& name : {"cert.alt"s,
                                  "cert.alt."s,
                                  "CERT.ALT"s,
                                  ".cert.alt"s,
                                  "..cert.alt"s,
                                  "-.cert.alt"s,
                                  "-a.cert.alt"s,
                                  "a-.cert.alt"s,
                                  "a--b.cert.alt"s,
                                  "a..cert.alt"s,
                                  "a_b.cert.alt"s,
                                  "*.cert.alt"s,
                                  "a/b.cert.alt"s,
                                  "a b.cert.alt"s,
                                  "www.a-b.cert.alt"s,
                                  "a.b.cert.alt"s,
                                  "xn--.cert.alt"s,
                                  "xn--cert-.cert.alt"s,
                                  "xn--ls8h.cert.alt"s,
                                  "💩.cert.alt"s,
                                  "a\0b.cert.alt"s,
                                  "a\xff.cert.alt"s,
                                  ".key.cert.alt"s,
                                  "a.key.cert.alt"s,
                                  text.substr(1) + ".key.cert.alt",
                                  text + "a.key.cert.alt",
                                  "x." + text + ".key.cert.alt",
                                  text + "..key.cert.alt",
                                  "can't.cert.alt"s,
                                  std::string(64, 'a') + ".cert.alt",
                                  "a-b-c-d-e-f-g-h-i.cert.alt"s,
                                  "שלום-debian.cert.alt"s,
                                  "a b．cert．alt"s,
                                  "https://a.cert.alt"s}) {
    EXPECT_EQ(Read(name).substr(0, 6), "error:") << name;
  }
}

TEST(TypedNameTest, HintsSayWhatToWrite) {
  EXPECT_EQ(Read("debian.bugs.cert.alt"), "error: write debian-bugs.cert.alt");
  EXPECT_EQ(Read("debian bugs.cert.alt"), "error: write debian-bugs.cert.alt");
  EXPECT_EQ(Read("debian--bugs.cert.alt"), "error: write debian-bugs.cert.alt");
  EXPECT_EQ(Read("debian_bugs.cert.alt"), "error: write debian-bugs.cert.alt");
  EXPECT_EQ(Read("cert.alt"), "error: put words in front, as in debian-bugs.cert.alt");
  EXPECT_EQ(Read("💩.cert.alt"),
            "error: names here are WORD-WORD.cert.alt and BASE32.key.cert.alt");
  EXPECT_EQ(Read("abc.key.cert.alt"),
            "error: in front of .key.cert.alt stand 52 base32 characters");
}

TEST(TypedNameTest, MessagesSayWhatIsWrong) {
  const auto dotted = ParseTypedName("debian.bugs.cert.alt", kSuffix);
  ASSERT_FALSE(dotted.ok());
  EXPECT_EQ(dotted.error().message,
            "'debian.bugs.cert.alt' is not a name: words are joined by hyphens, not dots");
}

TEST(TypedNameTest, TheSuffixIsAWholeLabelSequence) {
  EXPECT_EQ(Read("xcert.alt"), "dns: xcert.alt");
  EXPECT_EQ(Read("a.cert.alt.evil.org"), "dns: a.cert.alt.evil.org");
  EXPECT_EQ(Read("what is cert.alt"), "words: alt cert is what");
}

TEST(TypedNameTest, BareWords) {
  EXPECT_EQ(Read("debian-bugs"), "words: bugs debian");
  EXPECT_EQ(Read("Debian Bugs"), "words: bugs debian");
  EXPECT_EQ(Read("bugs.debian.org mirror"), "words: bugs debian mirror org");
  EXPECT_EQ(Read("a\u3000b.c"), "words: a b c") << "an ideographic blank";
  EXPECT_EQ(Read("localhost"), "words: localhost");
  EXPECT_EQ(Read("Let's Encrypt"), "words: encrypt let's");
  EXPECT_EQ(Read("").substr(0, 6), "error:");
  EXPECT_EQ(Read(" - ").substr(0, 6), "error:");
  EXPECT_EQ(Read("a b c d e f g h i").substr(0, 6), "error:");
}

TEST(TypedNameTest, DnsNames) {
  EXPECT_EQ(Read("bugs.debian.org"), "dns: bugs.debian.org");
  EXPECT_EQ(Read("BUGS.Debian.org."), "dns: bugs.debian.org");
  EXPECT_EQ(Read("münchen.de"), "dns: xn--mnchen-3ya.de");
  EXPECT_EQ(Read("straße。de"), "dns: xn--strae-oqa.de");
  for (const char* text :
       {"192.0.2.7", "3.14", "*.debian.org", "a..b", ".", "a@b.org", "https://debian.org/"}) {
    EXPECT_EQ(Read(text).substr(0, 6), "error:") << text;
  }
}

TEST(TypedNameTest, LongTextIsRefused) {
  EXPECT_EQ(Read(std::string(kMaxTypedNameBytes + 1, 'a')).substr(0, 6), "error:");
  EXPECT_EQ(Read(std::string(kMaxTypedNameBytes, 'a')), "words: " + std::string(64, 'a'));
}

TEST(TypedNameTest, TheSuffixIsConfigurable) {
  EXPECT_EQ(Read("debian-bugs.k.Example", "K.example."), "words: bugs debian");
  EXPECT_EQ(Read("debian-bugs.cert.alt", "k.example"), "dns: debian-bugs.cert.alt");
  EXPECT_EQ(Read("a-b.münchen.alt", "xn--mnchen-3ya.alt"), "words: a b");
  EXPECT_EQ(Read("a.b.münchen.alt", "münchen.alt").substr(0, 6), "error:");
  EXPECT_FALSE(ParseTypedName("debian", "").ok());
}

TEST(IsUnderSuffixTest, SeesEverySpellingAndNothingElse) {
  for (const char* text :
       {"a-b.cert.alt", " A.B.CERT.ALT. ", "a.ｃｅｒｔ.alt", "a。cert。alt", "cert.alt"}) {
    EXPECT_TRUE(IsUnderSuffix(text, kSuffix)) << text;
  }
  for (const char* text : {"", "a.alt", "concert.alt", "cert.alt.org", "debian bugs"}) {
    EXPECT_FALSE(IsUnderSuffix(text, kSuffix)) << text;
  }
}

TEST(NameOfWordsTest, WritesWhatParseReads) {
  EXPECT_EQ(NameOfWords(*KeywordSet::FromText("debian bugs"), kSuffix), "bugs-debian.cert.alt");
  EXPECT_EQ(NameOfWords(*KeywordSet::FromText("kümmert"), kSuffix), "xn--kmmert-3ya.cert.alt");
  for (const char* text :
       {"debian bugs", "kümmert sich", "東京都庁", "7 11", "key", "xn a", "שלום עולם"}) {
    const KeywordSet words = *KeywordSet::FromText(text);
    const std::string name = NameOfWords(words, kSuffix);
    ASSERT_FALSE(name.empty()) << text;
    EXPECT_EQ(Read(name), "words: " + words.ToString());
  }
}

TEST(NameOfWordsTest, IsEmptyIfNoLabelCanHoldTheWords) {
  for (const std::string& text : {"let's encrypt"s, "שלום debian"s, std::string(64, 'a'),
                                  std::string(40, 'a') + " " + std::string(40, 'b')}) {
    EXPECT_EQ(NameOfWords(*KeywordSet::FromText(text), kSuffix), "") << text;
  }
  EXPECT_NE(NameOfWords(*KeywordSet::FromText(std::string(63, 'a')), kSuffix), "");
}

TEST(NameOfKeyTest, WritesWhatParseReads) {
  EXPECT_EQ(Read(NameOfKey(Key(), kSuffix)), "key: " + KeyText(Key()));
  EXPECT_EQ(NameOfKey(Key(), kSuffix), KeyText(Key()) + ".key.cert.alt");
}

}  // namespace
}  // namespace commresolve
