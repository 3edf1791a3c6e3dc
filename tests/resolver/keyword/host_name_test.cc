// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Host names: normal form, display, the split at the registrable label, and wildcard matching.

#include "resolver/keyword/host_name.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace commresolve {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::string_literals;

std::string Normal(std::string_view text) {
  const auto host = NormaliseHostName(text);
  return host.ok() ? *host : "(none)";
}

TEST(NormaliseHostNameTest, LowersAndDropsTheLastDot) {
  EXPECT_EQ(Normal("Bugs.Debian.ORG"), "bugs.debian.org");
  EXPECT_EQ(Normal("bugs.debian.org."), "bugs.debian.org");
  EXPECT_EQ(Normal("localhost"), "localhost");
  EXPECT_EQ(Normal("_dmarc.debian.org"), "_dmarc.debian.org");
  EXPECT_EQ(Normal("*.Debian.org"), "*.debian.org");
  EXPECT_EQ(Normal("r3---sn-4g5e6nez.googlevideo.com"), "r3---sn-4g5e6nez.googlevideo.com");
  EXPECT_EQ(Normal("3com.com"), "3com.com");
}

TEST(NormaliseHostNameTest, ConvertsIdnByIdna2008) {
  EXPECT_EQ(Normal("München.de"), "xn--mnchen-3ya.de");
  EXPECT_EQ(Normal("mu\u0308nchen.de"), "xn--mnchen-3ya.de");
  EXPECT_EQ(Normal("straße.de"), "xn--strae-oqa.de") << "non-transitional";
  EXPECT_EQ(Normal("ü。DE。"), "xn--tda.de") << "ideographic full stops";
  EXPECT_EQ(Normal("ｄｅｂｉａｎ．org"), "debian.org");
  EXPECT_EQ(Normal("*.münchen.de"), "*.xn--mnchen-3ya.de");
  EXPECT_EQ(Normal("xn--mnchen-3ya.de"), "xn--mnchen-3ya.de");
  EXPECT_EQ(Normal("r3---sn.münchen.de"), "r3---sn.xn--mnchen-3ya.de");
}

