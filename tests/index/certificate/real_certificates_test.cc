// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The external corpus: certificates from real captures read as another reader saw them, and
// malformed ones refused or marked, never worse.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "index/certificate/certificate.h"
#include "resolver/base/clock.h"
#include "resolver/keyword/host_name.h"

namespace commresolve::index {
namespace {

using Json = nlohmann::json;
using Texts = std::vector<std::string>;

const std::string kCorpus = COMMRESOLVE_CORPUS_DIR;

#define REQUIRE_CORPUS()                     \
  if (!std::filesystem::exists(kCorpus)) {   \
    GTEST_SKIP() << kCorpus << " is absent"; \
  }

std::vector<Json> Rows(const std::string& file) {
  std::ifstream stream(kCorpus + "/" + file);
  std::vector<Json> rows;
  for (std::string line; std::getline(stream, line);) rows.push_back(Json::parse(line));
  return rows;
}

/// DER of the PEM certificates of a file, by SHA-256.
std::map<std::string, std::string> PemCertificates(const std::string& file) {
  std::ifstream stream(kCorpus + "/" + file);
  std::map<std::string, std::string> certificates;
  std::string base64;
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("-----END")) {
      const std::string der = FromBase64(base64).value();
      const auto digest = Sha256(der);
      certificates[Hex({reinterpret_cast<const char*>(digest.data()), digest.size()})] = der;
    }
    if (line.starts_with('#') || line.starts_with('-')) {
      base64.clear();
    } else {
      base64 += line;
    }
  }
  return certificates;
}

Texts Of(const ParsedCertificate& certificate, Field wanted) {
  Texts texts;
  for (const FieldText& field : certificate.fields) {
    if (field.field == wanted) texts.push_back(field.text);
  }
  return texts;
}

/// What the other reader took, without the values that hold a NUL.
Texts Sound(const Json& values) {
  Texts texts;
  for (const std::string text : values) {
    if (!text.empty() && text.find('\0') == std::string::npos) texts.push_back(text);
  }
  return texts;
}

Texts Normalised(Texts names) {
  for (std::string& name : names) {
    if (Result<std::string> host = NormaliseHostName(name); host.ok()) name = *host;
  }
  return names;
}

Texts Addresses(const Json& values) {
  Texts texts;
  for (const std::string hex : values) {
    texts.push_back(IpAddress::FromBytes(FromHex(hex).value())->ToString());
  }
  return texts;
}

void ExpectSame(const ParsedCertificate& certificate, const Json& row) {
  EXPECT_EQ(Of(certificate, Field::kCommonName), Sound(row["cn"]));
  EXPECT_EQ(Of(certificate, Field::kOrganization), Sound(row["o"]));
  EXPECT_EQ(Of(certificate, Field::kUnit), Sound(row["ou"]));
  EXPECT_EQ(Of(certificate, Field::kCountry), Sound(row["c"]));
  EXPECT_EQ(Of(certificate, Field::kLocality), Sound(row["l"]));
  EXPECT_EQ(Of(certificate, Field::kState), Sound(row["st"]));
  EXPECT_EQ(Of(certificate, Field::kDnsName), Normalised(Sound(row["dns"])));
  EXPECT_EQ(Of(certificate, Field::kUri), Sound(row["uri"]));
  EXPECT_EQ(Of(certificate, Field::kIpAddress), Addresses(row["ip"]));
  Texts issuer = Sound(row["icn"]);
  for (const std::string& organization : Sound(row["io"])) issuer.push_back(organization);
  EXPECT_THAT(Of(certificate, Field::kIssuer), testing::UnorderedElementsAreArray(issuer));
  EXPECT_EQ(FormatTime(certificate.facts.not_before), row["nb"].get<std::string>());
  EXPECT_EQ(FormatTime(certificate.facts.not_after), row["na"].get<std::string>());
  EXPECT_EQ(certificate.is_ca, row["ca"] == 1);
  EXPECT_EQ(certificate.facts.self_signed, row["selfsigned"].get<bool>());
}

TEST(RealCertificates, AgreeWithAnotherReader) {
  REQUIRE_CORPUS();
  const auto certificates = PemCertificates("observed/certs.pem");
  size_t compared = 0;
  for (const Json& row : Rows("observed/certs.jsonl")) {
    const std::string id = row["sha256"];
    SCOPED_TRACE(id);
    ASSERT_TRUE(certificates.contains(id));
    const auto parsed = ParseCertificate(certificates.at(id));
    ASSERT_TRUE(parsed.ok()) << parsed.error().message;
    EXPECT_EQ(Hex(parsed->facts.id.view()), id);
    ExpectSame(*parsed, row);
    ++compared;
  }
  EXPECT_EQ(compared, 459U);
}

TEST(RealCertificates, MalformedOnesAreRefusedOrMarked) {
  REQUIRE_CORPUS();
  size_t undecodable = 0;
  for (const Json& row : Rows("malformed.jsonl")) {
    SCOPED_TRACE(row["path"].get<std::string>());
    const auto parsed = ParseCertificate(FromBase64(row["der_b64"].get<std::string>()).value());
    if (!row["openssl30_ok"].get<bool>()) {
      EXPECT_FALSE(parsed.ok());
      ++undecodable;
      continue;
    }
    if (row["no_pubkey"].get<bool>()) {
      EXPECT_FALSE(parsed.ok());
      continue;
    }
    if (!parsed.ok()) {
      EXPECT_THAT(parsed.error().message, testing::HasSubstr("not DER"));
      continue;
    }
    const bool marked = row["trailing"] != 0 || row["san_undecodable"].get<bool>();
    EXPECT_TRUE(!marked || !parsed->sound());
    EXPECT_LE(ExtractKeywords(*parsed, true, nullptr).size(), kMaxKeywords);
  }
  EXPECT_EQ(undecodable, 306U);
}

TEST(RealCertificates, WellFormedOnesAreTaken) {
  REQUIRE_CORPUS();
  size_t taken = 0;
  for (const Json& row : Rows("corpus.jsonl")) {
    const std::string path = row["path"];
    SCOPED_TRACE(path);
    const auto parsed = ParseCertificate(FromBase64(row["der_b64"].get<std::string>()).value());
    if (path.ends_with("asn1_indefinite_length_encoding.pem")) {
      EXPECT_FALSE(parsed.ok());
      continue;
    }
    ASSERT_TRUE(parsed.ok()) << parsed.error().message;
    EXPECT_EQ(Of(*parsed, Field::kDnsName), Normalised(Sound(row["dns"])));
    EXPECT_EQ(Of(*parsed, Field::kOrganization).size(), Sound(row["o"]).size());
    EXPECT_EQ(parsed->facts.self_signed, row["selfsigned"].get<bool>());
    EXPECT_FALSE(ExtractKeywords(*parsed, false, nullptr).empty());
    ++taken;
  }
  EXPECT_EQ(taken, 463U);
}

}  // namespace
}  // namespace commresolve::index
