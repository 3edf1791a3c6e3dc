// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ParseCertificate on sound certificates and on the oddities that real ones and attackers show.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/sha.h>

#include "index/certificate/certificate.h"
#include "resolver/base/clock.h"
#include "resolver/base/openssl_ptr.h"
#include "tests/fakes/certificates.h"
#include "tests/index/certificate/odd_certificate.h"

namespace commresolve::index {
namespace {

using std::string_literals::operator""s;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// U+202E, not as a literal: it would turn this line around, too.
const std::string kRightToLeft = {'\xe2', '\x80', '\xae'};

ParsedCertificate Parse(const OddOptions& options) {
  auto parsed = ParseCertificate(MakeOdd(options));
  EXPECT_TRUE(parsed.ok()) << (parsed.ok() ? "" : parsed.error().message);
  return parsed.ok() ? *parsed : ParsedCertificate{};
}

std::vector<std::string> Texts(const ParsedCertificate& certificate, Field wanted) {
  std::vector<std::string> texts;
  for (const FieldText& field : certificate.fields) {
    if (field.field == wanted) texts.push_back(field.text);
  }
  return texts;
}

TEST(Parse, TakesFieldsInOrder) {
  OddOptions options;
  options.subject = {{NID_countryName, "DE", V_ASN1_PRINTABLESTRING},
                     {NID_organizationName, "Example GmbH"},
                     {NID_commonName, "www.example.org"},
                     {NID_pkcs9_emailAddress, "root@example.org", V_ASN1_IA5STRING}};
  options.issuer = {{NID_commonName, "Some CA 1"}, {NID_organizationName, "Some CA"}};
  options.extensions = {Sans(Dns("WWW.Example.org.") + Dns("*.example.org") + Ip("\xc0\0\2\7"s) +
                             Email("info@example.org") + Uri("https://example.org/x"))};
  const ParsedCertificate parsed = Parse(options);
  const std::vector<FieldText> expected = {
      {Field::kCountry, "DE"},
      {Field::kOrganization, "Example GmbH"},
      {Field::kCommonName, "www.example.org"},
      {Field::kEmail, "root@example.org"},
      {Field::kDnsName, "www.example.org"},
      {Field::kDnsName, "*.example.org"},
      {Field::kIpAddress, "192.0.2.7"},
      {Field::kEmail, "info@example.org"},
      {Field::kUri, "https://example.org/x"},
      {Field::kIssuer, "Some CA 1"},
      {Field::kIssuer, "Some CA"},
  };
  EXPECT_EQ(parsed.fields, expected);
  EXPECT_THAT(parsed.facts.names, ElementsAre("www.example.org", "*.example.org"));
  EXPECT_EQ(parsed.facts.issuer_organization, "Some CA");
  EXPECT_EQ(parsed.facts.issuer_common_name, "Some CA 1");
  EXPECT_TRUE(parsed.sound());
  EXPECT_THAT(parsed.cuts, IsEmpty());
}

TEST(Parse, DigestsAreOfTheBytesAsTheyStand) {
  const std::string der = MakeOdd({.subject = {{NID_commonName, "a.example"}}});
  const auto parsed = ParseCertificate(der);
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->size, der.size());
  EXPECT_EQ(parsed->facts.id.bytes, Sha256(der));
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const X509Ptr x509(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  unsigned char* key = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x509.get()), &key);
  EXPECT_EQ(parsed->facts.key.bytes,
            Sha256({reinterpret_cast<char*>(key), static_cast<size_t>(size)}));
  OPENSSL_free(key);
}

TEST(Parse, BytesAfterTheCertificateAreADefectOnly) {
  const std::string der = MakeOdd({.subject = {{NID_commonName, "a.example"}}});
  const auto parsed = ParseCertificate(der + "xy");
  ASSERT_TRUE(parsed.ok());
  EXPECT_THAT(parsed->defects, ElementsAre("2 bytes after the certificate"));
  EXPECT_EQ(parsed->size, der.size());
  EXPECT_EQ(parsed->facts.id.bytes, Sha256(der));
  EXPECT_FALSE(parsed->sound());
}

