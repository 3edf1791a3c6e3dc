// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// OpenSSL's error queue as text.

#include "resolver/base/openssl_ptr.h"

#include <gtest/gtest.h>
#include <openssl/err.h>

namespace commresolve {
namespace {

TEST(OpensslErrorTest, TakesTheOldestReasonAndEmptiesTheQueue) {
  ERR_clear_error();
  EXPECT_EQ(TakeOpensslError(), "unknown");
  ERR_raise(ERR_LIB_X509, X509_R_KEY_VALUES_MISMATCH);
  ERR_raise(ERR_LIB_X509, X509_R_INVALID_TRUST);
  EXPECT_EQ(TakeOpensslError(), "key values mismatch");
  EXPECT_EQ(ERR_peek_error(), 0U);
}

}  // namespace
}  // namespace commresolve
