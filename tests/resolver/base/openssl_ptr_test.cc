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
  ERR_raise(ERR_LIB_SSL, SSL_R_NO_SHARED_CIPHER);
  ERR_raise(ERR_LIB_SSL, SSL_R_UNKNOWN_PROTOCOL);
  EXPECT_EQ(TakeOpensslError(), "no shared cipher");
  EXPECT_EQ(ERR_peek_error(), 0U);
}

}  // namespace
}  // namespace commresolve
