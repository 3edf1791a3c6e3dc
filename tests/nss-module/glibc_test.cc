// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The module behind the C library: what programs get from getaddrinfo() and its relatives.

#include <arpa/inet.h>
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <netdb.h>
#include <nss.h>
#include <resolv.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <ctime>
#include <string>
#include <thread>
#include <vector>

#include "tests/nss-module/world.h"

namespace commresolve::test {
namespace {

struct Info {
  int error = 0;
  std::vector<std::string> addresses = {};
  std::string canonical = {};
};

std::string TextOf(const sockaddr* address, socklen_t size) {
  char host[NI_MAXHOST] = {};
  getnameinfo(address, size, host, sizeof host, nullptr, 0, NI_NUMERICHOST);
  return host;
}

Info GetAddrInfo(const std::string& name, int family = AF_UNSPEC, int flags = 0) {
  addrinfo hints{};
  hints.ai_family = family;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* list = nullptr;
  Info info;
  info.error = getaddrinfo(name.c_str(), nullptr, &hints, &list);
  if (info.error != 0) return info;
  for (const addrinfo* one = list; one != nullptr; one = one->ai_next) {
    info.addresses.push_back(TextOf(one->ai_addr, one->ai_addrlen));
    if (one->ai_canonname != nullptr) info.canonical = one->ai_canonname;
  }
  freeaddrinfo(list);
  return info;
}

std::string NameOf(const char* address) {
  sockaddr_storage storage{};
  socklen_t size = 0;
  if (auto* v4 = reinterpret_cast<sockaddr_in*>(&storage);
      inet_pton(AF_INET, address, &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    size = sizeof *v4;
  } else if (auto* v6 = reinterpret_cast<sockaddr_in6*>(&storage);
             inet_pton(AF_INET6, address, &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    size = sizeof *v6;
  }
  char host[NI_MAXHOST] = {};
  const int error = getnameinfo(reinterpret_cast<sockaddr*>(&storage), size, host, sizeof host,
                                nullptr, 0, NI_NAMEREQD);
  return error == 0 ? host : "";
}

/// A DNS server on the loopback that counts what it is asked and says that nothing exists.
class CountingDns {
 public:
  CountingDns() : fd_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(fd_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size) != 0 || res_init() != 0) {
      std::abort();
    }
    _res.nscount = 1;
    _res.nsaddr_list[0] = address;
    thread_ = std::thread([this] { Serve(); });
  }
  ~CountingDns() {
    shutdown(fd_, SHUT_RDWR);
    thread_.join();
    close(fd_);
  }
  CountingDns(const CountingDns&) = delete;
  CountingDns& operator=(const CountingDns&) = delete;
  [[nodiscard]] int asked() const { return asked_; }

 private:
  void Serve() {
    while (true) {
      char query[512];
      sockaddr_in from{};
      socklen_t size = sizeof from;
      const ssize_t length =
          recvfrom(fd_, query, sizeof query, 0, reinterpret_cast<sockaddr*>(&from), &size);
      if (length < 12) return;
      ++asked_;
      query[2] = static_cast<char>(query[2] | 0x80);
      query[3] = static_cast<char>(0x83);
      sendto(fd_, query, static_cast<size_t>(length), 0, reinterpret_cast<sockaddr*>(&from), size);
    }
  }

  int fd_;
  std::atomic<int> asked_ = 0;
  std::thread thread_;
};

class GlibcTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!IsUndisturbed()) GTEST_SKIP() << "/run/commresolve exists and cannot be hidden";
    // The C library finds a module that is already loaded by its name.
    ASSERT_NE(dlopen(COMMRESOLVE_NSS_MODULE, RTLD_NOW), nullptr) << dlerror();
    Configure("commresolve [!UNAVAIL=return] files");
    std::vector<std::string> many;
    for (int i = 1; i <= 16; ++i) many.push_back("127.9.0." + std::to_string(i));
    for (int i = 1; i <= 16; ++i) many.push_back("2001:db8::" + std::to_string(i));
    SnapshotRecord expired = Named("old.cert.alt", {"192.0.2.66"});
    expired.proved_until = std::time(nullptr) - 1;
    world_.Publish({Named("debian-bugs.cert.alt", {"192.0.2.7"}),
                    Named("two.cert.alt", {"192.0.2.8", "2001:db8::8"}, "two.example"),
                    Named("six.cert.alt", {"2001:db8::9"}), Named("none.cert.alt", {}),
                    Named("many.cert.alt", many), Named("debian-bugs", {"192.0.2.10"}), expired},
                   false);
  }
  static void Configure(const char* line) { ASSERT_EQ(__nss_configure_lookup("hosts", line), 0); }

  World world_;
};

using Strings = std::vector<std::string>;

