// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "grpc/sharing/own_keys.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/fakes/certificates.h"

namespace commresolve::daemon {
namespace {

namespace fs = std::filesystem;

class OwnKeysTest : public testing::Test {
 protected:
  OwnKeysTest() {
    std::string folder = testing::TempDir() + "own_keys.XXXXXX";
    folder_ = mkdtemp(folder.data());
  }
  ~OwnKeysTest() override { fs::remove_all(folder_); }

  std::string Write(const std::string& pem, fs::perms mode = fs::perms(0600)) const {
    const std::string path = folder_ + "/key.pem";
    std::ofstream(path, std::ios::trunc) << pem;
    fs::permissions(path, mode);
    return path;
  }
  static std::string Encrypted(const fakes::TestKey& key) {
    const BioPtr bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_PrivateKey(bio.get(), key.get(), EVP_aes_128_cbc(), nullptr, 0, nullptr,
                             const_cast<char*>("secret"));
    char* text = nullptr;
    const auto size = static_cast<size_t>(BIO_get_mem_data(bio.get(), &text));
    return {text, size};
  }
  static std::string Rsa() {
    const EvpPkeyPtr key(EVP_RSA_gen(2048));
    const BioPtr bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    char* text = nullptr;
    const auto size = static_cast<size_t>(BIO_get_mem_data(bio.get(), &text));
    return {text, size};
  }

  std::string folder_;
};

TEST_F(OwnKeysTest, TheKeyOfTheCertificateIsRead) {
  const auto certificate = fakes::MakeCertificate({.names = {"a.example"}});
  auto key = ReadSigningKey(Write(certificate.KeyPem()));
  ASSERT_TRUE(key.ok()) << key.error().message;
  EXPECT_EQ(key->id(), certificate.key_id());
  OwnKeys keys;
  EXPECT_EQ(keys.Find(certificate.key_id()), nullptr);
  keys.Add(std::move(*key));
  const dht::SigningKey* const found = keys.Find(certificate.key_id());
  ASSERT_NE(found, nullptr);
  keys.Add(ReadSigningKey(folder_ + "/key.pem").value());
  EXPECT_EQ(keys.Find(certificate.key_id()), found) << "borrowed keys stay where they are";
}

TEST_F(OwnKeysTest, WhatCannotSignIsRefusedWithAReason) {
  const auto certificate = fakes::MakeCertificate({.names = {"a.example"}});
  const auto code = [](const std::string& path) { return ReadSigningKey(path).error().code; };
  EXPECT_EQ(code("key.pem"), Code::kInvalidArgument);
  EXPECT_EQ(code(folder_ + "/none"), Code::kNotFound);
  EXPECT_EQ(code(Write("text")), Code::kInvalidArgument);
  EXPECT_EQ(code(Write(certificate.Pem())), Code::kInvalidArgument);
  EXPECT_EQ(code(Write(Encrypted(certificate.key))), Code::kInvalidArgument);
  EXPECT_EQ(code(Write(certificate.KeyPem(), fs::perms(0644))), Code::kUntrusted);
  EXPECT_EQ(code(Write(certificate.KeyPem(), fs::perms(0620))), Code::kUntrusted);
  const auto rsa = ReadSigningKey(Write(Rsa()));
  ASSERT_FALSE(rsa.ok());
  EXPECT_FALSE(rsa.error().hint.empty());
  EXPECT_TRUE(ReadSigningKey(Write(certificate.KeyPem(), fs::perms(0640))).ok());
}

}  // namespace
}  // namespace commresolve::daemon
