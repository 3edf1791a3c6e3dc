// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ParseInBulk gives what ParseCertificate gives: on certificates made for it, on every certificate
// of the external corpus, and on those with single bytes changed.

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>
#include <vector>

#include "resolver/base/digest.h"
#include "tests/fakes/certificates.h"
#include "tests/fakes/corpus.h"
#include "tests/index/certificate/agreement.h"
#include "tests/index/certificate/odd_certificate.h"

namespace commresolve::index {
namespace {

using std::string_literals::operator""s;

/// True if nothing of it was left to ParseCertificate: that one would have noticed the signature.
bool WasQuick(const std::string& der) {
  return !ParseInBulk(der)->facts.self_signed && ParseCertificate(der)->facts.self_signed;
}

TEST(ParseInBulk, AgreesOnTheWholeCorpus) {
  const std::set<std::string> corpus = fakes::CorpusCertificates();
  if (corpus.empty()) GTEST_SKIP() << COMMRESOLVE_CORPUS_DIR << " is absent";
  size_t quick = 0;
  for (const std::string& der : corpus) {
    EXPECT_EQ(Disagreement(der), "") << Base64(der);
    const auto read = ReadIdentifiers(der);
    if (read && KindOfKey(read->public_key) != KeyKind::kOther) ++quick;
  }
  RecordProperty("certificates", std::to_string(corpus.size()));
  RecordProperty("quick", std::to_string(quick));
  EXPECT_GT(corpus.size(), 1'000U);
  EXPECT_GT(quick, corpus.size() / 2);
}

TEST(ParseInBulk, AgreesOnChangedBytes) {
  std::vector<std::string> seeds;
  OddOptions options;
  options.subject = {{NID_organizationName, "Ex\xc3\xa4mple"},
                     {NID_commonName, "a.example", V_ASN1_PRINTABLESTRING},
                     {NID_organizationalUnitName, "\0U\0\xfc"s, V_ASN1_BMPSTRING},
                     {NID_localityName, "K\xf6ln", V_ASN1_T61STRING}};
  options.extensions = {{NID_subject_alt_name, "\x30\x0f\x82\5b.com\x87\4\1\2\3\4\x86\0"s},
                        {NID_basic_constraints, "\x30\6\1\1\xff\2\1\0"s},
                        {NID_ext_key_usage, "\x30\x0a\6\x08\x2b\6\1\5\5\7\3\2"s}};
  seeds.push_back(MakeOdd(options));
  seeds.push_back(fakes::MakeCertificate({.names = {"a.example"}, .scts = true}).Der());
  std::mt19937 random(1);
  for (std::string seed : seeds) {
    ASSERT_EQ(Disagreement(seed), "");
    for (size_t at = 0; at < seed.size(); ++at) {
      std::string changed = seed;
      changed[at] = static_cast<char>(random());
      EXPECT_EQ(Disagreement(changed), "") << Base64(changed);
      changed = seed;
      changed[at] = static_cast<char>(changed[at] ^ 1 << random() % 8);
      EXPECT_EQ(Disagreement(changed), "") << Base64(changed);
    }
  }
}

TEST(ParseInBulk, DoesPlainCertificatesWithoutOpenssl) {
  EXPECT_TRUE(WasQuick(
      fakes::MakeCertificate({.names = {"a.example", "*.b.example"}, .organization = "Example"})
          .Der()));
  EXPECT_FALSE(WasQuick(MakeOdd(
      {.subject = {{NID_commonName, "a"}}, .extensions = {Sans(Element(0x88, "\x2a\x03"))}})));
}

TEST(ParseInBulk, CapsAndOddNamesAreThoseOfTheOtherParser) {
  OddOptions options;
  options.subject.assign(kMaxNameValues + 1, {NID_organizationalUnitName, "u"});
  EXPECT_EQ(Disagreement(MakeOdd(options)), "");
  options.subject = {{NID_organizationName, std::string(kMaxFieldBytes + 1, 'o')},
                     {NID_commonName, "a\0b"s},
                     {NID_commonName, "bits", V_ASN1_BIT_STRING},
                     {NID_countryName, ""},
                     {NID_stateOrProvinceName, "a\x1b[31mb\nc"}};
  EXPECT_EQ(Disagreement(MakeOdd(options)), "");
  options.subject = {{NID_commonName, "A.Example."}, {NID_commonName, "10.0.0.1"}};
  EXPECT_EQ(Disagreement(MakeOdd(options)), "");
  options.subject.clear();
  std::string names;
  for (size_t i = 0; i < 40; ++i) {
    const std::string name = "n" + std::to_string(i % 30) + ".example";
    names += "\x82"s + static_cast<char>(name.size()) + name;
  }
  const std::string size{static_cast<char>(names.size() >> 8), static_cast<char>(names.size())};
  options.extensions = {{NID_subject_alt_name, "\x30\x82" + size + names}};
  EXPECT_EQ(Disagreement(MakeOdd(options)), "");
  EXPECT_EQ(ParseInBulk(MakeOdd(options))->facts.names.size(), 30U);
}

TEST(ParseInBulk, APointOffItsCurveIsTheOnlyLeniency) {
  std::string der = fakes::MakeCertificate({.names = {"a.example"}}).Der();
  const std::string_view key = ReadIdentifiers(der)->public_key;
  const auto end = static_cast<size_t>(key.data() - der.data()) + key.size();
  der[end - 1] = static_cast<char>(der[end - 1] ^ 1);
  EXPECT_FALSE(ParseCertificate(der).ok());
  EXPECT_TRUE(ParseInBulk(der).ok());
  EXPECT_EQ(Disagreement(der), "");
}

}  // namespace
}  // namespace commresolve::index
