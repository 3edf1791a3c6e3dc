// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "index/store.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "tests/fakes/certificates.h"

namespace commresolve::index {
namespace {

constexpr UnixTime kHour = 3'600;

UnixTime Now() { return std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()); }

class StoreTest : public testing::Test {
 protected:
  StoreTest() {
    std::string pattern = testing::TempDir() + "store_test.XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    Write("none.pem", fakes::TestCa("Nobody").Pem());
    Write("ca.pem", ca_.Pem());
  }
  ~StoreTest() override { std::filesystem::remove_all(folder_); }

  void Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ + "/" + name) << text;
  }

  /// Records a handshake of `certificate` with the roots in `ca_file`; the store is opened anew.
  PublicChain Record(const std::vector<std::string>& chain, const std::string& ca_file,
                     UnixTime time) {
    auto store = Store::Open(folder_ + "/data", folder_ + "/" + ca_file);
    if (!store.ok()) throw std::runtime_error(store.error().message);
    Endpoint endpoint;
    endpoint.ip = *IpAddress::Parse("192.0.2.1");
    endpoint.port = 443;
    const auto facts =
        (*store)->RecordHandshake({endpoint, time, {}, chain, "TLSv1.3", "TLS_AES_128_GCM_SHA256"});
    if (!facts.ok()) throw std::runtime_error(facts.error().message);
    return facts->public_chain;
  }

  std::string folder_;
  fakes::TestCa ca_{"Store Test"};
};

TEST_F(StoreTest, AChainThatWasValidIsCheckedAgainAfterADay) {
  const auto chain = ca_.Issue({.names = {"valid.example"}}).Chain();
  const UnixTime now = Now();
  EXPECT_TRUE(Record(chain, "ca.pem", now).valid);
  EXPECT_TRUE(Record(chain, "none.pem", now + 23 * kHour).valid);
  EXPECT_FALSE(Record(chain, "none.pem", now + 25 * kHour).valid);
  EXPECT_FALSE(Record(chain, "none.pem", now - 25 * kHour).valid);
}

TEST_F(StoreTest, AFailedCheckOfTheSameChainLastsADay) {
  const auto chain = ca_.Issue({.names = {"late.example"}}).Chain();
  const UnixTime now = Now();
  EXPECT_FALSE(Record(chain, "none.pem", now).valid);
  EXPECT_FALSE(Record(chain, "ca.pem", now + kHour).valid);
  EXPECT_TRUE(Record(chain, "ca.pem", now + 25 * kHour).valid);
}

TEST_F(StoreTest, ACheckThatFailsAgainIsGoodForAnotherDay) {
  const auto chain = ca_.Issue({.names = {"late.example"}}).Chain();
  const UnixTime now = Now();
  EXPECT_FALSE(Record(chain, "none.pem", now).valid);
  EXPECT_FALSE(Record(chain, "none.pem", now + 25 * kHour).valid);
  EXPECT_FALSE(Record(chain, "ca.pem", now + 26 * kHour).valid);
}

TEST_F(StoreTest, AChainThatComesCompleteIsCheckedAtOnce) {
  const auto certificate = ca_.Intermediate("Middle").Issue({.names = {"whole.example"}});
  const UnixTime now = Now();
  EXPECT_FALSE(Record({certificate.Der()}, "ca.pem", now).valid);
  EXPECT_TRUE(Record(certificate.Chain(), "ca.pem", now + 1).valid);
}

TEST_F(StoreTest, ACertificateThatDoesNotParseIsRefused) {
  EXPECT_THROW(Record({"no certificate"}, "ca.pem", Now()), std::runtime_error);
}

}  // namespace
}  // namespace commresolve::index
