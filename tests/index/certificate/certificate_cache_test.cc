// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "index/certificate/certificate_cache.h"

#include <gtest/gtest.h>

#include "tests/fakes/certificates.h"

namespace commresolve::index {
namespace {

std::string Der(const std::string& name) { return fakes::MakeCertificate({.names = {name}}).Der(); }

TEST(CertificateCacheTest, ParsesTheSameBytesOnce) {
  CertificateCache cache;
  const std::string der = Der("one.example");
  const auto first = cache.Parse(der);
  const auto second = cache.Parse(der);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->get(), second->get());
  EXPECT_EQ((*first)->facts.names, std::vector<std::string>{"one.example"});
}

TEST(CertificateCacheTest, BytesAfterTheCertificateMakeAnotherEntry) {
  CertificateCache cache;
  const std::string der = Der("one.example");
  const auto clean = cache.Parse(der);
  const auto tail = cache.Parse(der + "tail");
  ASSERT_TRUE(clean.ok() && tail.ok());
  EXPECT_TRUE((*clean)->sound());
  EXPECT_FALSE((*tail)->sound());
}

TEST(CertificateCacheTest, ForgetsWhatWasUsedLongestAgo) {
  const std::string a = Der("a.example");
  const std::string b = Der("b.example");
  const std::string c = Der("c.example");
  CertificateCache cache(a.size() + b.size() + c.size() / 2);
  const auto first_a = cache.Parse(a);
  const auto first_b = cache.Parse(b);
  ASSERT_EQ(cache.Parse(a)->get(), first_a->get());
  ASSERT_TRUE(cache.Parse(c).ok());
  EXPECT_EQ(cache.Parse(a)->get(), first_a->get());
  EXPECT_NE(cache.Parse(b)->get(), first_b->get());
}

TEST(CertificateCacheTest, ParsesWhatIsTooLargeToKeep) {
  CertificateCache cache(10);
  const std::string der = Der("large.example");
  const auto first = cache.Parse(der);
  ASSERT_TRUE(first.ok());
  EXPECT_NE(cache.Parse(der)->get(), first->get());
}

TEST(CertificateCacheTest, SaysWhyBytesDoNotParse) {
  CertificateCache cache;
  EXPECT_EQ(cache.Parse("no certificate").error().code, Code::kInvalidArgument);
}

}  // namespace
}  // namespace commresolve::index
