// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Nodes of a link find each other: the packet, the pace, and multicast over loopback.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <set>
#include <thread>

#include "dht/node/lan_finder.h"

namespace commresolve::dht {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;

PeerAddress At(const std::string& text) { return *PeerAddress::Parse(text); }

TEST(LanPacketTest, IsTwelveBytesAndNothingElseIsOne) {
  const LanPacket packet{0x636d7273, 4222};
  const std::string bytes = WriteLanPacket(packet);
  EXPECT_EQ(bytes, std::string("CMRL\1\0cmrs\x10\x7e", kLanPacketSize));
  ASSERT_TRUE(ReadLanPacket(bytes).ok());
  EXPECT_EQ(*ReadLanPacket(bytes), packet);
  EXPECT_FALSE(ReadLanPacket(bytes + '\0').ok());
  for (size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(ReadLanPacket(bytes.substr(0, length)).ok()) << length;
  }
  for (const size_t place : {0U, 1U, 2U, 3U, 4U, 5U}) {
    std::string wrong = bytes;
    wrong[place] ^= 1;
    EXPECT_FALSE(ReadLanPacket(wrong).ok()) << place;
  }
  EXPECT_FALSE(ReadLanPacket(WriteLanPacket({1, 0})).ok());
  EXPECT_FALSE(ReadLanPacket(WriteLanPacket({0, 1})).ok());
}

TEST(LanPaceTest, SpeaksTwiceThenSeldom) {
  LanPace pace;
  const LanPace::Time begin{100h};
  EXPECT_TRUE(pace.Speak(false, begin));
  EXPECT_FALSE(pace.Speak(false, begin + 2s));
  EXPECT_TRUE(pace.Speak(false, begin + 3s));
  EXPECT_FALSE(pace.Speak(false, begin + 32s));
  EXPECT_TRUE(pace.Speak(false, begin + 33s));
  EXPECT_FALSE(pace.Speak(true, begin + 33s + 299s));
  EXPECT_TRUE(pace.Speak(true, begin + 33s + 300s));
}

TEST(LanPaceTest, ANewcomerIsAnsweredButNeverFasterThanThePause) {
  LanPace pace;
  LanPace::Time now{100h};
  pace.Speak(true, now);
  pace.Speak(true, now += 3s);
  EXPECT_FALSE(pace.Speak(true, now += 3s));
  EXPECT_TRUE(pace.Hear(At("192.0.2.1:4222"), now));
  EXPECT_TRUE(pace.Speak(true, now));
  EXPECT_TRUE(pace.Hear(At("192.0.2.2:4222"), now));
  EXPECT_FALSE(pace.Speak(true, now + 2s));
  EXPECT_TRUE(pace.Speak(true, now + 3s));
  EXPECT_FALSE(pace.Speak(true, now + 6s));
}

TEST(LanPaceTest, OneNodeIsTakenUpOnceInTenMinutes) {
  LanPace pace;
  const LanPace::Time begin{100h};
  EXPECT_TRUE(pace.Hear(At("192.0.2.1:4222"), begin));
  EXPECT_FALSE(pace.Hear(At("192.0.2.1:4222"), begin + 599s));
  EXPECT_TRUE(pace.Hear(At("192.0.2.1:4223"), begin + 599s));
  EXPECT_TRUE(pace.Hear(At("192.0.2.1:4222"), begin + 600s));
}

TEST(LanPaceTest, AFloodIsBounded) {
  LanPace pace;
  const LanPace::Time begin{100h};
  size_t taken = 0;
  uint16_t port = 0;
  for (int second = 0; second < 600; ++second) {
    for (int i = 0; i < 64; ++i) {
      taken += pace.Hear({*IpAddress::Parse("192.0.2.1"), ++port}, begin + second * 1s) ? 1 : 0;
    }
  }
  EXPECT_EQ(taken, 10 * LanPace::kMostInAMinute);
}

TEST(LanLinksTest, OnlyNeighboursAreOnALink) {
  const std::vector<LanLink> links = {{2, *IpAddress::Parse("192.0.2.65"), 26},
                                      {3, *IpAddress::Parse("2001:db8:1::7"), 48}};
  const auto on = [&](unsigned interface, const char* ip) {
    return IsOnLink(links, interface, *IpAddress::Parse(ip));
  };
  EXPECT_TRUE(on(2, "192.0.2.127"));
  EXPECT_FALSE(on(2, "192.0.2.128"));
  EXPECT_FALSE(on(2, "192.0.2.63"));
  EXPECT_FALSE(on(3, "192.0.2.127"));
  EXPECT_TRUE(on(3, "2001:db8:1:ffff::1"));
  EXPECT_FALSE(on(3, "2001:db8:2::1"));
  EXPECT_FALSE(on(2, "2001:db8:1::1"));
  EXPECT_FALSE(on(3, "fe80::1"));
}

TEST(LanLinksTest, LoopbackIsALinkOfItsOwn) {
  const auto links = LanLinks(true);
  ASSERT_TRUE(links.ok());
  ASSERT_FALSE(links->empty());
  EXPECT_EQ(links->front().ip.ToString(), "127.0.0.1");
  EXPECT_EQ(links->front().prefix, 8U);
  const auto others = LanLinks(false);
  ASSERT_TRUE(others.ok());
  for (const LanLink& link : *others) EXPECT_NE(link.ip.ToString(), "127.0.0.1");
}

/// Of nodes that receive at 127.0.0.1, in a group that no other test uses.
class LanFinderTest : public testing::Test {
 protected:
  static LanOptions Options(uint16_t port, uint32_t network = 7) {
    return {.network = network,
            .node4 = {*IpAddress::Parse("127.0.0.1"), port},
            .node6 = {},
            .lan_port = static_cast<uint16_t>(20'000 + ::getpid() % 40'000),
            .loopback = true};
  }
  static std::unique_ptr<LanFinder> Open(const LanOptions& options) {
    auto finder = LanFinder::Open(options);
    EXPECT_TRUE(finder.ok()) << finder.error().message;
    return std::move(*finder);
  }
  /// Steps all of them, a virtual second a round, until `condition`.
  template <class Condition>
  bool Until(const std::vector<std::pair<LanFinder*, std::set<PeerAddress>*>>& finders,
             const Condition& condition) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (!condition() && std::chrono::steady_clock::now() < deadline) {
      now_ += 1s;
      for (const auto& [finder, heard] : finders) {
        for (const PeerAddress& node : finder->Step(false, now_)) heard->insert(node);
      }
      std::this_thread::sleep_for(1ms);
    }
    return condition();
  }

