// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The module in processes that fork, cancel, close descriptors and run out of them.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <limits.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include "grpc/nss_endpoint/codec.h"
#include "tests/nss-module/calls.h"
#include "tests/nss-module/world.h"

namespace commresolve::test {
namespace {

constexpr char kOwn[] = "debian-bugs.cert.alt";
constexpr char kAsked[] = "asked.cert.alt";

Outcome Look(const char* name) { return Make({.entry = Entry::kName4, .name = name}); }

/// The exit status of a child that runs `body`; -1 if it has to be killed after ten seconds.
int InChild(const std::function<bool()>& body) {
  const pid_t pid = fork();
  if (pid == 0) {
    alarm(10);
    _exit(body() ? 0 : 1);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

class ProcessTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!IsUndisturbed()) GTEST_SKIP() << "/run/commresolve exists and cannot be hidden";
    world_.Publish({Named(kOwn, {"192.0.2.7"})}, true);
    Look(kOwn);  // Loads the module.
  }
  /// A daemon in another process that knows every name.
  static void Serve(int fd) {
    char datagram[512];
    const ssize_t size = recv(fd, datagram, sizeof datagram, 0);
    const auto request = DecodeRequest({datagram, static_cast<size_t>(std::max<ssize_t>(size, 0))});
    if (!request.ok()) return;
    const std::string reply =
        EncodeReply(*request, {NssStatus::kFound, Named(request->name, {"192.0.2.8"})});
    [[maybe_unused]] const ssize_t sent = send(fd, reply.data(), reply.size(), MSG_NOSIGNAL);
  }

  World world_;
};

TEST_F(ProcessTest, ChildrenOfBusyThreadsCanLookUp) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "AddressSanitizer's own locks do not survive a fork() beside busy threads";
#endif
  FakeDaemon daemon(world_.socket(), 64, Serve);
  std::atomic<bool> done = false;
  std::vector<std::thread> busy;
  busy.reserve(3);
  for (int i = 0; i < 3; ++i) {
    busy.emplace_back([&done, i] {
      while (!done) Look(i == 0 ? kAsked : kOwn);
    });
  }
  for (int i = 0; i < 150; ++i) {
    EXPECT_EQ(InChild([] { return Look(kOwn).status == NSS_STATUS_SUCCESS; }), 0);
  }
  done = true;
  for (std::thread& thread : busy) thread.join();
}

TEST_F(ProcessTest, CancelledThreadsLeaveNothing) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "AddressSanitizer loses track of the stack that pthread_cancel() unwinds";
#endif
  FakeDaemon daemon(world_.socket(), 64, Serve);
  const size_t before = OpenDescriptors();
  for (int i = 0; i < 300; ++i) {
    pthread_t thread;
    ASSERT_EQ(pthread_create(
                  &thread, nullptr,
                  [](void*) -> void* {
                    while (true) {
                      Look(kOwn);
                      Look(kAsked);
                      pthread_testcancel();
                    }
                  },
                  nullptr),
              0);
    usleep(static_cast<useconds_t>(i % 7) * 50);
    ASSERT_EQ(pthread_cancel(thread), 0);
    ASSERT_EQ(pthread_join(thread, nullptr), 0);
  }
  EXPECT_EQ(OpenDescriptors(), before);
}

TEST_F(ProcessTest, TheCancelStateComesBack) {
  std::thread([] {
    for (const int state : {PTHREAD_CANCEL_DISABLE, PTHREAD_CANCEL_ENABLE}) {
      pthread_setcancelstate(state, nullptr);
      for (const char* name : {kOwn, kAsked, "foreign", ""}) {
        Look(name);
        int now = -1;
        pthread_setcancelstate(state, &now);
        EXPECT_EQ(now, state);
      }
    }
  }).join();
}

TEST_F(ProcessTest, ManyThreadsAndNoDescriptorStays) {
  FakeDaemon daemon(world_.socket(), 64, Serve);
  const size_t before = OpenDescriptors();
  std::vector<std::thread> threads;
  std::atomic<size_t> wrong = 0;
  threads.reserve(8);
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&wrong] {
      for (int k = 0; k < 500; ++k) {
        if (!Differs(Look(kOwn), kSuccess).empty()) ++wrong;
        if (!Differs(Look("foreign"), kForeign).empty()) ++wrong;
        if (k % 10 == 0 && !Look(kAsked).fault.empty()) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0U);
  EXPECT_EQ(OpenDescriptors(), before);
}

