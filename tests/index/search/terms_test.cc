// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From listings to terms.

#include "index/search/terms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace commresolve::index {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::SizeIs;

Listing Of(std::vector<FieldText> fields) {
  Listing listing;
  listing.fields = std::move(fields);
  return listing;
}

std::vector<std::string> Texts(const Listing& listing) {
  std::vector<std::string> texts;
  for (const Term& term : TermsOf(listing)) texts.push_back(term.text);
  return texts;
}

auto Superset(std::vector<std::string> terms) { return IsSupersetOf(std::move(terms)); }
std::string Host(const char* name) { return TermOf(TermKind::kHost, name); }
std::string Domain(const char* name) { return TermOf(TermKind::kDomain, name); }
std::string Own(const char* words) { return TermOf(TermKind::kOwnName, words); }

TEST(Terms, OfAHostName) {
  const auto terms = Texts(Of({{Field::kDnsName, "bugs.debian.org"}}));
  EXPECT_THAT(terms, Superset({"bugs", "debian", Own("bugs debian"), "XSorg",
                               Host("bugs.debian.org"), Domain("debian.org")}));
  EXPECT_THAT(terms, Not(Contains("org")));
  EXPECT_THAT(terms, Not(Contains(Own("bugsdebian"))));
}

TEST(Terms, ADomainThatIsAHostToo) {
  const auto terms =
      Texts(Of({{Field::kDnsName, "debian.org"}, {Field::kDnsName, "bugs.debian.org"}}));
  EXPECT_THAT(terms, Contains(Host("debian.org")));
  EXPECT_THAT(terms, Not(Contains(Domain("debian.org"))));
}

TEST(Terms, OfANameThatSoftwareGives) {
  EXPECT_THAT(Texts(Of({{Field::kDnsName, "cpanel.debian.org"}})),
              AllOf(Contains(Host("debian.org")), Contains("cpanel"),
                    Not(Contains(Own("cpanel debian"))), Not(Contains(Domain("debian.org")))));
  EXPECT_THAT(Texts(Of({{Field::kDnsName, "cpanel.net"}})), Contains(Own("cpanel")));
}

TEST(Terms, OfAWildcard) {
  const auto terms = Texts(Of({{Field::kDnsName, "*.bugs.debian.co.uk"}}));
  EXPECT_THAT(terms, Superset({"bugs", "debian", "XSco", "XSuk", Host("*.bugs.debian.co.uk"),
                               Domain("bugs.debian.co.uk"), Domain("debian.co.uk")}));
  EXPECT_THAT(terms, Not(Contains(Domain("co.uk"))));
}

TEST(Terms, OfAPublicSuffix) {
  EXPECT_THAT(Texts(Of({{Field::kDnsName, "github.io"}})), Superset({"github", "XSio"}));
}

TEST(Terms, OfAHyphenatedLabel) {
  EXPECT_THAT(Texts(Of({{Field::kDnsName, "www.green-valley.example"}})),
              Superset({"green", "valley", "greenvalley", Own("green valley"), "www",
                        Host("green-valley.example")}));
}

TEST(Terms, OfAnInternationalName) {
  EXPECT_THAT(Texts(Of({{Field::kDnsName, "xn--kmmert-3ya.net"}})),
              Superset({"kummert", "kümmert", Host("xn--kmmert-3ya.net")}));
}

TEST(Terms, OfALetterDigitLabel) {
  EXPECT_THAT(Texts(Of({{Field::kDnsName, "debian12.example"}})), Superset({"debian12", "debian"}));
  EXPECT_THAT(Texts(Of({{Field::kDnsName, "r3.example"}})), Not(Contains("r")));
}

TEST(Terms, OfChineseJapaneseAndKorean) {
  EXPECT_THAT(Texts(Of({{Field::kOrganization, "株式会社東京電子"}})),
              Superset({"東京", "京電", "電子", "京", "株式会社"}));
}

