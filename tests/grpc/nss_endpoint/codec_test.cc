// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The datagrams of the NSS socket: what the daemon takes, and that the module takes what it sends.

#include "grpc/nss_endpoint/codec.h"

#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <string>
#include <string_view>

#include "nss-module/wire.h"

namespace commresolve {
namespace {

constexpr int64_t kNow = 1000;

std::string RequestBytes(std::string_view name, const std::function<void(nss::Request*)>& change) {
  nss::Request head = {};
  head.size = static_cast<uint16_t>(sizeof head + name.size());
  head.version = nss::kVersion;
  head.operation = nss::kResolveName;
  head.budget_ms = 250;
  head.name_size = static_cast<uint8_t>(name.size());
  head.id = 0x1122334455667788;
  change(&head);
  std::string bytes(reinterpret_cast<const char*>(&head), sizeof head);
  return bytes.append(name);
}
bool Takes(std::string_view name, const std::function<void(nss::Request*)>& change) {
  return DecodeRequest(RequestBytes(name, change)).ok();
}
const auto kAsItIs = [](nss::Request*) {};

TEST(NssCodecTest, ReadsARequest) {
  const auto request = DecodeRequest(RequestBytes("debian-bugs.cert.alt", kAsItIs));
  ASSERT_TRUE(request.ok());
  EXPECT_EQ(request->name, "debian-bugs.cert.alt");
  EXPECT_EQ(request->budget, std::chrono::milliseconds(250));
  EXPECT_EQ(request->id, 0x1122334455667788U);
}

TEST(NssCodecTest, RefusesEverythingElse) {
  const std::string good = RequestBytes("a.cert.alt", kAsItIs);
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(DecodeRequest(std::string_view(good).substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(DecodeRequest(good + "x").ok());
  EXPECT_FALSE(Takes("a.cert.alt", [](auto* head) { ++head->size; }));
  EXPECT_FALSE(Takes("a.cert.alt", [](auto* head) { --head->name_size; }));
  EXPECT_FALSE(Takes("a.cert.alt", [](auto* head) { head->version = 2; }));
  EXPECT_FALSE(Takes("a.cert.alt", [](auto* head) { head->operation = 2; }));
  EXPECT_FALSE(Takes("a.cert.alt", [](auto* head) { head->reserved = 1; }));
  EXPECT_FALSE(Takes("a.cert.alt", [](auto* head) { head->budget_ms = 0; }));
  for (const char* name : {"", "a b.cert.alt", "A.cert.alt", "a.cert.alt.", "www.example.org",
                           "a..cert.alt", ".cert.alt", "xcert.alt"}) {
    EXPECT_FALSE(Takes(name, kAsItIs)) << name;
  }
  EXPECT_FALSE(Takes(std::string(245, 'a') + ".cert.alt", kAsItIs));
}

nss::ReplyStatus Module(const std::string& reply, std::string_view name, nss::Record* record) {
  return nss::ReadReply(reinterpret_cast<const uint8_t*>(reply.data()), reply.size(), 42,
                        {name.data(), name.size(), false}, kNow, record);
}

TEST(NssCodecTest, TheModuleReadsTheReply) {
  const NssRequest request{"a.cert.alt", std::chrono::milliseconds(250), 42};
  nss::Record record;
  for (const NssStatus status :
       {NssStatus::kNoSuchName, NssStatus::kNoAddress, NssStatus::kTryAgain}) {
    EXPECT_EQ(static_cast<int>(Module(EncodeReply(request, {status, {}}), "a.cert.alt", &record)),
              static_cast<int>(status));
  }
  NssAnswer found{NssStatus::kFound,
                  {.name = "ignored",
                   .canonical_name = "B.example",
                   .addresses = {*IpAddress::Parse("2001:db8::1"), *IpAddress::Parse("192.0.2.1")},
                   .proved_until = kNow + 1}};
  const std::string reply = EncodeReply(request, found);
  ASSERT_EQ(Module(reply, "a.cert.alt", &record), nss::ReplyStatus::kFound);
  EXPECT_STREQ(record.name, "a.cert.alt");
  EXPECT_STREQ(record.canonical, "b.example");
  EXPECT_EQ(record.head.v4_count, 1);
  EXPECT_EQ(record.head.v6_count, 1);
  EXPECT_EQ(Module(reply, "b.cert.alt", &record), nss::ReplyStatus::kTryAgain);
  found.record.proved_until = kNow;
  EXPECT_EQ(Module(EncodeReply(request, found), "a.cert.alt", &record),
            nss::ReplyStatus::kTryAgain);
}

TEST(NssCodecTest, WhatMustNotBeWrittenIsNotSent) {
  const NssRequest request{"a.cert.alt", std::chrono::milliseconds(250), 42};
  NssAnswer answer{NssStatus::kFound, {.name = "a.cert.alt", .proved_until = kNow + 1}};
  answer.record.canonical_name = "no name";
  EXPECT_EQ(EncodeReply(request, answer), EncodeReply(request, {NssStatus::kTryAgain, {}}));
  answer.record.canonical_name = "";
  answer.record.addresses.assign(17, *IpAddress::Parse("192.0.2.1"));
  EXPECT_EQ(EncodeReply(request, answer), EncodeReply(request, {NssStatus::kTryAgain, {}}));
}

}  // namespace
}  // namespace commresolve
