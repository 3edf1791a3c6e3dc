// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The wanted fields of a row and nothing else.

#include "index/sources/json_row.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace commresolve::index {
namespace {

TEST(JsonRow, TakesTheWantedFields) {
  const auto row = ParseJsonRow(
      R"({"sha256":"ab","ip":"::1","port":443,"sni":null,"x":{"ip":"no","chain":["no"]},)"
      R"("time":"t","starttls":"smtp","transport":"tcp","role":"server","der_b64":"AA==",)"
      R"("chain":["a","b"],"y":[[1,"z"],true,1.5],"ip_global":false})");
  ASSERT_TRUE(row.ok()) << row.error().message;
  EXPECT_EQ(row->sha256, "ab");
  EXPECT_EQ(row->ip, "::1");
  EXPECT_EQ(row->port, 443);
  EXPECT_FALSE(row->sni.has_value());
  EXPECT_EQ(row->time, "t");
  EXPECT_EQ(row->starttls, "smtp");
  EXPECT_EQ(row->transport, "tcp");
  EXPECT_EQ(row->role, "server");
  EXPECT_EQ(row->der_b64, "AA==");
  EXPECT_THAT(row->chain, testing::ElementsAre("a", "b"));
}

TEST(JsonRow, TheLastOfTwoCounts) {
  const auto row =
      ParseJsonRow(R"({"ip":"1","ip":null,"chain":["a"],"chain":["b"],"port":1,"port":2})");
  ASSERT_TRUE(row.ok());
  EXPECT_FALSE(row->ip.has_value());
  EXPECT_THAT(row->chain, testing::ElementsAre("b"));
  EXPECT_EQ(row->port, 2);
}

TEST(JsonRow, AListOfAddressesIsNoEndpoint) {
  const auto row = ParseJsonRow(R"({"ip":"192.0.2.7","ip":["c0000207"],"port":443})");
  ASSERT_TRUE(row.ok());
  EXPECT_FALSE(row->ip.has_value());
  EXPECT_EQ(row->port, 443);
}

TEST(JsonRow, RefusesEverythingElse) {
  for (const char* line :
       {"", "{", "[]", "null", "1", "\"x\"", "{}x", "{\"a\":}", R"({"ip":1})", R"({"ip":{}})",
        R"({"port":"443"})", R"({"port":1.5})", R"({"port":99999999999999999999})",
        R"({"chain":"a"})", R"({"chain":[1]})", R"({"chain":[["a"]]})", R"({"chain":[{}]})",
        "{\"ip\":\"\xff\"}", R"({"sha256":true})"}) {
    const auto row = ParseJsonRow(line);
    EXPECT_FALSE(row.ok()) << line;
    EXPECT_TRUE(row.ok() || !row.error().message.empty()) << line;
  }
}

TEST(JsonRow, DepthAndChainAreBounded) {
  const auto nested = [](size_t depth) {
    return "{\"x\":" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
  };
  EXPECT_TRUE(ParseJsonRow(nested(kMaxJsonDepth)).ok());
  EXPECT_FALSE(ParseJsonRow(nested(kMaxJsonDepth + 1)).ok());
  EXPECT_FALSE(ParseJsonRow("{\"x\":" + std::string(1'000'000, '[')).ok());

  std::string chain;
  for (int i = 0; i < 100; ++i) chain += "\"a\",";
  const auto row = ParseJsonRow("{\"chain\":[" + chain + "\"a\"]}");
  ASSERT_TRUE(row.ok());
  EXPECT_EQ(row->chain.size(), kMaxChainLength);
}

}  // namespace
}  // namespace commresolve::index