TEST_F(ProcessTest, SmallestStackIsEnough) {
  FakeDaemon daemon(world_.socket(), 64, Serve);
  pthread_attr_t attributes;
  ASSERT_EQ(pthread_attr_init(&attributes), 0);
  ASSERT_EQ(pthread_attr_setstacksize(&attributes, static_cast<size_t>(PTHREAD_STACK_MIN) + 16384),
            0);
  pthread_t thread;
  ASSERT_EQ(pthread_create(
                &thread, &attributes,
                [](void*) -> void* {
                  const bool all = Look(kOwn).status == NSS_STATUS_SUCCESS &&
                                   Look(kAsked).status == NSS_STATUS_SUCCESS;
                  return all ? nullptr : const_cast<char*>(kOwn);
                },
                nullptr),
            0);
  void* failed = nullptr;
  ASSERT_EQ(pthread_join(thread, &failed), 0);
  EXPECT_EQ(failed, nullptr);
  pthread_attr_destroy(&attributes);
}

TEST_F(ProcessTest, ClosedStandardStreamsAreNotUsed) {
  FakeDaemon daemon(world_.socket(), 64, Serve);
  EXPECT_EQ(InChild([] {
              close(0);
              close(1);
              close(2);
              bool all = Look(kOwn).status == NSS_STATUS_SUCCESS &&
                         Look(kAsked).status == NSS_STATUS_SUCCESS;
              for (int fd = 0; fd < 3; ++fd) all = all && fcntl(fd, F_GETFD) == -1;
              return all;
            }),
            0);
}

TEST_F(ProcessTest, AnotherThreadMayReopenStandardOutputMeanwhile) {
  FakeDaemon daemon(world_.socket(), 64, [](int fd) {
    usleep(150'000);
    Serve(fd);
  });
  EXPECT_EQ(InChild([] {
              for (int fd = 0; fd < 3; ++fd) close(fd);
              std::thread asking([] { Look(kAsked); });
              usleep(60'000);
              bool all = true;
              for (int fd = 0; fd < 3; ++fd) all = all && fcntl(fd, F_GETFD) == -1;
              asking.join();
              return all;
            }),
            0);
}

TEST_F(ProcessTest, EveryDescriptorMayBeClosedBetweenCalls) {
  FakeDaemon daemon(world_.socket(), 64, Serve);
  EXPECT_EQ(InChild([] {
              for (int i = 0; i < 20; ++i) {
                if (Look(kOwn).status != NSS_STATUS_SUCCESS) return false;
                if (Look(kAsked).status != NSS_STATUS_SUCCESS) return false;
                close_range(3, ~0U, 0);
              }
              return true;
            }),
            0);
}

TEST_F(ProcessTest, WithoutDescriptors) {
  EXPECT_EQ(InChild([] {
              const rlimit none = {3, 3};
              if (setrlimit(RLIMIT_NOFILE, &none) != 0) return false;
              return Differs(Look(kOwn), kUnsure).empty() &&
                     Differs(Look("foreign"), kForeign).empty();
            }),
            0);
}

TEST_F(ProcessTest, AProgramWithOtherRightsThanItsCallerIgnoresTheUsersFolder) {
  // A process that changed its user id is not AT_SECURE, but the folder is not its own any more.
  if (geteuid() != 0) GTEST_SKIP() << "needs root to become somebody else";
  EXPECT_EQ(InChild([] {
              if (setresuid(12345, 12345, 12345) != 0) return false;
              return Differs(Look(kOwn), kUnsure).empty();
            }),
            0);
}

TEST_F(ProcessTest, ExecutedProgramsInheritNothing) {
  FakeDaemon daemon(world_.socket(), 64, Serve);
  std::atomic<bool> done = false;
  std::vector<std::thread> busy;
  busy.reserve(3);
  for (int i = 0; i < 3; ++i) {
    busy.emplace_back([&done] {
      while (!done) {
        Look(kOwn);
        Look(kAsked);
      }
    });
  }
  for (int i = 0; i < 60; ++i) {
    const pid_t pid = fork();
    if (pid == 0) {
      // Fails if anything of the module's is among its descriptors.
      execl("/bin/sh", "sh", "-c",
            "for f in /proc/$$/fd/*; do case $(readlink $f) in *hosts.snap*) exit 1;; esac; done",
            nullptr);
      _exit(2);
    }
    int status = 0;
    ASSERT_EQ(waitpid(pid, &status, 0), pid);
    EXPECT_EQ(status, 0);
  }
  done = true;
  for (std::thread& thread : busy) thread.join();
}

}  // namespace
}  // namespace commresolve::test