  LanFinder::Time now_{100h};
};

TEST_F(LanFinderTest, TwoFindEachOtherAndNotThemselves) {
  const auto first = Open(Options(1111));
  const auto second = Open(Options(2222));
  std::set<PeerAddress> heard_first;
  std::set<PeerAddress> heard_second;
  EXPECT_TRUE(Until({{first.get(), &heard_first}, {second.get(), &heard_second}},
                    [&] { return !heard_first.empty() && !heard_second.empty(); }));
  EXPECT_THAT(heard_first, ElementsAre(At("127.0.0.1:2222")));
  EXPECT_THAT(heard_second, ElementsAre(At("127.0.0.1:1111")));
}

TEST_F(LanFinderTest, AnotherNetworkAndBrokenPacketsAreNotHeard) {
  const auto first = Open(Options(1111));
  const auto stranger = Open(Options(3333, 8));
  const auto last = Open(Options(2222));
  std::set<PeerAddress> heard;
  std::set<PeerAddress> ignored;
  EXPECT_TRUE(Until({{first.get(), &heard}}, [&] { return now_ >= LanFinder::Time{100h} + 2s; }));
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const UniqueFd owned(fd);
  const in_addr own{htonl(INADDR_LOOPBACK)};
  ASSERT_EQ(::setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &own, sizeof own), 0);
  socklen_t size = 0;
  const auto group = PeerAddress{*IpAddress::Parse("239.255.99.109"), Options(0).lan_port};
  const sockaddr_storage name = group.ToSocket(&size);
  const std::string good = WriteLanPacket({7, 4444});
  for (const std::string& packet : {good.substr(1), good + "x", std::string(1'000, 'x'), good}) {
    ASSERT_EQ(::sendto(fd, packet.data(), packet.size(), 0,
                       reinterpret_cast<const sockaddr*>(&name), size),
              static_cast<ssize_t>(packet.size()));
  }
  EXPECT_TRUE(Until({{stranger.get(), &ignored}, {last.get(), &ignored}, {first.get(), &heard}},
                    [&] { return heard.contains(At("127.0.0.1:2222")) && heard.size() >= 2; }));
  EXPECT_THAT(heard, ElementsAre(At("127.0.0.1:2222"), At("127.0.0.1:4444")));
}

TEST_F(LanFinderTest, UnicastIsNotHeard) {
  const auto first = Open(Options(1111));
  const auto second = Open(Options(2222));
  std::set<PeerAddress> heard;
  std::set<PeerAddress> ignored;
  EXPECT_TRUE(Until({{first.get(), &heard}}, [&] { return now_ >= LanFinder::Time{100h} + 2s; }));
  const UniqueFd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  socklen_t size = 0;
  const sockaddr_storage name =
      PeerAddress{*IpAddress::Parse("127.0.0.1"), Options(0).lan_port}.ToSocket(&size);
  const std::string packet = WriteLanPacket({7, 4444});
  static_cast<void>(::sendto(fd.get(), packet.data(), packet.size(), 0,
                             reinterpret_cast<const sockaddr*>(&name), size));
  EXPECT_TRUE(Until({{second.get(), &ignored}, {first.get(), &heard}},
                    [&] { return heard.contains(At("127.0.0.1:2222")); }));
  EXPECT_EQ(heard.size(), 1U);
}

// Nothing is sent to a group of IPv6 over loopback; tests/system/dht_lan.py does that.
TEST_F(LanFinderTest, UnicastOverIpv6IsNotHeard) {
  LanOptions options = Options(1111);
  options.node6 = {*IpAddress::Parse("::1"), 1111};
  const auto first = Open(options);
  const auto second = Open(Options(2222));
  const UniqueFd fd(::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  socklen_t size = 0;
  const sockaddr_storage name =
      PeerAddress{*IpAddress::Parse("::1"), options.lan_port}.ToSocket(&size);
  const std::string packet = WriteLanPacket({7, 4444});
  if (::sendto(fd.get(), packet.data(), packet.size(), 0, reinterpret_cast<const sockaddr*>(&name),
               size) < 0) {
    GTEST_SKIP() << "no IPv6";
  }
  std::set<PeerAddress> heard;
  std::set<PeerAddress> ignored;
  EXPECT_TRUE(Until({{first.get(), &heard}, {second.get(), &ignored}},
                    [&] { return heard.contains(At("127.0.0.1:2222")); }));
  EXPECT_EQ(heard.size(), 1U);
}

TEST_F(LanFinderTest, OneFamilyIsEnough) {
  LanOptions options = Options(1111);
  options.node6 = {*IpAddress::Parse("::1"), 1111};
  const sockaddr_in6 taken{AF_INET6, htons(options.lan_port), 0, in6addr_any, 0};
  const UniqueFd fd(::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  // Not shared, so that nobody else can have it.
  const int on = 1;
  ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&taken), sizeof taken) != 0) {
    GTEST_SKIP() << "no IPv6";
  }
  const auto first = Open(options);
  const auto second = Open(Options(2222));
  std::set<PeerAddress> heard;
  std::set<PeerAddress> ignored;
  EXPECT_TRUE(
      Until({{first.get(), &heard}, {second.get(), &ignored}}, [&] { return !heard.empty(); }));
  options.node4 = {};
  EXPECT_EQ(LanFinder::Open(options).error().code, Code::kUnavailable);
}

TEST_F(LanFinderTest, ANodeWithoutAPortHasNothingToTell) {
  EXPECT_EQ(LanFinder::Open({}).error().code, Code::kInvalidArgument);
}

}  // namespace
}  // namespace commresolve::dht
