// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// For whom the publishing key signs, and for whom not.

#include "grpc/sharing/publishing_key.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "resolver/trust/observers.h"
#include "tests/dht/record/samples.h"

namespace commresolve::daemon {
namespace {

namespace fs = std::filesystem;
using dht::kDay;
using dht::kNow;

class PublishingKeyTest : public testing::Test {
 protected:
  PublishingKeyTest() {
    std::string folder = testing::TempDir() + "publishing.XXXXXX";
    folder_ = mkdtemp(folder.data());
  }
  ~PublishingKeyTest() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string KeyPath() const { return folder_ + "/dht/publishing"; }
  std::string Write(const std::string& bytes) const {
    const std::string path = folder_ + "/statement";
    std::ofstream(path, std::ios::trunc | std::ios::binary) << bytes;
    return path;
  }
  std::string Statement(const dht::Ed25519Key& to, uint32_t sequence, UnixTime until) const {
    dht::Delegation delegation;
    delegation.publishing_key = to;
    delegation.sequence = sequence;
    delegation.valid_from = kNow - kDay;
    delegation.valid_until = until;
    return Write(dht::WriteDelegation(delegation, owner_).value());
  }

  std::string folder_;
  const dht::SigningKey owner_ = dht::NewSigningKey("RSA-2048");
};

TEST_F(PublishingKeyTest, IsMadeWithFirstNeedAndStays) {
  PublishingKey key(KeyPath());
  ASSERT_TRUE(key.Load().ok());
  EXPECT_EQ(key.text(), "");
  EXPECT_FALSE(fs::exists(KeyPath()));
  const auto made = key.LoadOrMake();
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_EQ(fs::status(KeyPath()).permissions(), fs::perms(0600));
  EXPECT_EQ(key.text(), ObserverText({*made}));
  PublishingKey again(KeyPath());
  ASSERT_TRUE(again.Load().ok());
  EXPECT_EQ(again.text(), key.text());
}

TEST_F(PublishingKeyTest, SignsForWhomAStatementNamesUntilItEnds) {
  PublishingKey key(KeyPath());
  const auto own = key.LoadOrMake().value();
  EXPECT_EQ(key.SignerFor(owner_.id(), kNow), nullptr);
  const auto read = key.Read(Statement(own, 1, kNow + kDay), kNow);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->subject, owner_.id());
  const dht::SigningKey* const signer = key.SignerFor(owner_.id(), kNow);
  ASSERT_NE(signer, nullptr);
  EXPECT_EQ(dht::Ed25519KeyOf(signer->spki()), own);
  EXPECT_EQ(key.SignerFor(dht::SomeKey(1), kNow), nullptr);
  EXPECT_EQ(key.SignerFor(owner_.id(), kNow + 2 * kDay), nullptr) << "it has ended";
  ASSERT_TRUE(key.Read(Statement(own, 2, kNow + 9 * kDay), kNow).ok());
  EXPECT_EQ(key.SignerFor(owner_.id(), kNow + 2 * kDay), signer) << "a newer one was read";
  ASSERT_TRUE(key.Read(Statement(own, 1, kNow + kDay), kNow).ok());
  EXPECT_EQ(key.SignerFor(owner_.id(), kNow + 2 * kDay), signer) << "an older one changes nothing";
}

TEST_F(PublishingKeyTest, OtherFilesAreRefusedWithAReasonAndAWayOut) {
  PublishingKey key(KeyPath());
  const auto own = key.LoadOrMake().value();
  const auto refused = [&](const std::string& path) {
    const auto read = key.Read(path, kNow);
    EXPECT_FALSE(read.ok()) << path;
    if (read.ok()) return Code::kInternal;
    EXPECT_NE(read.error().hint.find("dht delegate"), std::string::npos);
    return read.error().code;
  };
  EXPECT_EQ(refused(folder_ + "/none"), Code::kNotFound);
  EXPECT_EQ(refused(Write("text")), Code::kInvalidArgument);
  EXPECT_EQ(refused(Write(std::string(dht::kMaxDelegationBytes + 1, 'x'))), Code::kInvalidArgument);
  EXPECT_EQ(refused(Statement(own, 1, kNow - kDay / 2)), Code::kInvalidArgument) << "ended";
  EXPECT_EQ(refused(Statement(dht::RawKey(dht::SeedKey(3)), 1, kNow + kDay)), Code::kUntrusted);
  EXPECT_EQ(key.Read("statement", kNow).error().code, Code::kInvalidArgument);
  EXPECT_EQ(key.SignerFor(owner_.id(), kNow), nullptr);
}

}  // namespace
}  // namespace commresolve::daemon
