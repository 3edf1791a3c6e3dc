// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What our nodes say passes; what stops or fools OpenDHT does not.

#include "dht/node/firewall.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "dht/node/packets.h"

namespace commresolve::dht {
namespace {

using Json = nlohmann::json;

constexpr uint32_t kNetwork = 77;
const Firewall& OurFirewall() {
  static const Firewall kFirewall(kNetwork, {0xc001, 0xc002});
  return kFirewall;
}

Json Bytes(size_t size) { return Json::binary(std::vector<uint8_t>(size, 0x5a)); }

/// The value that a put carries.
Json Value(size_t size = 100, int type = 0xc001) {
  return {{"id", 9}, {"dat", {{"body", {{"type", type}, {"data", Bytes(size)}}}}}};
}
Json Request(const std::string& kind, Json arguments) {
  arguments["id"] = Bytes(20);
  return {{"a", arguments}, {"q", kind}, {"t", 1}, {"y", "q"}, {"v", "RNG1"}, {"n", kNetwork}};
}
Json Put(Json values) {
  return Request("put", {{"h", Bytes(20)}, {"values", values}, {"token", Bytes(32)}});
}
Json Reply(Json fields) {
  fields["id"] = Bytes(20);
  return {{"r", fields}, {"t", 1}, {"y", "r"}, {"v", "RNG1"}, {"n", kNetwork}};
}

PacketFacts Facts(const Json& message) { return OurFirewall().Check(Json::to_msgpack(message)); }
Drop Judge(const Json& message) { return Facts(message).drop; }

TEST(FirewallTest, PassesWhatNodesSay) {
  EXPECT_EQ(Judge(Request("ping", Json::object())), Drop::kNone);
  EXPECT_EQ(Judge(Request("find", {{"target", Bytes(20)}, {"w", {2, 10}}})), Drop::kNone);
  const Json ids = {{"s", {1}}, {"w", Json::array()}};
  EXPECT_EQ(Judge(Request("get", {{"h", Bytes(20)}, {"q", ids}})), Drop::kNone);
  const Json one = {{"s", Json::array()}, {"w", {{{"f", 1}, {"v", 7}}}}};
  EXPECT_EQ(Judge(Request("get", {{"h", Bytes(20)}, {"q", one}})), Drop::kNone);
  EXPECT_EQ(Judge(Put({Value()})), Drop::kNone);
  EXPECT_EQ(Judge(Request("refresh", {{"h", Bytes(20)}, {"vid", 9}, {"token", Bytes(32)}})),
            Drop::kNone);
  EXPECT_EQ(Judge(Reply({{"sa", Bytes(4)}, {"n4", Bytes(8 * 26)}, {"token", Bytes(32)}})),
            Drop::kNone);
  EXPECT_EQ(Judge(Reply({{"fileds", {{"f", {1}}, {"v", {1, 2, 3}}}}})), Drop::kNone);
  EXPECT_EQ(Judge(Reply({{"values", {Value()}}})), Drop::kNone);
  const Json error = {{"e", {401, "wrong token"}},
                      {"r", {{"id", Bytes(20)}}},
                      {"t", 1},
                      {"y", "e"},
                      {"n", kNetwork}};
  EXPECT_EQ(Judge(error), Drop::kNone);
}

TEST(FirewallTest, PassesWhatTheWireClientWrites) {
  const RequestHead head{.network = kNetwork, .id = {1, 2, 3}, .number = 0xffffffff};
  const std::vector<uint8_t> payload(kMaxRecordBytes, 1);
  for (const Packet& packet :
       {PingRequest(head), FindRequest(head, {}), IdsRequest(head, {}),
        ValueRequest(head, {}, UINT64_MAX), PutRequest(head, {}, 5, 0xc002, payload, Token{})}) {
    const PacketFacts facts = OurFirewall().Check(packet);
    EXPECT_EQ(facts.drop, Drop::kNone);
    EXPECT_TRUE(facts.request);
  }
}

TEST(FirewallTest, SaysWhichValueIsConfirmed) {
  const PacketFacts facts = Facts(Reply({{"vid", 0xfedcba9876543210}}));
  EXPECT_EQ(facts.drop, Drop::kNone);
  EXPECT_FALSE(facts.request);
  EXPECT_EQ(facts.stored, 0xfedcba9876543210);
}

TEST(FirewallTest, DropsWhatStopsOpenDht) {
  EXPECT_EQ(Judge({{"n", kNetwork}, {"e", Json::array()}}), Drop::kMalformed);
  EXPECT_EQ(Judge({{"n", kNetwork}, {"e", Json::array()}, {"t", 1}, {"y", "e"}}), Drop::kMalformed);
  const Json none = Json::array();
  EXPECT_EQ(Judge(Reply({{"fileds", {{"f", none}, {"v", none}}}})), Drop::kMalformed);
  EXPECT_EQ(Judge(Reply({{"fileds", {{"f", {1, 1}}, {"v", {1, 2}}}}})), Drop::kMalformed);
  // A comparison of sequence numbers throws on the node's thread.
  const Json by_sequence = {{"s", none}, {"w", {{{"f", 4}, {"v", 7}}}}};
  EXPECT_EQ(Judge(Request("get", {{"h", Bytes(20)}, {"q", by_sequence}})), Drop::kMalformed);
  EXPECT_EQ(Judge(Put({Value(0)})), Drop::kValue);
  Json in_parts = Put({Value()});
  in_parts["p"] = {{"0", {{"o", 0}, {"d", Bytes(10)}}}};
  EXPECT_EQ(Judge(in_parts), Drop::kUnspoken);
  EXPECT_EQ(Judge(Put({600})), Drop::kValue) << "announces parts";
  Json owned = Value();
  owned["dat"]["body"]["owner"] = Bytes(100);
  EXPECT_EQ(Judge(Put({owned})), Drop::kValue);
  Json is_signed = Value();
  is_signed["dat"]["sig"] = Bytes(64);
  EXPECT_EQ(Judge(Put({is_signed})), Drop::kValue);
  EXPECT_EQ(Judge(Put({{{"id", 9}, {"dat", Bytes(100)}}})), Drop::kValue) << "encrypted";
}

TEST(FirewallTest, DropsValuesThatAreNotOurs) {
  EXPECT_EQ(Judge(Put({Value(kMaxRecordBytes)})), Drop::kNone);
  EXPECT_EQ(Judge(Put({Value(kMaxRecordBytes + 1)})), Drop::kValue);
  EXPECT_EQ(Judge(Put({Value(10, 3)})), Drop::kValue);
  EXPECT_EQ(Judge(Put({Value(10, 0x1c001)})), Drop::kValue);
  Json without_number = Value();
  without_number["id"] = 0;
  EXPECT_EQ(Judge(Put({without_number})), Drop::kValue);
  EXPECT_EQ(Judge(Put({Value(), Value(10, 3)})), Drop::kValue);
  EXPECT_EQ(Judge(Put(Json::array())), Drop::kMalformed);
  EXPECT_EQ(Judge(Reply({{"values", {Value(10, 3)}}})), Drop::kValue);
}

TEST(FirewallTest, DropsOtherNetworksAndOtherWords) {
  Json foreign = Request("ping", Json::object());
  foreign["n"] = kNetwork + 1;
  EXPECT_EQ(Judge(foreign), Drop::kForeign);
  foreign.erase("n");
  EXPECT_EQ(Judge(foreign), Drop::kForeign);
  EXPECT_EQ(Judge(Request("listen", {{"h", Bytes(20)}, {"token", Bytes(32)}})), Drop::kUnspoken);
  Json update = Reply(Json::object());
  update["u"] = {{"id", Bytes(20)}};
  EXPECT_EQ(Judge(update), Drop::kUnspoken);
}

TEST(FirewallTest, DropsWhatIsNotExactlyAMessage) {
  EXPECT_EQ(OurFirewall().Check({}).drop, Drop::kMalformed);
  const std::vector<uint8_t> good = Json::to_msgpack(Request("ping", Json::object()));
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_NE(OurFirewall().Check({good.data(), size}).drop, Drop::kNone) << size;
  }
  std::vector<uint8_t> longer = good;
  longer.push_back(0xc0);
  EXPECT_EQ(OurFirewall().Check(longer).drop, Drop::kMalformed);
  Json extra = Request("ping", Json::object());
  extra["zz"] = 1;
  EXPECT_EQ(Judge(extra), Drop::kMalformed);
  EXPECT_EQ(Judge(Request("ping", {{"extra", 1}})), Drop::kMalformed);
  Json both = Request("ping", Json::object());
  both["r"] = {{"id", Bytes(20)}};
  EXPECT_EQ(Judge(both), Drop::kMalformed);
  EXPECT_EQ(OurFirewall().Check(std::vector<uint8_t>(kMaxPacket + 1, 0x90)).drop, Drop::kMalformed);
  // One array in another, far deeper than any message.
  EXPECT_EQ(OurFirewall().Check(std::vector<uint8_t>(kMaxPacket, 0x91)).drop, Drop::kMalformed);
}

TEST(FirewallTest, DropsAKeyThatStandsTwice) {
  // {"t": 1, "t": 1, ...}: OpenDHT would read the first and we might have checked the other.
  std::vector<uint8_t> packet = Json::to_msgpack(Request("ping", Json::object()));
  ASSERT_EQ(packet[0], 0x86);
  ++packet[0];
  packet.insert(packet.end(), {0xa1, 't', 0x01});
  EXPECT_EQ(OurFirewall().Check(packet).drop, Drop::kMalformed);
}

}  // namespace
}  // namespace commresolve::dht
