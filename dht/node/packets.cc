// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Written as OpenDHT 2.4 writes them, key by key.

#include "dht/node/packets.h"

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

}  // namespace commresolve::dht
