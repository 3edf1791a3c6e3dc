// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// PEM blocks of every label, whole and damaged, and the certificates of PKCS#7.

#include "index/sources/pem.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "index/certificate/certificate.h"
#include "index/sources/input.h"
#include "index/sources/pkcs7.h"
#include "resolver/base/openssl_ptr.h"
#include "tests/index/certificate/odd_certificate.h"
#include "tests/index/sources/reading.h"

namespace commresolve::index {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Blocks {
  std::vector<std::string> certificates;
  std::vector<std::string> refusals;
};

Blocks Read(const std::string& text) {
  Blocks blocks;
  LineReader lines(MemoryInput("", text).open().value());
  const Status status =
      ReadPem(lines, {[&](uint64_t /*offset*/, std::string der) {
                        blocks.certificates.push_back(std::move(der));
                        return true;
                      },
                      [&](uint64_t offset, const std::string& reason) {
                        blocks.refusals.push_back(std::to_string(offset) + ": " + reason);
                      }});
  EXPECT_TRUE(status.ok());
  return blocks;
}

std::string MakePkcs7(const std::vector<std::string>& certificates) {
  const Pkcs7Ptr message(PKCS7_new());
  PKCS7_set_type(message.get(), NID_pkcs7_signed);
  PKCS7_content_new(message.get(), NID_pkcs7_data);
  for (const std::string& der : certificates) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    PKCS7_add_certificate(message.get(), certificate.get());
  }
  unsigned char* bytes = nullptr;
  const int size = i2d_PKCS7(message.get(), &bytes);
  std::string der(reinterpret_cast<char*>(bytes), static_cast<size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

const std::string kDer = Element(0x30, std::string(200, 'x'));

TEST(Pem, TakesCertificatesAndPassesOverTheRest) {
  EXPECT_THAT(Read("text\n" + Pem(kDer) + "more\n" + Pem("key", "PRIVATE KEY") +
                   Pem("csr", "CERTIFICATE REQUEST") + Pem(kDer + "trust", "TRUSTED CERTIFICATE") +
                   Pem(kDer, "X509 CERTIFICATE"))
                  .certificates,
              ElementsAre(kDer, kDer, kDer));
}

TEST(Pem, LineEndsAndIndentDoNotMatter) {
  std::string text = Pem(kDer);
  for (size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 4) {
    text.replace(at, 1, " \r\n ");
  }
  EXPECT_THAT(Read(text).certificates, ElementsAre(kDer));
  text.resize(text.size() - 4);
  EXPECT_THAT(Read(text).certificates, ElementsAre(kDer));
}

TEST(Pem, DamagedBlocksAreRefusedOneByOne) {
  const Blocks blocks = Read("-----BEGIN CERTIFICATE-----\nAAAA\n" + Pem(kDer) +
                             "-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----\n"
                             "-----BEGIN CERTIFICATE-----\nAAAA\n-----END PKCS7-----\n" +
                             Pem(std::string(kMaxCertificateBytes + 1000, 'x')) +
                             "-----BEGIN CERTIFICATE-----\nAAAA");
  EXPECT_THAT(blocks.certificates, ElementsAre(kDer));
  ASSERT_EQ(blocks.refusals.size(), 5U);
  EXPECT_EQ(blocks.refusals[0], "0: the PEM block has no END line");
  EXPECT_THAT(blocks.refusals[3], testing::HasSubstr("too long"));
}

TEST(Pem, StopsWhenTold) {
  const std::string text = Pem(kDer) + Pem(kDer);
  LineReader lines(MemoryInput("", text).open().value());
  int seen = 0;
  const auto count = [&](uint64_t, const std::string&) {
    ++seen;
    return false;
  };
  EXPECT_TRUE(ReadPem(lines, {count, [](uint64_t, const std::string&) {}}).ok());
  EXPECT_EQ(seen, 1);
}

TEST(Pkcs7, HandsOutItsCertificates) {
  const std::string a = MakeOdd({.subject = {{NID_commonName, "a.example"}}});
  const std::string b = MakeOdd({.subject = {{NID_commonName, "b.example"}}});
  const std::string message = MakePkcs7({a, b});
  const auto certificates = CertificatesOfPkcs7(message);
  ASSERT_TRUE(certificates.ok()) << certificates.error().message;
  EXPECT_THAT(*certificates, ElementsAre(a, b));
  EXPECT_THAT(CertificatesOfDer(message), ElementsAre(a, b));
  EXPECT_THAT(Read(Pem(message, "PKCS7")).certificates, ElementsAre(a, b));
  EXPECT_THAT(CertificatesOfDer(a), ElementsAre(a));
}

TEST(Pkcs7, RefusesWhatHoldsNone) {
  EXPECT_FALSE(CertificatesOfPkcs7(MakePkcs7({})).ok());
  EXPECT_FALSE(CertificatesOfPkcs7("").ok());
  EXPECT_FALSE(CertificatesOfPkcs7(std::string(kMaxPkcs7Bytes + 1, '0')).ok());
  const Blocks blocks = Read(Pem("nonsense", "PKCS7"));
  EXPECT_THAT(blocks.certificates, IsEmpty());
  EXPECT_EQ(blocks.refusals.size(), 1U);
  // signedData (1.2.840.113549.1.7.2) without content.
  const std::string no_content =
      Element(0x30, Element(0x06, "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"));
  EXPECT_FALSE(CertificatesOfPkcs7(no_content).ok());
}

}  // namespace
}  // namespace commresolve::index
