// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Chains that a CA of the test's own vouches for, and those that it does not.

#include "resolver/net/public_chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/fakes/certificates.h"

namespace commresolve {
namespace {

using fakes::TestCa;
using fakes::TestCertificate;
using ::testing::HasSubstr;

constexpr UnixTime kDay = 86400;

class PublicChainTest : public ::testing::Test {
 protected:
  PublicChainTest() {
    const std::string path = ::testing::TempDir() + "public_chain_roots_" +
                             ::testing::UnitTest::GetInstance()->current_test_info()->name();
    std::ofstream(path) << root_.Pem();
    checker_ = std::move(*PublicChainChecker::Make(path));
    std::filesystem::remove(path);
  }

  PublicChain Check(const std::vector<std::string>& chain) { return checker_->Check(chain, now_); }

  const UnixTime now_ = SystemClock().Now();
  const TestCa root_{"Root"};
  const TestCa middle_ = root_.Intermediate("Middle");
  std::unique_ptr<PublicChainChecker> checker_;
};

TEST_F(PublicChainTest, AcceptsWhatTheRootVouchesFor) {
  const PublicChain direct = Check(root_.Issue({.names = {"a.example"}}).Chain());
  EXPECT_TRUE(direct.valid) << direct.reason;
  EXPECT_EQ(direct.reason, "");
  EXPECT_EQ(direct.checked_for, now_);
  const PublicChain through = Check(middle_.Issue({.names = {"a.example"}}).Chain());
  EXPECT_TRUE(through.valid) << through.reason;
}

TEST_F(PublicChainTest, OneThatComesAloneNeedsARootOfItsIssuersName) {
  EXPECT_TRUE(Check({root_.Issue({.names = {"a.example"}}).Der()}).valid);
  EXPECT_EQ(Check({TestCa("Nobody").Issue({.names = {"a.example"}}).Der()}).reason,
            "unable to get local issuer certificate");
  EXPECT_EQ(Check({fakes::MakeCertificate({.names = {"a.example"}}).Der()}).reason,
            "self-signed certificate");
}

TEST_F(PublicChainTest, TheOrderBehindTheLeafDoesNotMatter) {
  const TestCertificate leaf = middle_.Issue({.names = {"a.example"}});
  const std::string other = fakes::MakeCertificate({.names = {"other.example"}}).Der();
  EXPECT_TRUE(Check({leaf.Der(), other, middle_.certificate().Der()}).valid);
  EXPECT_TRUE(Check({leaf.Der(), "garbage", "", middle_.certificate().Der()}).valid);
}

TEST_F(PublicChainTest, RefusesWhatTheRootDoesNotVouchFor) {
  EXPECT_THAT(Check(fakes::MakeCertificate({.names = {"a.example"}}).Chain()).reason,
              HasSubstr("self-signed"));
  EXPECT_FALSE(Check(TestCa("Root").Issue({.names = {"a.example"}}).Chain()).valid);
  EXPECT_FALSE(Check({middle_.Issue({.names = {"a.example"}}).Der()}).valid);
}

TEST_F(PublicChainTest, ALeafIsNoCa) {
  const TestCertificate leaf = root_.Issue({.names = {"a.example"}});
  const TestCertificate forged = [&] {
    // Signed with the leaf's key, under the leaf's name.
    TestCertificate made = fakes::MakeCertificate({.names = {"b.example"}});
    X509_set_issuer_name(made.certificate.get(), X509_get_subject_name(leaf.certificate.get()));
    X509_sign(made.certificate.get(), leaf.key.get(), EVP_sha256());
    return made;
  }();
  EXPECT_FALSE(Check({forged.Der(), leaf.Der()}).valid);
}

TEST_F(PublicChainTest, DatesCountAtTheTimeOfObservation) {
  const auto chain =
      root_
          .Issue({.names = {"a.example"}, .not_before = now_ - 10 * kDay, .not_after = now_ - kDay})
          .Chain();
  EXPECT_THAT(checker_->Check(chain, now_).reason, HasSubstr("expired"));
  EXPECT_TRUE(checker_->Check(chain, now_ - 2 * kDay).valid);
  EXPECT_FALSE(checker_->Check(chain, now_ - 11 * kDay).valid);
}

TEST_F(PublicChainTest, SurvivesHostileChains) {
  EXPECT_EQ(Check({}).reason, "the certificate cannot be parsed");
  EXPECT_EQ(Check({""}).reason, "the certificate cannot be parsed");
  const std::string leaf = root_.Issue({.names = {"a.example"}}).Der();
  EXPECT_EQ(Check({leaf + "x"}).reason, "the certificate cannot be parsed");
  EXPECT_EQ(Check({leaf.substr(0, leaf.size() - 1)}).reason, "the certificate cannot be parsed");
  EXPECT_TRUE(Check(std::vector<std::string>(1000, leaf)).valid);
}

TEST_F(PublicChainTest, LooksAtTenCertificatesAtMost) {
  const TestCertificate leaf = middle_.Issue({.names = {"a.example"}});
  std::vector<std::string> chain(9, leaf.Der());
  chain.push_back(middle_.certificate().Der());
  EXPECT_TRUE(Check(chain).valid);
  chain.insert(chain.begin(), leaf.Der());
  EXPECT_FALSE(Check(chain).valid);
}

TEST(PublicChainCheckerTest, RefusesAFileWithoutCertificates) {
  EXPECT_EQ(PublicChainChecker::Make("/dev/null").error().code, Code::kUnavailable);
  const auto absent = PublicChainChecker::Make("/nonexistent/roots.pem");
  ASSERT_FALSE(absent.ok());
  EXPECT_EQ(absent.error().code, Code::kUnavailable);
  EXPECT_THAT(absent.error().message, HasSubstr("/nonexistent/roots.pem"));
}

TEST(PublicChainCheckerTest, LoadsTheSystemsRoots) {
  const auto checker = PublicChainChecker::Make("");
  ASSERT_TRUE(checker.ok()) << checker.error().message;
}

}  // namespace
}  // namespace commresolve
