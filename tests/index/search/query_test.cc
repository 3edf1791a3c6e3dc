// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is typed into search, parsed.

#include "index/search/query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace commresolve::index {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Query Parse(const std::string& text) {
  Result<Query> query = ParseQuery(text);
  EXPECT_TRUE(query.ok()) << text << ": " << query.error().message;
  return query.ok() ? *query : Query();
}

std::string Refusal(const std::string& text) {
  const Result<Query> query = ParseQuery(text);
  EXPECT_FALSE(query.ok()) << text;
  if (query.ok()) return {};
  EXPECT_EQ(query.error().code, Code::kInvalidArgument);
  return query.error().message;
}

TEST(Query, WordsAreFoldedWithoutDiacritics) {
  const Query query = Parse("Kümmert ＡＢＣ Straße");
  ASSERT_EQ(query.terms.size(), 3U);
  EXPECT_THAT(query.terms[0].words, ElementsAre("kummert"));
  EXPECT_THAT(query.terms[1].words, ElementsAre("abc"));
  EXPECT_THAT(query.terms[2].words, ElementsAre("strasse"));
  EXPECT_EQ(query.terms[0].text, "Kümmert");
}

TEST(Query, PhrasePrefixAndExclusion) {
  const Query query = Parse(R"("Green  Valley" deb* -ubuntu -"old stuff")");
  ASSERT_EQ(query.terms.size(), 4U);
  EXPECT_TRUE(query.terms[0].quoted);
  EXPECT_THAT(query.terms[0].words, ElementsAre("green", "valley"));
  EXPECT_TRUE(query.terms[1].prefix);
  EXPECT_EQ(query.terms[1].text, "deb");
  EXPECT_TRUE(query.terms[2].excluded);
  EXPECT_TRUE(query.terms[3].excluded);
  EXPECT_TRUE(query.terms[3].quoted);
}

TEST(Query, AnOpenQuoteEndsWithTheText) {
  const Query query = Parse("\"green valley");
  ASSERT_EQ(query.terms.size(), 1U);
  EXPECT_THAT(query.terms[0].words, ElementsAre("green", "valley"));
}

TEST(Query, OperatorsInAnyCase) {
  const Query query = Parse(
      "ORG:\"Example Ltd\" San:.Debian.org san:bücher.example Country:DE PORT:443 proto:xmpp "
      "key:AbCd2345 ip:2001:DB8::1 expired:No issuer:let*");
  ASSERT_EQ(query.organizations.size(), 1U);
  EXPECT_TRUE(query.organizations[0].quoted);
  EXPECT_THAT(query.sans, ElementsAre(".debian.org", "xn--bcher-kva.example"));
  EXPECT_THAT(query.countries, ElementsAre("de"));
  EXPECT_THAT(query.ports, ElementsAre(443));
  EXPECT_THAT(query.protocols, ElementsAre(Protocol::kXmppClient));
  EXPECT_THAT(query.keys, ElementsAre("abcd2345"));
  EXPECT_THAT(query.ips, ElementsAre("2001:db8::1"));
  EXPECT_EQ(query.expired, false);
  ASSERT_EQ(query.issuers.size(), 1U);
  EXPECT_TRUE(query.issuers[0].prefix);
  EXPECT_THAT(query.terms, IsEmpty());
}

TEST(Query, AnUnknownOperatorIsWords) {
  const Query query = Parse("foo:bar");
  ASSERT_EQ(query.terms.size(), 1U);
  EXPECT_THAT(query.terms[0].words, ElementsAre("foo", "bar"));
}

TEST(Query, BooleanOperatorsOfOtherProgramsAreWords) {
  const Query query = Parse("sourest AND");
  ASSERT_EQ(query.terms.size(), 2U);
  EXPECT_THAT(query.terms[1].words, ElementsAre("and"));
}

TEST(Query, HostsAndAddressesOfPages) {
  const Query query = Parse("bugs.Debian.org https://kümmert.net:8443/a?b xn--kmmert-3ya.net");
  ASSERT_EQ(query.terms.size(), 3U);
  EXPECT_EQ(query.terms[0].host, "bugs.debian.org");
  EXPECT_THAT(query.terms[0].words, ElementsAre("bugs", "debian", "org"));
  EXPECT_EQ(query.terms[1].host, "xn--kmmert-3ya.net");
  EXPECT_THAT(query.terms[1].words, ElementsAre("kummert", "net"));
  EXPECT_EQ(
      query.terms[2],
      (QueryTerm{
          "xn--kmmert-3ya.net", {"kummert", "net"}, "xn--kmmert-3ya.net", false, false, false}));
}

TEST(Query, ValuesThatMakeNoSenseAreNamed) {
  EXPECT_THAT(Refusal("port:x"), HasSubstr("port"));
  EXPECT_THAT(Refusal("port:0"), HasSubstr("port"));
  EXPECT_THAT(Refusal("port:65536"), HasSubstr("port"));
  EXPECT_THAT(Refusal("port:443x"), HasSubstr("port"));
  EXPECT_THAT(Refusal("country:germany"), HasSubstr("country"));
  EXPECT_THAT(Refusal("proto:gopher"), HasSubstr("proto"));
  EXPECT_THAT(Refusal("key:abc"), HasSubstr("key"));
  EXPECT_THAT(Refusal("key:ab01"), HasSubstr("key"));
  EXPECT_THAT(Refusal("ip:300.1.2.3"), HasSubstr("ip"));
  EXPECT_THAT(Refusal("expired:maybe"), HasSubstr("expired"));
  EXPECT_THAT(Refusal("san:a..b"), HasSubstr("san"));
  EXPECT_THAT(Refusal("org:"), HasSubstr("org"));
  EXPECT_THAT(Refusal("-port:443"), HasSubstr("port"));
}

TEST(Query, NothingToSearchFor) {
  Refusal("");
  Refusal("  \t ");
  Refusal("&&& -");
  Refusal("-debian");
  Refusal("-org:debian");
}

TEST(Query, Bounds) {
  Refusal(std::string(kMaxQueryBytes + 1, 'a'));
  Parse(std::string(kMaxQueryBytes, 'a'));
  std::string sixteen;
  for (size_t i = 0; i < kMaxQueryTerms; ++i) sixteen += "w" + std::to_string(i) + " ";
  EXPECT_EQ(Parse(sixteen).terms.size(), kMaxQueryTerms);
  Refusal(sixteen + "more");
  Refusal(sixteen + "port:443");
}

TEST(Query, ControlCharactersAndBadUtf8DoNotSurvive) {
  const Query query = Parse("deb\x1b[31mian\xff x");
  ASSERT_EQ(query.terms.size(), 3U);
  EXPECT_EQ(query.terms[0].text, "deb");
  EXPECT_EQ(query.terms[1].text, "[31mian\uFFFD");
}

TEST(Query, FormatReadsBackTheSame) {
  for (const char* text :
       {"debian bugs", "\"green valley\" -old deb* -\"a b\"", "org:\"x y\" -issuer:evil san:.a.org",
        "port:443 port:80 proto:smtp key:abcd ip:192.0.2.1 expired:yes country:de", "--x a\"b",
        "bugs.debian.org green-val*"}) {
    const Query query = Parse(text);
    EXPECT_EQ(Parse(FormatQuery(query)), query) << FormatQuery(query);
  }
}

}  // namespace
}  // namespace commresolve::index