TEST(Parse, RefusesWhatIsNoCertificate) {
  for (const std::string& input : {""s, "x"s, "0\x80\0\0"s, std::string(1000, '0')}) {
    const auto parsed = ParseCertificate(input);
    ASSERT_FALSE(parsed.ok());
    EXPECT_EQ(parsed.error().code, Code::kInvalidArgument);
    EXPECT_THAT(parsed.error().message, HasSubstr("not a certificate"));
  }
  const std::string der = MakeOdd({.subject = {{NID_commonName, "a.example"}}});
  for (size_t size = 0; size < der.size(); ++size) {
    EXPECT_FALSE(ParseCertificate(der.substr(0, size)).ok()) << size;
  }
}

TEST(Parse, RefusesMoreThanTheLimit) {
  const std::string der = MakeOdd({.subject = {{NID_commonName, "a.example"}}});
  EXPECT_TRUE(ParseCertificate(der + std::string(kMaxCertificateBytes - der.size(), 'x')).ok());
  EXPECT_FALSE(
      ParseCertificate(der + std::string(kMaxCertificateBytes - der.size() + 1, 'x')).ok());
}

TEST(Parse, RefusesIndefiniteLength) {
  std::string der = MakeOdd({.subject = {{NID_commonName, "a.example"}}});
  ASSERT_EQ(der.substr(0, 2), "\x30\x82");
  const auto parsed = ParseCertificate("\x30\x80" + der.substr(4) + "\0\0"s);
  ASSERT_FALSE(parsed.ok());
  EXPECT_THAT(parsed.error().message, HasSubstr("not DER"));
}

TEST(Parse, ReadsEveryStringType) {
  OddOptions options;
  options.subject = {{NID_organizationName, "K\xc3\xbcmmert", V_ASN1_UTF8STRING},
                     {NID_organizationName, "\0K\0\xfc"s, V_ASN1_BMPSTRING},
                     {NID_organizationName, "\0\0\0K\0\1\xf6\0"s, V_ASN1_UNIVERSALSTRING},
                     {NID_organizationName, "K\xfc", V_ASN1_T61STRING},
                     {NID_organizationName, "IA5", V_ASN1_IA5STRING}};
  const ParsedCertificate parsed = Parse(options);
  EXPECT_THAT(parsed.facts.organizations,
              ElementsAre("K\xc3\xbcmmert", "K\xc3\xbc", "K\xf0\x9f\x98\x80", "K\xc3\xbc", "IA5"));
  EXPECT_TRUE(parsed.sound());
}

TEST(Parse, NulIsADefectAndTheValueIsLeftOut) {
  OddOptions options;
  options.subject = {{NID_organizationName, "Good\0Evil"s}, {NID_commonName, "kept.example"}};
  options.issuer = {{NID_commonName, "CA\0"s}};
  options.extensions = {Sans(Dns("bank.example\0.evil.example"s) + Dns("kept.example") +
                             Email("a\0@b"s) + Uri("x:\0"s))};
  const ParsedCertificate parsed = Parse(options);
  EXPECT_THAT(parsed.facts.names, ElementsAre("kept.example"));
  EXPECT_THAT(parsed.facts.organizations, IsEmpty());
  EXPECT_EQ(parsed.facts.issuer_common_name, "");
  EXPECT_THAT(parsed.defects,
              ElementsAre("subject O holds a NUL byte", "a subjectAltName dNSName holds a NUL byte",
                          "a subjectAltName rfc822Name holds a NUL byte",
                          "a subjectAltName URI holds a NUL byte", "issuer CN holds a NUL byte"));
  EXPECT_EQ(parsed.fields.size(), 2U);
}

