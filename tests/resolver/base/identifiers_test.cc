// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ReadIdentifiers on what OpenSSL encodes, and on encodings that are not DER.

#include "resolver/base/identifiers.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "resolver/base/der.h"
#include "tests/fakes/certificates.h"
#include "tests/index/certificate/odd_certificate.h"

namespace commresolve {
namespace {

using std::string_literals::operator""s;
using index::MakeOdd;
using index::OddOptions;
using index::RawExtension;

struct Attribute {
  std::string type;
  int tag;
  std::string bytes;
  bool operator==(const Attribute&) const = default;
};

std::vector<Attribute> Attributes(std::string_view name) {
  std::vector<Attribute> attributes;
  EXPECT_TRUE(EachAttribute(name, [&](std::string_view type, uint8_t tag, std::string_view bytes) {
    attributes.push_back({std::string(type), tag, std::string(bytes)});
    return true;
  }));
  return attributes;
}

TEST(Identifiers, AreTheBytesOfTheCertificate) {
  OddOptions options;
  options.subject = {{NID_organizationName, "Example"}, {NID_commonName, "a.example"}};
  options.issuer = {{NID_commonName, "CA", V_ASN1_PRINTABLESTRING}};
  options.extensions = {{NID_subject_alt_name, "\x30\3\x82\1a"s},
                        {NID_basic_constraints, "\x30\0"s},
                        {NID_ext_key_usage, "x"}};
  const std::string der = MakeOdd(options);
  const std::string input = der + "after";
  const auto read = ReadIdentifiers(input);
  ASSERT_TRUE(read.has_value());
  const auto parts = PartsOf(der);
  EXPECT_EQ(read->whole, der);
  EXPECT_EQ(read->issuer, parts->issuer);
  EXPECT_EQ(read->subject, parts->subject);
  EXPECT_EQ(read->public_key, parts->public_key);
  EXPECT_EQ(KindOfKey(read->public_key), KeyKind::kEc);
  EXPECT_EQ(read->subject_alt_name, "\x30\3\x82\1a"s);
  EXPECT_EQ(read->basic_constraints, "\x30\0"s);
  EXPECT_EQ(read->extended_key_usage, "x");
  EXPECT_EQ(Attributes(read->subject),
            (std::vector<Attribute>{{"\x55\x04\x0a", V_ASN1_UTF8STRING, "Example"},
                                    {"\x55\x04\x03", V_ASN1_UTF8STRING, "a.example"}}));
  EXPECT_EQ(Attributes(read->issuer),
            (std::vector<Attribute>{{"\x55\x04\x03", V_ASN1_PRINTABLESTRING, "CA"}}));
}

TEST(Identifiers, AbsentExtensionsAreEmpty) {
  const std::string der = MakeOdd({.subject = {{NID_commonName, "a"}}});
  const auto read = ReadIdentifiers(der);
  ASSERT_TRUE(read.has_value());
  EXPECT_FALSE(read->subject_alt_name || read->basic_constraints || read->extended_key_usage);
}

TEST(Identifiers, TimesOfBothForms) {
  struct Case {
    const char* text;
    const char* expected;
  };
  for (const Case& test : {Case{"19500101000000Z", "1950-01-01T00:00:00Z"},
                           Case{"491231235959Z", "2049-12-31T23:59:59Z"},
                           Case{"500101000000Z", "1950-01-01T00:00:00Z"},
                           Case{"20240229120102Z", "2024-02-29T12:01:02Z"},
                           Case{"20000229000000Z", "2000-02-29T00:00:00Z"},
                           Case{"00010101000000Z", "0001-01-01T00:00:00Z"},
                           Case{"99991231235959Z", "9999-12-31T23:59:59Z"}}) {
    const std::string der = MakeOdd({.subject = {{NID_commonName, "a"}}, .not_before = test.text});
    const auto read = ReadIdentifiers(der);
    ASSERT_TRUE(read.has_value()) << test.text;
    EXPECT_EQ(FormatTime(read->not_before), test.expected);
  }
}

/// A certificate whose notBefore is replaced by a text of the same length.
std::string WithTime(const std::string& text) {
  const std::string placeholder = "200101020304Z";
  std::string der = MakeOdd({.subject = {{NID_commonName, "a"}}, .not_before = placeholder});
  der.replace(der.find(placeholder), placeholder.size(), text);
  return der;
}

TEST(Identifiers, RefusesTimesThatAreNone) {
  EXPECT_TRUE(ReadIdentifiers(WithTime("200101020304Z")).has_value());
  for (const char* text :
       {"200001020304Z", "201301020304Z", "200100020304Z", "200132020304Z", "210229020304Z",
        "200431020304Z", "200101240304Z", "200101026004Z", "200101020360Z", "2001010203 4Z",
        "20010102030/Z", "200101020304z", ":00101020304Z"}) {
    EXPECT_FALSE(ReadIdentifiers(WithTime(text)).has_value()) << text;
  }
}

TEST(Identifiers, RefusesEveryBeginningAndLengthsThatAreNotTheShortest) {
  const std::string der =
      fakes::MakeCertificate({.names = {"a.example"}, .organization = "Example"}).Der();
  ASSERT_TRUE(ReadIdentifiers(der).has_value());
  for (size_t size = 0; size < der.size(); ++size) {
    EXPECT_FALSE(ReadIdentifiers(der.substr(0, size)).has_value()) << size;
  }
  ASSERT_EQ(der.substr(0, 2), "\x30\x82");
  EXPECT_FALSE(ReadIdentifiers("\x30\x83\0"s + der.substr(2)).has_value());
  EXPECT_FALSE(ReadIdentifiers("\x30\x84\0\0"s + der.substr(2)).has_value());
  EXPECT_FALSE(ReadIdentifiers("\x30\x80"s + der.substr(4) + "\0\0"s).has_value());
}

TEST(Identifiers, AnExtensionTwiceIsLeftToTheOtherParser) {
  const RawExtension sans{NID_subject_alt_name, "\x30\0"s};
  EXPECT_TRUE(ReadIdentifiers(MakeOdd({.extensions = {sans}})).has_value());
  EXPECT_FALSE(ReadIdentifiers(MakeOdd({.extensions = {sans, sans}})).has_value());
}

TEST(Identifiers, KindsOfKeys) {
  const std::string rsa_id = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"s;
  const std::string ec_id = "\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"s;
  const std::string p256 = "\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"s;
  const auto small = [](char identifier, const std::string& contents) {
    std::string der{identifier};
    if (contents.size() >= 0x80) der += '\x81';
    return der + static_cast<char>(contents.size()) + contents;
  };
  const auto key = [&](const std::string& algorithm, const std::string& bits) {
    return small(0x30, small(0x30, algorithm) + small(0x03, "\0"s + bits));
  };
  const auto rsa = [&](const std::string& modulus) {
    return small(0x30, small(0x02, modulus) + small(0x02, "\1\0\1"s));
  };
  const std::string modulus(64, '\x7f');
  EXPECT_EQ(KindOfKey(key(rsa_id + "\5\0"s, rsa(modulus))), KeyKind::kRsa);
  EXPECT_EQ(KindOfKey(key(rsa_id + "\5\0"s, rsa("\0\xff"s + modulus))), KeyKind::kRsa);
  EXPECT_EQ(KindOfKey(key(rsa_id, rsa(modulus))), KeyKind::kOther) << "no parameters";
  EXPECT_EQ(KindOfKey(key(rsa_id + "\5\0"s, rsa(modulus) + "x")), KeyKind::kOther) << "bytes after";
  EXPECT_EQ(KindOfKey(key(rsa_id + "\5\0"s, rsa(modulus.substr(1)))), KeyKind::kOther)
      << "504 bits";
  EXPECT_EQ(KindOfKey(key(rsa_id + "\5\0"s, rsa("\xff" + modulus))), KeyKind::kOther) << "negative";
  EXPECT_EQ(KindOfKey(key(ec_id + p256, "\4" + std::string(64, 'x'))), KeyKind::kEc);
  EXPECT_EQ(KindOfKey(key(ec_id + p256, "\2" + std::string(32, 'x'))), KeyKind::kOther)
      << "compressed";
  EXPECT_EQ(KindOfKey(key(ec_id + p256, "\4" + std::string(63, 'x'))), KeyKind::kOther);
  EXPECT_EQ(KindOfKey(key("\6\3\x2b\x65\x70", std::string(32, 'x'))), KeyKind::kEd25519);
  EXPECT_EQ(KindOfKey(key("\6\3\x2b\x65\x70", std::string(33, 'x'))), KeyKind::kOther);
  EXPECT_EQ(KindOfKey(key("\6\3\x2b\x65\x71", std::string(57, 'x'))), KeyKind::kOther) << "Ed448";
  EXPECT_EQ(KindOfKey(""), KeyKind::kOther);
}

TEST(Identifiers, Purposes) {
  EXPECT_EQ(ReadBasicConstraints("\x30\0"s), false);
  EXPECT_EQ(ReadBasicConstraints("\x30\3\1\1\xff"s), true);
  EXPECT_EQ(ReadBasicConstraints("\x30\6\1\1\xff\2\1\0"s), true);
  EXPECT_EQ(ReadBasicConstraints("\x30\3\1\1\0"s), std::nullopt);
  EXPECT_EQ(ReadBasicConstraints("\x30\3\1\1\1"s), std::nullopt);
  EXPECT_EQ(ReadBasicConstraints("\x30\0x"s), std::nullopt);
  EXPECT_EQ(ReadBasicConstraints(""), std::nullopt);
  const std::string client = "\6\x08\x2b\6\1\5\5\7\3\2"s;
  const std::string server = "\6\x08\x2b\6\1\5\5\7\3\1"s;
  EXPECT_EQ(ReadClientOnly("\x30\x0a" + client), true);
  EXPECT_EQ(ReadClientOnly("\x30\x0a" + server), false);
  EXPECT_EQ(ReadClientOnly("\x30\x14" + client + server), false);
  EXPECT_EQ(ReadClientOnly("\x30\x06\6\4\x55\x1d\x25\0"s), false);
  EXPECT_EQ(ReadClientOnly("\x30\0"s), std::nullopt);
  EXPECT_EQ(ReadClientOnly("\x30\2\6\0"s), std::nullopt);
}

TEST(Identifiers, NamesThatAreNone) {
  const auto none = [](std::string_view, uint8_t, std::string_view) { return true; };
  EXPECT_TRUE(EachAttribute("\x30\0"s, none));
  for (const std::string& name :
       {""s, "\x30"s, "\x31\0"s, "\x30\2\x31\0"s, "\x30\4\x31\2\x30\0"s,
        "\x30\x08\x31\6\x30\4\6\0\x0c\0"s, "\x30\x07\x31\5\x30\3\6\1\5"s}) {
    EXPECT_FALSE(EachAttribute(name, none));
  }
  EXPECT_FALSE(EachAlternativeName("\x30\0x"s, [](uint8_t, std::string_view) { return true; }));
  EXPECT_FALSE(EachAlternativeName("\x30\1\x82"s, [](uint8_t, std::string_view) { return true; }));
}

}  // namespace
}  // namespace commresolve