TEST(NormaliseHostNameTest, RefusesWhatIsNoHostName) {
  const std::string label63(63, 'a');
  for (const std::string& text : {""s,
                                  "."s,
                                  ".."s,
                                  "a..b"s,
                                  ".a"s,
                                  "a.."s,
                                  "*"s,
                                  "*."s,
                                  "a.*.b"s,
                                  "*.*.b"s,
                                  "a*.b"s,
                                  "a b.c"s,
                                  "a\0b.c"s,
                                  "a\n.b"s,
                                  "a/b"s,
                                  "a@b.c"s,
                                  "a:80"s,
                                  "::1"s,
                                  "[::1]"s,
                                  "1.2.3.4"s,
                                  "3.14"s,
                                  "127.1"s,
                                  "12345"s,
                                  "999.999.999.999"s,
                                  "0x7f.0x1"s,
                                  "a.0x"s,
                                  "a.1."s,
                                  "💩.la"s,
                                  "\xff.de"s,
                                  "℀.de"s,
                                  "-ü.de"s,
                                  "ü..de"s,
                                  "可\0.cn"s,
                                  label63 + "a.org",
                                  std::string(2'000, 'a'),
                                  label63 + "." + label63 + "." + label63 + "." + label63}) {
    const auto host = NormaliseHostName(text);
    ASSERT_FALSE(host.ok()) << text;
    EXPECT_EQ(host.error().code, Code::kInvalidArgument);
  }
}

TEST(NormaliseHostNameTest, KeepsTheLimitsOfDns) {
  const std::string label63(63, 'a');
  const std::string name253 = label63 + "." + label63 + "." + label63 + "." + std::string(61, 'a');
  EXPECT_EQ(Normal(name253), name253);
  EXPECT_EQ(Normal(name253 + "."), name253);
  EXPECT_EQ(Normal(name253 + "a"), "(none)");
}

TEST(DisplayHostNameTest, ShowsULabelsOnlyIfTheyComeBackTheSame) {
  EXPECT_EQ(DisplayHostName("bugs.xn--mnchen-3ya.de"), "bugs.münchen.de");
  EXPECT_EQ(DisplayHostName("*.xn--strae-oqa.de"), "*.straße.de");
  for (const char* host : {"debian.org", "xn--ls8h.la", "xn--.de", "xn--cert-.alt", "xn--abc.de",
                           "xn--999999999.de", "xn--0ca24w.de", "xn--a-ecp.ru"}) {
    EXPECT_EQ(DisplayHostName(host), host);
  }
}

TEST(SplitHostNameTest, CutsByThePublicSuffixList) {
  const HostParts parts = SplitHostName("a.bugs.debian.org");
  EXPECT_THAT(parts.sub, ElementsAre("a", "bugs"));
  EXPECT_EQ(parts.registrable_label, "debian");
  EXPECT_EQ(parts.registrable_domain, "debian.org");
  EXPECT_EQ(parts.suffix, "org");
}

TEST(SplitHostNameTest, KnowsLongPrivateWildcardAndExceptionRules) {
  EXPECT_EQ(SplitHostName("www.bbc.co.uk").registrable_domain, "bbc.co.uk");
  EXPECT_EQ(SplitHostName("a.b.github.io").registrable_domain, "b.github.io");
  EXPECT_EQ(SplitHostName("a.b.c.ck").suffix, "c.ck");
  EXPECT_EQ(SplitHostName("a.www.ck").registrable_domain, "www.ck");
  EXPECT_EQ(SplitHostName("x.xn--55qx5d.cn").suffix, "xn--55qx5d.cn");
  EXPECT_EQ(SplitHostName("a.b.no-such-tld").registrable_domain, "b.no-such-tld");
}

TEST(SplitHostNameTest, APublicSuffixHasNoRegistrablePart) {
  for (const char* host : {"co.uk", "*.co.uk", "github.io", "com", "*.com"}) {
    const HostParts parts = SplitHostName(host);
    EXPECT_THAT(parts.sub, IsEmpty()) << host;
    EXPECT_EQ(parts.registrable_label, "") << host;
    EXPECT_EQ(parts.registrable_domain, "") << host;
    EXPECT_TRUE(std::string(host).ends_with(parts.suffix)) << host;
    EXPECT_FALSE(parts.suffix.empty()) << host;
  }
}

TEST(SplitHostNameTest, ANameWithoutDotIsItsOwnLabel) {
  const HostParts parts = SplitHostName("localhost");
  EXPECT_EQ(parts.registrable_label, "localhost");
  EXPECT_EQ(parts.registrable_domain, "localhost");
  EXPECT_EQ(parts.suffix, "");
}

TEST(SplitHostNameTest, LabelsAreUnicodeAndTheWildcardIsLeftOut) {
  const HostParts parts = SplitHostName("*.xn--tda.xn--mnchen-3ya.de");
  EXPECT_THAT(parts.sub, ElementsAre("ü"));
  EXPECT_EQ(parts.registrable_label, "münchen");
  EXPECT_EQ(parts.registrable_domain, "xn--mnchen-3ya.de");
}

TEST(MatchesHostNameTest, FollowsRfc9525) {
  EXPECT_TRUE(MatchesHostName("debian.org", "debian.org"));
  EXPECT_TRUE(MatchesHostName("*.debian.org", "bugs.debian.org"));
  EXPECT_TRUE(MatchesHostName("*.github.io", "me.github.io"));
  EXPECT_FALSE(MatchesHostName("*.debian.org", "debian.org"));
  EXPECT_FALSE(MatchesHostName("*.debian.org", "a.bugs.debian.org"));
  EXPECT_FALSE(MatchesHostName("*.debian.org", ".debian.org"));
  EXPECT_FALSE(MatchesHostName("*.debian.org", "bugsxdebian.org"));
  EXPECT_FALSE(MatchesHostName("*.debian.org", "*.debian.org")) << "no host is a wildcard";
  EXPECT_FALSE(MatchesHostName("debian.org", "bugs.debian.org"));
  EXPECT_FALSE(MatchesHostName("bugs.debian.org", "*.debian.org"));
  EXPECT_FALSE(MatchesHostName("", ""));
}

TEST(MatchesHostNameTest, AWildcardNeverStandsForAPublicSuffix) {
  EXPECT_FALSE(MatchesHostName("*.org", "debian.org"));
  EXPECT_FALSE(MatchesHostName("*.co.uk", "bbc.co.uk"));
  EXPECT_FALSE(MatchesHostName("*.no-such-tld", "a.no-such-tld"));
  EXPECT_FALSE(MatchesHostName("*", "localhost"));
}

TEST(HostNameCorpusTest, RealHostNamesAreInNormalFormAndSplitCompletely) {
  const std::string path = COMMRESOLVE_CORPUS_DIR "/names/opendns-top-domains.txt";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not here";
  std::ifstream file(path);
  size_t count = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.empty()) continue;
    const auto host = NormaliseHostName(line);
    ASSERT_TRUE(host.ok()) << line;
    ASSERT_EQ(*NormaliseHostName(DisplayHostName(*host)), *host);
    const HostParts parts = SplitHostName(*host);
    ASSERT_TRUE(host->ends_with(parts.registrable_domain +
                                (parts.registrable_domain.empty() ? parts.suffix : "")))
        << line;
    ++count;
  }
  EXPECT_GE(count, 9'000U);
}

TEST(HasPublicSuffix, NamesBelowASuffixOfTheListsIcannPart) {
  for (const char* host :
       {"debian.org", "bugs.debian.org", "a.co.uk", "github.io", "x.github.io"}) {
    EXPECT_TRUE(HasPublicSuffix(host)) << host;
  }
  for (const char* host : {"org", "co.uk", "printer", "nas.lan", "dc.ad.firma-intern", ""}) {
    EXPECT_FALSE(HasPublicSuffix(host)) << host;
  }
}

}  // namespace
}  // namespace commresolve
