// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reading, writing and the peer's leaving, as OpenSSL sees them.

#include "resolver/net/socket_bio.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <cerrno>
#include <csignal>
#include <string>

#include "resolver/base/unique_fd.h"

namespace commresolve {
namespace {

constexpr size_t kLimit = 20;

class SocketBioTest : public ::testing::Test {
 protected:
  SocketBioTest() {
    int fds[2];
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds), 0);
    ours_.Reset(fds[0]);
    theirs_.Reset(fds[1]);
    bio_ = MakeSocketBio(ours_.get(), kLimit);
  }

  UniqueFd ours_;
  UniqueFd theirs_;
  BioPtr bio_;
};

TEST_F(SocketBioTest, ReadsAndWrites) {
  char bytes[8];
  EXPECT_EQ(BIO_read(bio_.get(), bytes, sizeof bytes), -1);
  EXPECT_TRUE(BIO_should_read(bio_.get()));
  EXPECT_EQ(write(theirs_.get(), "hello", 5), 5);
  EXPECT_EQ(BIO_read(bio_.get(), bytes, sizeof bytes), 5);
  EXPECT_EQ(BIO_write(bio_.get(), "you", 3), 3);
  EXPECT_EQ(read(theirs_.get(), bytes, sizeof bytes), 3);
}

TEST_F(SocketBioTest, ReadsNoMoreThanTheLimitUntilItIsLifted) {
  const std::string much(100, 'x');
  ASSERT_EQ(write(theirs_.get(), much.data(), much.size()), 100);
  char bytes[100];
  EXPECT_EQ(BIO_read(bio_.get(), bytes, sizeof bytes), 20);
  EXPECT_EQ(BIO_read(bio_.get(), bytes, sizeof bytes), -1);
  EXPECT_EQ(errno, EMSGSIZE);
  EXPECT_FALSE(BIO_should_retry(bio_.get()));
  LiftReadLimit(bio_.get());
  EXPECT_EQ(BIO_read(bio_.get(), bytes, sizeof bytes), 80);
}

TEST_F(SocketBioTest, APeerThatLeftIsAnErrorAndNoSignal) {
  ASSERT_EQ(std::signal(SIGPIPE, SIG_DFL), SIG_DFL);
  theirs_.Reset();
  EXPECT_EQ(BIO_write(bio_.get(), "you", 3), -1);
  EXPECT_EQ(errno, EPIPE);
  EXPECT_FALSE(BIO_should_retry(bio_.get()));
  char bytes[8];
  EXPECT_EQ(BIO_read(bio_.get(), bytes, sizeof bytes), 0);
  EXPECT_TRUE(BIO_eof(bio_.get()));
}

}  // namespace
}  // namespace commresolve