TEST(Terms, OfTheOtherFields) {
  Listing listing = Of({{Field::kOrganization, "Green Valley Ltd"},
                        {Field::kUnit, "Cellar"},
                        {Field::kLocality, "Zürich"},
                        {Field::kCountry, "CH"},
                        {Field::kEmail, "ops@xn--bcher-kva.example"},
                        {Field::kUri, "https://a.example/path"},
                        {Field::kIpAddress, "192.0.2.7"}});
  listing.issuers = {"Let's Encrypt", "Encrypt CA"};
  listing.ports = {443};
  listing.protocols = {Protocol::kSmtp};
  listing.public_chain = true;
  const auto terms = Texts(listing);
  EXPECT_THAT(terms, Superset({"green", "greenvalley", "XOvalley", "cellar", "zurich", "zürich",
                               "XCch", "ops", "bucher", "path", Host("192.0.2.7"), "XIencrypt",
                               "XP443", "XTsmtp", "XFpublic"}));
  EXPECT_THAT(terms, Not(Contains("encrypt")));
  EXPECT_THAT(terms, Not(Contains("XIs")));
  EXPECT_THAT(terms, Not(Contains("XIca")));
  EXPECT_THAT(terms, Not(Contains("ch")));
}

TEST(Terms, AreDistinct) {
  const auto terms = Texts(Of({{Field::kDnsName, "a.debian.org"},
                               {Field::kDnsName, "b.debian.org"},
                               {Field::kCommonName, "a.debian.org"},
                               {Field::kOrganization, "Debian"}}));
  EXPECT_THAT(terms, SizeIs(std::set<std::string>(terms.begin(), terms.end()).size()));
}

TEST(Terms, OfManyNamesAreBounded) {
  Listing listing = Of({{Field::kOrganization, "Stuffing Works"}});
  for (int i = 0; i < 2'000; ++i) {
    listing.fields.push_back({Field::kDnsName, "a" + std::to_string(i) + "-b" + std::to_string(i) +
                                                   ".c" + std::to_string(i) + ".example"});
  }
  const auto terms = Texts(listing);
  EXPECT_THAT(terms, SizeIs(kMaxTerms));
  EXPECT_THAT(terms, Superset({"stuffing", "XOworks", "c0", "c99", Host("a0-b0.c0.example")}));
}

TEST(Terms, NoTermIsTooLong) {
  std::string name;
  for (int i = 0; i < 4; ++i) name += std::string(60, static_cast<char>('a' + i)) + ".";
  name += "example";
  std::string longer = name;
  longer[230] = 'z';
  const auto terms = Texts(Of({{Field::kDnsName, name}, {Field::kDnsName, longer}}));
  for (const std::string& term : terms) EXPECT_LE(term.size(), kMaxTermBytes) << term;
  EXPECT_NE(TermOf(TermKind::kHost, name), TermOf(TermKind::kHost, longer));
  EXPECT_THAT(terms, Superset({TermOf(TermKind::kHost, name)}));
}

TEST(Terms, NamesBehindWwwAndSoftwareShareAKey) {
  const auto key = [](const char* name) { return HostKey(ReadHost(name)); };
  EXPECT_EQ(key("www.debian.org"), "debian.org");
  EXPECT_EQ(key("cpanel.bugs.debian.org"), "bugs.debian.org");
  EXPECT_EQ(key("bugs.debian.org"), "bugs.debian.org");
  EXPECT_EQ(key("*.www.debian.org"), "*.www.debian.org");
  EXPECT_EQ(key("www.org"), "www.org");
  EXPECT_EQ(key("cpanel.net"), "cpanel.net");
}

TEST(Terms, WhatEveryIssuerIsCalled) {
  EXPECT_TRUE(IsIssuerFiller("ca"));
  EXPECT_TRUE(IsIssuerFiller("validation"));
  EXPECT_TRUE(IsIssuerFiller("s"));
  EXPECT_FALSE(IsIssuerFiller("r3"));
  EXPECT_FALSE(IsIssuerFiller("encrypt"));
}

}  // namespace
}  // namespace commresolve::index