TEST(Parse, UnsafeCharactersAreReplaced) {
  OddOptions options;
  options.subject = {{NID_organizationName, "a\x1b[31mb\nc" + kRightToLeft + "d"},
                     {NID_commonName, "bits", V_ASN1_BIT_STRING}};
  options.extensions = {Sans(Dns("exa\x01mple.org") + Dns("b\xff.org") +
                             Dns("ex\xe2\x80\x8b"
                                 "ample.org"))};
  const ParsedCertificate parsed = Parse(options);
  EXPECT_THAT(parsed.facts.organizations, ElementsAre("a\xef\xbf\xbd[31mb c\xef\xbf\xbd"
                                                      "d"));
  EXPECT_THAT(parsed.facts.common_names, IsEmpty());
  EXPECT_THAT(parsed.defects, ElementsAre("subject CN is no text", "issuer CN is no text"));
  EXPECT_THAT(parsed.facts.names, IsEmpty());
  EXPECT_THAT(Texts(parsed, Field::kDnsName),
              ElementsAre("exa\xef\xbf\xbdmple.org", "b\xef\xbf\xbd.org",
                          "ex\xe2\x80\x8b"
                          "ample.org"));
}

TEST(Parse, NamesThatAreNoHostNamesStayText) {
  OddOptions options;
  options.subject = {{NID_commonName, "cn.example"}};
  options.extensions = {Sans(Dns("a b") + Dns("cdn.*.example.org") + Dns("192.0.2.1") +
                             Dns("b\xc3\xbc"
                                 "cher.example") +
                             Dns("") + Ip("abc"))};
  const ParsedCertificate parsed = Parse(options);
  EXPECT_THAT(parsed.facts.names, IsEmpty());
  EXPECT_THAT(Texts(parsed, Field::kDnsName), ElementsAre("a b", "cdn.*.example.org", "192.0.2.1",
                                                          "b\xc3\xbc"
                                                          "cher.example"));
  EXPECT_THAT(parsed.defects, ElementsAre("a subjectAltName iPAddress has neither 4 nor 16 bytes"));
}

TEST(Parse, CommonNameIsANameOnlyWithoutDnsNames) {
  OddOptions options;
  options.subject = {{NID_commonName, "CN.example"},
                     {NID_commonName, "localhost"},
                     {NID_commonName, "10.0.0.1"},
                     {NID_commonName, "Some Name."}};
  EXPECT_THAT(Parse(options).facts.names, ElementsAre("cn.example"));
  options.extensions = {Sans(Email("a@b.example"))};
  EXPECT_THAT(Parse(options).facts.names, ElementsAre("cn.example"));
  options.extensions = {Sans(Dns("other.example"))};
  EXPECT_THAT(Parse(options).facts.names, ElementsAre("other.example"));
  options.extensions = {{NID_subject_alt_name, "garbage"}};
  EXPECT_THAT(Parse(options).facts.names, IsEmpty());
}

TEST(Parse, UndecodableExtensionsAreDefectsAndTheSubjectIsUsed) {
  OddOptions options;
  options.subject = {{NID_organizationName, "Example"}};
  options.extensions = {{NID_subject_alt_name, "garbage"},
                        {NID_basic_constraints, "\x30\x01"},
                        {NID_ext_key_usage, ""}};
  const ParsedCertificate parsed = Parse(options);
  EXPECT_THAT(parsed.facts.organizations, ElementsAre("Example"));
  EXPECT_THAT(parsed.defects,
              ElementsAre("subjectAltName does not decode", "basicConstraints does not decode",
                          "extendedKeyUsage does not decode"));
  options.extensions = {Sans(Dns("a.example")), Sans(Dns("b.example"))};
  EXPECT_THAT(Parse(options).defects, ElementsAre("subjectAltName stands there twice"));
}

