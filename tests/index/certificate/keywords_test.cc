// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which words of a certificate become keywords, with which evidence class.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "index/certificate/certificate.h"
#include "resolver/keyword/fold.h"
#include "resolver/keyword/host_name.h"
#include "tests/index/certificate/odd_certificate.h"

namespace commresolve::index {
namespace {

using testing::ElementsAre;

ParsedCertificate Parse(const OddOptions& options) {
  auto parsed = ParseCertificate(MakeOdd(options));
  EXPECT_TRUE(parsed.ok());
  return parsed.ok() ? *parsed : ParsedCertificate{};
}

/// "word:C1:dns" in order.
std::vector<std::string> Keywords(const OddOptions& options, bool public_chain) {
  std::vector<std::string> texts;
  for (const Keyword& keyword : ExtractKeywords(Parse(options), public_chain, nullptr)) {
    texts.push_back(keyword.word + ":" + EvidenceClassName(keyword.evidence) + ":" +
                    FieldName(keyword.field));
  }
  return texts;
}

TEST(Keywords, ClassesWithAPublicChain) {
  OddOptions options;
  options.subject = {{NID_countryName, "DE", V_ASN1_PRINTABLESTRING},
                     {NID_stateOrProvinceName, "Bayern"},
                     {NID_localityName, "M\xc3\xbcnchen"},
                     {NID_organizationName, "Debian Project"},
                     {NID_organizationalUnitName, "Tracker"},
                     {NID_commonName, "bugs.debian.org"}};
  options.issuer = {{NID_commonName, "Great CA"}};
  options.extensions = {Sans(Dns("bugs.debian.org") + Dns("*.x.bug-busters.co.uk"))};
  EXPECT_THAT(Keywords(options, true),
              ElementsAre("debian:C1:dns", "bug-busters:C1:dns", "project:C3:o", "bugs:C2:dns",
                          "bug:C2:dns", "busters:C2:dns", "x:C2:dns", "org:C4:cn", "de:C4:c",
                          "co:C4:dns", "uk:C4:dns", "tracker:C4:ou", "m\xc3\xbcnchen:C4:l",
                          "bayern:C4:st", "great:C4:issuer", "ca:C4:issuer"));
}

TEST(Keywords, EverythingIsSelfAssertedWithoutAPublicChain) {
  OddOptions options;
  options.subject = {{NID_organizationName, "Google"}, {NID_commonName, "google.com"}};
  options.extensions = {Sans(Dns("www.google.com"))};
  for (const std::string& keyword : Keywords(options, false)) {
    EXPECT_NE(keyword.find(":C4:"), std::string::npos) << keyword;
  }
  EXPECT_THAT(Keywords(options, false), ElementsAre("google:C4:dns", "www:C4:dns", "com:C4:cn"));
}

TEST(Keywords, TheBestClassWinsAndNothingStandsTwice) {
  OddOptions options;
  options.subject = {{NID_organizationName, "mail example"}, {NID_commonName, "example.org"}};
  options.extensions = {Sans(Dns("example.mail.net") + Dns("mail.example.org"))};
  EXPECT_THAT(Keywords(options, true),
              ElementsAre("mail:C1:dns", "example:C1:dns", "org:C4:cn", "net:C4:dns"));
}

TEST(Keywords, PublicSuffixesAndBareNamesAreNobodys) {
  OddOptions options;
  options.extensions = {Sans(Dns("co.uk") + Dns("localhost") + Dns("github.io"))};
  EXPECT_THAT(Keywords(options, true), ElementsAre("localhost:C4:dns", "co:C4:dns", "uk:C4:dns",
                                                   "github:C4:dns", "io:C4:dns"));
}

TEST(Keywords, OnlySansGiveDecidingLabels) {
  OddOptions options;
  options.subject = {{NID_commonName, "www.my-bank.example"}};
  EXPECT_THAT(Keywords(options, true),
              ElementsAre("www:C4:cn", "my:C4:cn", "bank:C4:cn", "example:C4:cn"));
}

TEST(Keywords, DnsNamesThatAreNoHostNamesDecideNothing) {
  OddOptions options;
  options.extensions = {Sans(Dns("exa\x01mple.org") + Dns("cdn.*.shop.org"))};
  EXPECT_THAT(Keywords(options, true),
              ElementsAre("exa:C4:dns", "mple:C4:dns", "org:C4:dns", "cdn:C4:dns", "shop:C4:dns"));
}

TEST(Keywords, IdnLabelsAreDecodedAndFolded) {
  OddOptions options;
  options.subject = {{NID_commonName, "xn--bcher-kva.example"}};
  options.extensions = {Sans(Dns("XN--STRAE-OQA.xn--bcher-kva.example"))};
  EXPECT_THAT(Keywords(options, true), ElementsAre("b\xc3\xbc"
                                                   "cher:C1:dns",
                                                   "strasse:C2:dns", "example:C4:cn"));
}

TEST(Keywords, AddressesAndUris) {
  OddOptions options;
  options.extensions = {Sans(Ip("\xc0\x01\x02\x07") + Email("jane.doe@mail.example") +
                             Email("nobody") +
                             Uri("https://user@shop.xn--bcher-kva.example:8443/a/b-c?q=1#f") +
                             Uri("urn:sonos:udn:RINCON"))};
  EXPECT_THAT(Keywords(options, true),
              ElementsAre("192.1.2.7:C4:ip", "jane:C4:email", "doe:C4:email", "mail:C4:email",
                          "example:C4:email", "nobody:C4:email", "shop:C4:uri",
                          "b\xc3\xbc"
                          "cher:C4:uri",
                          "a:C4:uri", "b:C4:uri", "c:C4:uri", "sonos:C4:uri", "udn:C4:uri",
                          "rincon:C4:uri"));
}

TEST(Keywords, TheCapDropsTheLeastFirstAndSaysSo) {
  OddOptions options;
  options.subject = {{NID_organizationName, "Example Org"},
                     {NID_organizationalUnitName, "dropped"},
                     {NID_localityName, "dropped too"}};
  options.issuer = {{NID_commonName, "issuer"}};
  std::string names;
  for (size_t i = 0; i < kMaxKeywords - 2; ++i) {
    names += Dns("sub" + std::to_string(i) + ".example.net");
  }
  options.extensions = {Sans(names)};
  std::vector<std::string> cuts;
  const std::vector<Keyword> keywords = ExtractKeywords(Parse(options), true, &cuts);
  EXPECT_EQ(keywords.size(), kMaxKeywords);
  EXPECT_EQ(keywords[0], (Keyword{"example", Field::kDnsName, EvidenceClass::kRegistrableLabel}));
  EXPECT_EQ(keywords[1], (Keyword{"org", Field::kOrganization, EvidenceClass::kOrganization}));
  EXPECT_EQ(keywords.back().word, "sub61");
  EXPECT_THAT(cuts, ElementsAre("64 of 68 keywords"));
}

TEST(Keywords, ALabelTooLongToBeTypedWholeDecidesNothing) {
  // 30 CJK characters are more than 64 bytes of UTF-8 and fit into one A-label.
  std::string label;
  for (int i = 0; i < 30; ++i) label += "\xe6\xb1\x89";
  const Result<std::string> host = NormaliseHostName(label + ".example.org");
  ASSERT_TRUE(host.ok());
  const std::string registrable = host->substr(0, host->find('.')) + ".org";
  OddOptions options;
  options.extensions = {Sans(Dns(registrable))};
  const std::vector<Keyword> keywords = ExtractKeywords(Parse(options), true, nullptr);
  ASSERT_FALSE(keywords.empty());
  for (const Keyword& keyword : keywords) {
    EXPECT_NE(keyword.evidence, EvidenceClass::kRegistrableLabel) << keyword.word;
    EXPECT_LE(keyword.word.size(), kMaxKeywordBytes);
  }
}

}  // namespace
}  // namespace commresolve::index
