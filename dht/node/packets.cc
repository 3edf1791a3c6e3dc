// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Written as OpenDHT 2.4 writes them, key by key.

#include "dht/node/packets.h"

#include <algorithm>
#include <exception>
#include <msgpack.hpp>
#include <string_view>

namespace commresolve::dht {
namespace {

constexpr uint8_t kFieldId = 1;

class Writer {
 public:
  /// Begins a request of kind `kind` with `arguments` arguments besides the sender's id.
  Writer(const RequestHead& head, std::string_view kind, uint32_t arguments) : packer_(buffer_) {
    packer_.pack_map(7);
    Key("q").Text(kind);
    Key("t").Number(head.number);
    Key("y").Text("q");
    Key("v").Text("CR1");
    Key("n").Number(head.network);
    Key("s");
    packer_.pack_true();
    Key("a");
    packer_.pack_map(arguments + 1);
    Key("id").Bytes(head.id);
  }

  Writer& Key(std::string_view key) { return Text(key); }
  Writer& Text(std::string_view text) {
    packer_.pack(text);
    return *this;
  }
  Writer& Number(uint64_t number) {
    packer_.pack(number);
    return *this;
  }
  Writer& Bytes(std::span<const uint8_t> bytes) {
    packer_.pack_bin(static_cast<uint32_t>(bytes.size()));
    packer_.pack_bin_body(reinterpret_cast<const char*>(bytes.data()),
                          static_cast<uint32_t>(bytes.size()));
    return *this;
  }
  Writer& Map(uint32_t size) {
    packer_.pack_map(size);
    return *this;
  }
  Writer& Array(uint32_t size) {
    packer_.pack_array(size);
    return *this;
  }
  [[nodiscard]] Packet Take() const { return {buffer_.data(), buffer_.data() + buffer_.size()}; }

