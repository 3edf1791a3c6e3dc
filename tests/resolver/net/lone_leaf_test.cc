// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A certificate alone: the quick outcome is that of the full check.

#include "resolver/net/lone_leaf.h"

#include <gtest/gtest.h>
#include <openssl/x509_vfy.h>

#include <memory>
#include <set>
#include <string>

#include "resolver/net/public_chain.h"
#include "tests/fakes/certificates.h"
#include "tests/fakes/corpus.h"
#include "tests/index/certificate/odd_certificate.h"

namespace commresolve {
namespace {

using fakes::TestCa;
using index::MakeOdd;
using index::OddOptions;
using std::string_literals::operator""s;

class LoneLeafTest : public ::testing::Test {
 protected:
  LoneLeafTest() : checker_(std::move(*PublicChainChecker::Make(""))) {}

  /// The reason, after a look that the full check gives the same.
  std::string Reason(const std::string& der) {
    const PublicChain quick = checker_->Check({der}, now_);
    const PublicChain full = checker_->CheckInFull({der}, now_);
    EXPECT_EQ(quick.valid, full.valid);
    EXPECT_EQ(quick.reason, full.reason) << Base64(der);
    EXPECT_EQ(quick.checked_for, full.checked_for);
    return quick.reason;
  }

  const UnixTime now_ = SystemClock().Now();
  std::unique_ptr<PublicChainChecker> checker_;
};

TEST_F(LoneLeafTest, AgreesWithTheFullCheckOnTheWholeCorpus) {
  const std::set<std::string> corpus = fakes::CorpusCertificates();
  if (corpus.empty()) GTEST_SKIP() << COMMRESOLVE_CORPUS_DIR << " is absent";
  size_t quick = 0;
  for (const std::string& der : corpus) {
    Reason(der);
    if (ReadLoneLeaf(der)) ++quick;
  }
  RecordProperty("quick", std::to_string(quick));
  EXPECT_GT(quick, 500U);
}

TEST_F(LoneLeafTest, IssuedAndSelfSigned) {
  const std::string issued = TestCa("Nobody's CA").Issue({.names = {"a.example"}}).Der();
  ASSERT_TRUE(ReadLoneLeaf(issued).has_value());
  EXPECT_EQ(ReadLoneLeaf(issued)->error, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
  EXPECT_EQ(Reason(issued), "unable to get local issuer certificate");
  const std::string own = MakeOdd({.subject = {{NID_commonName, "a.example"}}});
  ASSERT_TRUE(ReadLoneLeaf(own).has_value());
  EXPECT_EQ(Reason(own), "self-signed certificate");
}

TEST_F(LoneLeafTest, ARootIsFoundByItsName) {
  const TestCa root("Root of a file");
  const std::string path = ::testing::TempDir() + "lone_leaf_roots";
  std::ofstream(path) << root.Pem();
  checker_ = std::move(*PublicChainChecker::Make(path));
  EXPECT_EQ(Reason(root.Issue({.names = {"a.example"}}).Der()), "");
  EXPECT_NE(Reason(TestCa("Another").Issue({.names = {"a.example"}}).Der()), "");
  // The same name with other letters is the same name.
  OddOptions options;
  options.subject = {{NID_commonName, "a.example"}};
  options.issuer = {{NID_commonName, " root  OF a file"}};
  Reason(MakeOdd(options));
}

TEST_F(LoneLeafTest, WhatIsNotPlainIsLeftToTheFullCheck) {
  OddOptions options;
  options.subject = {{NID_commonName, "a.example"}};
  options.issuer = {{NID_commonName, "A.Example "}};
  EXPECT_FALSE(ReadLoneLeaf(MakeOdd(options)).has_value()) << "perhaps the same name";
  Reason(MakeOdd(options));
  options.issuer = {{NID_commonName, "Other"}};
  EXPECT_TRUE(ReadLoneLeaf(MakeOdd(options)).has_value());
  Reason(MakeOdd(options));
  for (const index::RawExtension& extension :
       {index::RawExtension{NID_subject_alt_name, "garbage"},
        index::RawExtension{NID_key_usage, "\x03\x02\x07\x00"s},
        index::RawExtension{NID_key_usage, "\x03\x01\x00"s},
        index::RawExtension{NID_basic_constraints, "\x30\x03\x02\x01\x00"s},
        index::RawExtension{NID_ext_key_usage, ""},
        index::RawExtension{NID_subject_key_identifier, "\x04"s},
        index::RawExtension{NID_authority_key_identifier, "\x30"s},
        index::RawExtension{NID_crl_distribution_points, "\x30\x02\x05\x00"s},
        index::RawExtension{NID_name_constraints, "x"}}) {
    options.extensions = {extension};
    EXPECT_FALSE(ReadLoneLeaf(MakeOdd(options)).has_value()) << extension.nid;
    Reason(MakeOdd(options));
    options.extensions = {extension, extension};
    EXPECT_FALSE(ReadLoneLeaf(MakeOdd(options)).has_value()) << extension.nid;
    Reason(MakeOdd(options));
  }
  const std::string whole = MakeOdd({.subject = {{NID_commonName, "a"}}});
  EXPECT_FALSE(ReadLoneLeaf(whole + "x").has_value());
  Reason(whole + "x");
}

}  // namespace
}  // namespace commresolve