TEST_F(GlibcTest, GetAddrInfoFindsBoundNames) {
  for (const char* name : {"debian-bugs.cert.alt", "DEBIAN-BUGS.cert.alt."}) {
    EXPECT_EQ(GetAddrInfo(name).addresses, Strings{"192.0.2.7"});
    EXPECT_EQ(GetAddrInfo(name, AF_INET).addresses, Strings{"192.0.2.7"});
    EXPECT_EQ(GetAddrInfo(name, AF_INET6, AI_V4MAPPED).addresses, Strings{"::ffff:192.0.2.7"});
  }
  EXPECT_EQ(GetAddrInfo("debian-bugs").addresses, Strings{"192.0.2.10"});
  EXPECT_EQ(GetAddrInfo("two.cert.alt", AF_INET6).addresses, Strings{"2001:db8::8"});
  EXPECT_EQ(GetAddrInfo("two.cert.alt", AF_INET6, AI_V4MAPPED | AI_ALL).addresses.size(), 2U);
  EXPECT_EQ(GetAddrInfo("two.cert.alt").addresses.size(), 2U);
  EXPECT_EQ(GetAddrInfo("many.cert.alt").addresses.size(), 32U);
}

TEST_F(GlibcTest, CanonicalNames) {
  for (const int family : {AF_UNSPEC, AF_INET, AF_INET6}) {
    EXPECT_EQ(GetAddrInfo("two.cert.alt", family, AI_CANONNAME).canonical, "two.example");
  }
  EXPECT_EQ(GetAddrInfo("debian-bugs.cert.alt", AF_UNSPEC, AI_CANONNAME).canonical,
            "debian-bugs.cert.alt");
}

TEST_F(GlibcTest, ErrorsSayWhatIsKnown) {
  for (const int family : {AF_UNSPEC, AF_INET, AF_INET6}) {
    for (const int flags : {0, AI_CANONNAME}) {
      EXPECT_EQ(GetAddrInfo("unknown.cert.alt", family, flags).error, EAI_NONAME);
      EXPECT_EQ(GetAddrInfo("old.cert.alt", family, flags).error, EAI_AGAIN);
      EXPECT_EQ(GetAddrInfo("none.cert.alt", family, flags).error, EAI_NODATA);
      EXPECT_EQ(GetAddrInfo("nowhere.example", family, flags).error, EAI_NONAME);
    }
  }
  EXPECT_EQ(GetAddrInfo("six.cert.alt", AF_INET).error, EAI_NODATA);
}

TEST_F(GlibcTest, TheServicesAfterUsAnswerForeignNames) {
  for (const char* line : {"commresolve files", "commresolve [!UNAVAIL=return] files"}) {
    Configure(line);
    EXPECT_FALSE(GetAddrInfo("localhost").addresses.empty());
    EXPECT_EQ(GetAddrInfo("localhost", AF_INET).addresses, Strings{"127.0.0.1"});
    EXPECT_EQ(GetAddrInfo("localhost", AF_INET, AI_CANONNAME).canonical, "localhost");
    EXPECT_EQ(GetAddrInfo("localhost", AF_INET6, AI_V4MAPPED).error, 0);
    EXPECT_NE(NameOf("127.0.0.1"), "");
    EXPECT_NE(gethostbyname("localhost"), nullptr);
  }
}

TEST_F(GlibcTest, Addresses) {
  EXPECT_EQ(NameOf("192.0.2.8"), "two.cert.alt");
  EXPECT_EQ(NameOf("2001:db8::9"), "six.cert.alt");
  EXPECT_EQ(NameOf("::ffff:192.0.2.8"), "two.cert.alt");
  EXPECT_EQ(NameOf("198.51.100.1"), "");
}

TEST_F(GlibcTest, TheOldInterface) {
  const hostent* host = gethostbyname("two.cert.alt");
  ASSERT_NE(host, nullptr);
  EXPECT_STREQ(host->h_name, "two.example");
  EXPECT_STREQ(host->h_aliases[0], "two.cert.alt");
  host = gethostbyname2("six.cert.alt", AF_INET6);
  ASSERT_NE(host, nullptr);
  EXPECT_EQ(host->h_length, 16);
  EXPECT_EQ(gethostbyname("unknown.cert.alt"), nullptr);
  EXPECT_EQ(h_errno, HOST_NOT_FOUND);
  EXPECT_EQ(gethostbyname("old.cert.alt"), nullptr);
  EXPECT_EQ(h_errno, TRY_AGAIN);
  EXPECT_EQ(gethostbyname("six.cert.alt"), nullptr);
  EXPECT_EQ(h_errno, NO_DATA);
}

TEST_F(GlibcTest, NoNameOfOursReachesDns) {
  Configure("commresolve [!UNAVAIL=return] dns");
  CountingDns dns;
  for (const int family : {AF_UNSPEC, AF_INET, AF_INET6}) {
    for (const char* name :
         {"debian-bugs.cert.alt", "unknown.cert.alt", "old.cert.alt", "none.cert.alt",
          "six.cert.alt", "a_b.c.cert.alt", "-a.cert.alt", "a..cert.alt", "cert.alt", "Cert.Alt.",
          "unknown.cert.alt.", "x.key.cert.alt", "%.cert.alt"}) {
      GetAddrInfo(name, family);
      GetAddrInfo(name, family, AI_CANONNAME | AI_V4MAPPED);
      gethostbyname2(name, family == AF_UNSPEC ? AF_INET : family);
    }
  }
  unlink(world_.snapshot().c_str());
  EXPECT_EQ(GetAddrInfo("debian-bugs.cert.alt").error, EAI_AGAIN);
  EXPECT_EQ(dns.asked(), 0);
  EXPECT_NE(GetAddrInfo("www.example.org").error, 0);
  EXPECT_GT(dns.asked(), 0);
}

}  // namespace
}  // namespace commresolve::test