 private:
  msgpack::sbuffer buffer_;
  msgpack::packer<msgpack::sbuffer> packer_;
};

constexpr size_t kPeer4 = 20 + 4 + 2;
constexpr size_t kPeer6 = 20 + 16 + 2;

std::span<const msgpack::object_kv> Entries(const msgpack::object& map) {
  return {map.via.map.ptr, map.via.map.size};
}
std::span<const msgpack::object> Elements(const msgpack::object& array) {
  return {array.via.array.ptr, array.via.array.size};
}
std::string_view Name(const msgpack::object_kv& entry) {
  return {entry.key.via.str.ptr, entry.key.via.str.size};
}
std::string_view Raw(const msgpack::object& bytes) {
  return {bytes.via.bin.ptr, bytes.via.bin.size};
}
template <class Array>
Array ArrayOf(std::string_view bytes) {
  Array array{};
  std::copy_n(bytes.begin(), array.size(), array.begin());
  return array;
}

void ReadPeers(std::string_view packed, size_t each, std::vector<KnownPeer>& peers) {
  for (; packed.size() >= each; packed.remove_prefix(each)) {
    const auto ip = IpAddress::FromBytes(packed.substr(20, each - 22));
    const auto high = static_cast<uint8_t>(packed[each - 2]);
    const auto port = static_cast<uint16_t>(high << 8 | static_cast<uint8_t>(packed[each - 1]));
    if (ip && port != 0) peers.push_back({ArrayOf<DhtKey>(packed), {*ip, port}});
  }
}

AnsweredValue ReadValue(const msgpack::object& packed) {
  AnsweredValue value;
  for (const auto& outer : Entries(packed)) {
    if (Name(outer) == "id") value.id = outer.val.via.u64;
    if (Name(outer) != "dat") continue;
    for (const auto& field : Entries(outer.val.via.map.ptr[0].val)) {
      if (Name(field) == "type") value.type = static_cast<uint16_t>(field.val.via.u64);
      if (Name(field) == "data") {
        const std::string_view data = Raw(field.val);
        value.payload = {reinterpret_cast<const uint8_t*>(data.data()), data.size()};
      }
    }
  }
  return value;
}

/// {f: fields, v: numbers}: the ids alone, if nothing else was asked for.
void ReadIds(const msgpack::object& index, std::vector<uint64_t>& ids) {
  size_t width = 0;
  std::span<const msgpack::object> numbers;
  for (const auto& part : Entries(index)) {
    if (Name(part) == "f") width = part.val.via.array.size;
    if (Name(part) == "v") numbers = Elements(part.val);
  }
  if (width != 1) return;
  ids.reserve(numbers.size());
  for (const auto& number : numbers) ids.push_back(number.via.u64);
}

void ReadResults(const msgpack::object& results, Answer& answer) {
  for (const auto& field : Entries(results)) {
    const std::string_view name = Name(field);
    if (name == "id") answer.sender = ArrayOf<DhtKey>(Raw(field.val));
    if (name == "n4") ReadPeers(Raw(field.val), kPeer4, answer.peers);
    if (name == "n6") ReadPeers(Raw(field.val), kPeer6, answer.peers);
    if (name == "token") answer.token = ArrayOf<Token>(Raw(field.val));
    if (name == "fileds") ReadIds(field.val, answer.value_ids);
    if (name == "values") {
      answer.values.reserve(field.val.via.array.size);
      for (const auto& value : Elements(field.val)) answer.values.push_back(ReadValue(value));
    }
  }
}

}  // namespace

Packet PingRequest(const RequestHead& head) { return Writer(head, "ping", 0).Take(); }

Packet FindRequest(const RequestHead& head, const DhtKey& target) {
  return Writer(head, "find", 1).Key("target").Bytes(target).Take();
}

Packet IdsRequest(const RequestHead& head, const DhtKey& key) {
  Writer writer(head, "get", 2);
  writer.Key("h").Bytes(key);
  writer.Key("q").Map(2).Key("s").Array(1).Number(kFieldId).Key("w").Array(0);
  return writer.Take();
}

Packet ValueRequest(const RequestHead& head, const DhtKey& key, uint64_t value_id) {
  Writer writer(head, "get", 2);
  writer.Key("h").Bytes(key);
  writer.Key("q").Map(2).Key("s").Array(0).Key("w").Array(1);
  writer.Map(2).Key("f").Number(kFieldId).Key("v").Number(value_id);
  return writer.Take();
}

Packet PutRequest(const RequestHead& head, const DhtKey& key, uint64_t value_id, uint16_t type,
                  std::span<const uint8_t> payload, const Token& token) {
  Writer writer(head, "put", 3);
  writer.Key("h").Bytes(key);
  writer.Key("values").Array(1).Map(2).Key("id").Number(value_id);
  writer.Key("dat").Map(1).Key("body").Map(2).Key("type").Number(type).Key("data").Bytes(payload);
  writer.Key("token").Bytes(token);
  return writer.Take();
}

std::optional<Answer> ReadAnswer(std::span<const uint8_t> packet) {
  try {
    msgpack::zone zone;
    size_t read = 0;
    bool referenced = false;
    // Referenced and not copied, so that payloads stay where they are.
    const msgpack::object message =
        msgpack::unpack(zone, reinterpret_cast<const char*>(packet.data()), packet.size(), read,
                        referenced, [](auto, size_t, void*) { return true; });
    Answer answer;
    bool is_answer = false;
    for (const auto& entry : Entries(message)) {
      const std::string_view name = Name(entry);
      if (name == "t") answer.number = static_cast<uint32_t>(entry.val.via.u64);
      if (name == "e") answer.error = entry.val.via.array.ptr[0].via.u64;
      if (name == "r") ReadResults(entry.val, answer);
      is_answer = is_answer || name == "e" || name == "r";
    }
    if (!is_answer) return std::nullopt;
    return answer;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace commresolve::dht