TEST(Parse, CapsAreSaid) {
  OddOptions options;
  options.subject = {{NID_organizationName, std::string(kMaxFieldBytes - 1, 'o') + "\xc3\xbc"}};
  std::string names;
  for (size_t i = 0; i < kMaxSans + 5; ++i) names += Dns("n" + std::to_string(i) + ".example");
  options.extensions = {Sans(names)};
  ParsedCertificate parsed = Parse(options);
  EXPECT_EQ(parsed.facts.names.size(), kMaxSans);
  EXPECT_EQ(parsed.facts.organizations.front(), std::string(kMaxFieldBytes - 1, 'o'));
  EXPECT_THAT(parsed.cuts,
              ElementsAre("subject O: 10239 of 10241 bytes", "2000 of 2005 subjectAltNames",
                          "issuer O: 10239 of 10241 bytes"));
  EXPECT_TRUE(parsed.sound());

  options.subject.assign(kMaxNameValues + 1, {NID_organizationalUnitName, "u"});
  options.extensions.clear();
  parsed = Parse(options);
  EXPECT_EQ(Texts(parsed, Field::kUnit).size(), kMaxNameValues);
  EXPECT_THAT(parsed.cuts, ElementsAre("200 of 201 subject values", "200 of 201 issuer values"));
}

TEST(Parse, DatesFromLongAgoToTheEnd) {
  OddOptions options;
  options.subject = {{NID_commonName, "a.example"}};
  options.not_before = "19550606120000Z";
  options.not_after = "99991231235959Z";
  const ParsedCertificate parsed = Parse(options);
  EXPECT_EQ(FormatTime(parsed.facts.not_before), "1955-06-06T12:00:00Z");
  EXPECT_EQ(FormatTime(parsed.facts.not_after), "9999-12-31T23:59:59Z");
}

TEST(Parse, SelfSignedNeedsTheSignatureNotOnlyTheName) {
  OddOptions options;
  options.subject = {{NID_commonName, "a.example"}};
  EXPECT_TRUE(Parse(options).facts.self_signed);
  options.foreign_signature = true;
  EXPECT_FALSE(Parse(options).facts.self_signed);
  options.foreign_signature = false;
  options.issuer = {{NID_commonName, "CA"}};
  EXPECT_FALSE(Parse(options).facts.self_signed);
}

TEST(Parse, AnEmbeddedSctIsSeen) {
  const auto parsed =
      ParseCertificate(fakes::MakeCertificate({.names = {"a.example"}, .scts = true}).Der());
  ASSERT_TRUE(parsed.ok());
  EXPECT_TRUE(parsed->facts.embedded_scts);
  EXPECT_TRUE(parsed->sound());
}

TEST(Parse, Purposes) {
  const std::string server_auth = Element(0x06, "\x2b\x06\x01\x05\x05\x07\x03\x01");
  const std::string client_auth = Element(0x06, "\x2b\x06\x01\x05\x05\x07\x03\x02");
  const std::string any = Element(0x06, "\x55\x1d\x25\0"s);
  OddOptions options;
  options.subject = {{NID_commonName, "a.example"}};
  EXPECT_FALSE(Parse(options).client_only);
  EXPECT_FALSE(Parse(options).is_ca);
  EXPECT_FALSE(Parse(options).facts.embedded_scts);
  options.extensions = {{NID_ext_key_usage, Element(0x30, client_auth)},
                        {NID_basic_constraints, Element(0x30, "\x01\x01\xff")},
                        {NID_ct_precert_scts, Element(0x04, "")}};
  EXPECT_TRUE(Parse(options).client_only);
  EXPECT_TRUE(Parse(options).is_ca);
  EXPECT_FALSE(Parse(options).facts.embedded_scts) << "an extension without an SCT";
  options.extensions = {{NID_ext_key_usage, Element(0x30, client_auth + server_auth)},
                        {NID_basic_constraints, Element(0x30, "")}};
  EXPECT_FALSE(Parse(options).client_only);
  EXPECT_FALSE(Parse(options).is_ca);
  options.extensions = {{NID_ext_key_usage, Element(0x30, any)}};
  EXPECT_FALSE(Parse(options).client_only);
}

}  // namespace
}  // namespace commresolve::index
