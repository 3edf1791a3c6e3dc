// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "grpc/daemon/service_manager.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "resolver/base/unique_fd.h"

namespace commresolve::daemon {
namespace {

TEST(ServiceManagerTest, ReceivesTheState) {
  const std::string path = testing::TempDir() + "notify." + std::to_string(::getpid());
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  const UniqueFd manager(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::bind(manager.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  EXPECT_TRUE(NotifyServiceManager("READY=1"));
  char text[64] = {};
  EXPECT_EQ(::recv(manager.get(), text, sizeof text, 0), 7);
  EXPECT_STREQ(text, "READY=1");
  ::unlink(path.c_str());
  EXPECT_FALSE(NotifyServiceManager("READY=1"));
  for (const char* wrong : {"", "relative", "/no/such/socket"}) {
    ::setenv("NOTIFY_SOCKET", wrong, 1);
    EXPECT_FALSE(NotifyServiceManager("READY=1")) << wrong;
  }
  ::unsetenv("NOTIFY_SOCKET");
  EXPECT_FALSE(NotifyServiceManager("READY=1"));
}

TEST(ServiceManagerTest, TheWatchdogIsForThisProcess) {
  ::unsetenv("WATCHDOG_PID");
  ::unsetenv("WATCHDOG_USEC");
  EXPECT_FALSE(WatchdogInterval());
  ::setenv("WATCHDOG_USEC", "60000000", 1);
  EXPECT_EQ(WatchdogInterval(), std::chrono::seconds(30));
  ::setenv("WATCHDOG_PID", "1", 1);
  EXPECT_FALSE(WatchdogInterval());
  ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
  EXPECT_TRUE(WatchdogInterval());
  for (const char* wrong : {"", "0", "-5", "soon"}) {
    ::setenv("WATCHDOG_USEC", wrong, 1);
    EXPECT_FALSE(WatchdogInterval()) << wrong;
  }
  ::unsetenv("WATCHDOG_PID");
  ::unsetenv("WATCHDOG_USEC");
}

TEST(ServiceManagerTest, TakesASocketByItsNameOnce) {
  const auto listening = [](int fd) {
    const int made = ::socket(AF_UNIX, SOCK_SEQPACKET, 0);
    if (made == fd) return fd;
    ::dup2(made, fd);
    ::close(made);
    return fd;
  };
  // In a process of its own, where nothing else has the first descriptors.
  EXPECT_EXIT(
      {
        ::close(3);
        ::close(4);
        listening(3);
        listening(4);
        ::setenv("LISTEN_FDS", "2", 1);
        ::setenv("LISTEN_FDNAMES", "other:nss", 1);
        ::setenv("LISTEN_PID", "1", 1);
        if (InheritedSocket("nss").valid()) ::_exit(2);
        ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
        if (InheritedSocket("none").valid()) ::_exit(3);
        const UniqueFd taken = InheritedSocket("nss");
        if (taken.get() != 4 || (::fcntl(4, F_GETFD) & FD_CLOEXEC) == 0) ::_exit(4);
        if (InheritedSocket("nss").valid()) ::_exit(5);
        ::setenv("LISTEN_FDS", "1", 1);
        ::setenv("LISTEN_FDNAMES", "nss", 1);
        if (InheritedSocket("nss").get() != 3) ::_exit(6);
        ::_exit(0);
      },
      testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace commresolve::daemon
