// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A strict reading of OpenDHT's messages: every key of every map is known, and stands there once.

#include "dht/node/firewall.h"

#include <algorithm>
#include <exception>
#include <initializer_list>
#include <msgpack.hpp>
#include <string_view>

namespace commresolve::dht {
namespace {

using msgpack::object;
using msgpack::type::object_type;

constexpr size_t kIdSize = 20;
constexpr size_t kTokenSize = 32;
constexpr size_t kPeer4 = kIdSize + 4 + 2;
constexpr size_t kPeer6 = kIdSize + 16 + 2;
constexpr size_t kMostPeers = 32;
// What fields of values a request may ask for and compare: the value id and the type. OpenDHT
// throws on its own thread for some of the others.
constexpr uint64_t kFieldId = 1;
constexpr uint64_t kFieldType = 2;

/// A map all of whose keys are text, or nothing.
class Fields {
 public:
  /// Holds nothing if `value` is no map, a key is not in `known`, or one stands there twice.
  Fields(const object& value, std::initializer_list<std::string_view> known) {
    if (value.type != object_type::MAP || value.via.map.size > known.size()) return;
    const std::span map(value.via.map.ptr, value.via.map.size);
    for (size_t i = 0; i < map.size(); ++i) {
      if (map[i].key.type != object_type::STR) return;
      const std::string_view key = Text(map[i].key);
      if (std::ranges::find(known, key) == known.end()) return;
      for (size_t j = 0; j < i; ++j) {
        if (Text(map[j].key) == key) return;
      }
    }
    valid_ = true;
    map_ = map;
  }

  [[nodiscard]] bool valid() const { return valid_; }
  [[nodiscard]] size_t size() const { return map_.size(); }
  [[nodiscard]] const object* Find(std::string_view key) const {
    for (const auto& entry : map_) {
      if (Text(entry.key) == key) return &entry.val;
    }
    return nullptr;
  }

  static std::string_view Text(const object& value) {
    return {value.via.str.ptr, value.via.str.size};
  }

 private:
  bool valid_ = false;
  std::span<const msgpack::object_kv> map_;
};

bool IsUint(const object* value, uint64_t most) {
  return value != nullptr && value->type == object_type::POSITIVE_INTEGER && value->via.u64 <= most;
}
bool IsText(const object* value, size_t most) {
  return value != nullptr && value->type == object_type::STR && value->via.str.size <= most;
}
bool IsBytes(const object* value, size_t size) {
  return value != nullptr && value->type == object_type::BIN && value->via.bin.size == size;
}
bool IsPeers(const object* value, size_t each) {
  return value->type == object_type::BIN && value->via.bin.size % each == 0 &&
         value->via.bin.size / each <= kMostPeers;
}
bool IsField(const object* value) {
  return IsUint(value, kFieldType) && value->via.u64 >= kFieldId;
}

/// True if `value` is absent, or `holds`.
template <class Predicate>
bool Optional(const object* value, Predicate holds) {
  return value == nullptr || holds(*value);
}

template <class Predicate>
bool IsArray(const object& value, size_t most, Predicate holds) {
  if (value.type != object_type::ARRAY || value.via.array.size > most) return false;
  return std::all_of(value.via.array.ptr, value.via.array.ptr + value.via.array.size, holds);
}

bool IsId(const object* value) { return IsBytes(value, kIdSize); }
bool IsValueId(const object* value) { return IsUint(value, UINT64_MAX) && value->via.u64 != 0; }

bool IsFamilies(const object& value) {
  return IsArray(value, 2, [](const object& family) { return IsUint(&family, UINT8_MAX); });
}

/// {s: [field...], w: [{f: field, v: number}...]}, both optional.
bool IsQuery(const object& value) {
  const Fields query(value, {"s", "w"});
  const auto compares = [](const object& where) {
    const Fields fields(where, {"f", "v"});
    return fields.valid() && IsField(fields.Find("f")) && IsUint(fields.Find("v"), UINT64_MAX);
  };
  return query.valid() &&
         Optional(query.Find("s"),
                  [](const object& list) {
                    return IsArray(list, 2, [](const object& f) { return IsField(&f); });
                  }) &&
         Optional(query.Find("w"), [&](const object& list) { return IsArray(list, 4, compares); });
}

/// {f: [field...], v: [number...]}: as many numbers as fields for each value. OpenDHT divides by
/// the number of fields.
bool IsIndex(const object& value) {
  const Fields index(value, {"f", "v"});
  if (!index.valid() || index.size() != 2) return false;
  const object& fields = *index.Find("f");
  const object& numbers = *index.Find("v");
  if (!IsArray(fields, 2, [](const object& f) { return IsField(&f); })) return false;
  const size_t width = fields.via.array.size;
  // A set in OpenDHT: the same field twice would count once there.
  const bool distinct = width == 1 || (width == 2 && fields.via.array.ptr[0].via.u64 !=
                                                         fields.via.array.ptr[1].via.u64);
  return distinct &&
         IsArray(numbers, kMaxNamedValues * width,
                 [](const object& number) { return IsUint(&number, UINT64_MAX); }) &&
         numbers.via.array.size % width == 0;
}

/// {id, dat: {body: {type, data}}} and nothing else: no owner, signature, recipient or cipher.
bool IsValue(const object& value, std::span<const uint16_t> types) {
  const Fields outer(value, {"id", "dat"});
  if (!outer.valid() || outer.size() != 2 || !IsValueId(outer.Find("id"))) return false;
  const Fields dat(*outer.Find("dat"), {"body"});
  if (!dat.valid() || dat.size() != 1) return false;
  const Fields body(*dat.Find("body"), {"type", "data"});
  if (!body.valid() || body.size() != 2 || !IsUint(body.Find("type"), UINT16_MAX)) return false;
  const auto type = static_cast<uint16_t>(body.Find("type")->via.u64);
  const object& data = *body.Find("data");
  return std::ranges::find(types, type) != types.end() && data.type == object_type::BIN &&
         data.via.bin.size >= 1 && data.via.bin.size <= kMaxRecordBytes;
}

Drop Values(const object& values, std::span<const uint16_t> types) {
  const auto holds = [&](const object& value) { return IsValue(value, types); };
  return IsArray(values, kMaxNamedValues, holds) ? Drop::kNone : Drop::kValue;
}

Drop Shape(bool good) { return good ? Drop::kNone : Drop::kMalformed; }

bool IsToken(const object* value) { return IsBytes(value, kTokenSize); }

Drop Request(std::string_view kind, const object& arguments, std::span<const uint16_t> types) {
  if (kind == "ping") {
    const Fields a(arguments, {"id"});
    return Shape(a.valid() && IsId(a.Find("id")));
  }
  if (kind == "find") {
    const Fields a(arguments, {"id", "target", "w"});
    return Shape(a.valid() && IsId(a.Find("id")) && IsId(a.Find("target")) &&
                 Optional(a.Find("w"), IsFamilies));
  }
  if (kind == "get") {
    const Fields a(arguments, {"id", "h", "q", "w"});
    return Shape(a.valid() && IsId(a.Find("id")) && IsId(a.Find("h")) &&
                 Optional(a.Find("q"), IsQuery) && Optional(a.Find("w"), IsFamilies));
  }
  if (kind == "put") {
    const Fields a(arguments, {"id", "h", "values", "token", "c"});
    constexpr uint64_t kYear9999 = 253402300799;
    const bool good = a.valid() && IsId(a.Find("id")) && IsId(a.Find("h")) &&
                      IsToken(a.Find("token")) &&
                      Optional(a.Find("c"), [](const object& c) { return IsUint(&c, kYear9999); });
    const object* values = a.Find("values");
    if (!good || values == nullptr || values->type != object_type::ARRAY ||
        values->via.array.size == 0) {
      return Drop::kMalformed;
    }
    return Values(*values, types);
  }
  if (kind == "refresh") {
    const Fields a(arguments, {"id", "h", "vid", "token"});
    return Shape(a.valid() && IsId(a.Find("id")) && IsId(a.Find("h")) && IsValueId(a.Find("vid")) &&
                 IsToken(a.Find("token")));
  }
  return Drop::kUnspoken;
}

Drop Reply(const object& value, std::span<const uint16_t> types, uint64_t* stored) {
  // OpenDHT 2.4 spells the last one so.
  const Fields r(value, {"id", "sa", "n4", "n6", "token", "vid", "values", "fileds"});
  const auto address = [](const object& sa) { return IsBytes(&sa, 4) || IsBytes(&sa, 16); };
  const bool good = r.valid() && IsId(r.Find("id")) && Optional(r.Find("sa"), address) &&
                    Optional(r.Find("n4"), [](const object& n) { return IsPeers(&n, kPeer4); }) &&
                    Optional(r.Find("n6"), [](const object& n) { return IsPeers(&n, kPeer6); }) &&
                    Optional(r.Find("token"), [](const object& t) { return IsToken(&t); }) &&
                    Optional(r.Find("vid"), [](const object& v) { return IsValueId(&v); }) &&
                    Optional(r.Find("fileds"), IsIndex);
  if (!good) return Drop::kMalformed;
  if (const object* vid = r.Find("vid")) *stored = vid->via.u64;
  const object* values = r.Find("values");
  return values == nullptr ? Drop::kNone : Values(*values, types);
}

/// [code, text], with {id} of who says it.
Drop Fault(const object& error, const object* who) {
  if (error.type != object_type::ARRAY || error.via.array.size < 1 || error.via.array.size > 2 ||
      !IsUint(&error.via.array.ptr[0], UINT16_MAX)) {
    return Drop::kMalformed;
  }
  if (error.via.array.size == 2 && !IsText(&error.via.array.ptr[1], 256)) return Drop::kMalformed;
  return Shape(Optional(who, [](const object& r) {
    const Fields fields(r, {"id"});
    return fields.valid() &&
           Optional(fields.Find("id"), [](const object& id) { return IsId(&id); });
  }));
}

/// The id in the arguments or results of a message whose shape is right.
DhtKey Sender(const object& fields) {
  DhtKey sender{};
  for (const auto& field : std::span(fields.via.map.ptr, fields.via.map.size)) {
    if (Fields::Text(field.key) == "id")
      std::copy_n(field.val.via.bin.ptr, kIdSize, sender.begin());
  }
  return sender;
}

PacketFacts Message(const object& message, uint32_t network, std::span<const uint16_t> types) {
  PacketFacts facts;
  const Fields top(message, {"a", "r", "e", "q", "t", "y", "v", "n", "s", "u", "p"});
  if (!top.valid()) return facts;
  if (!IsUint(top.Find("t"), UINT32_MAX) ||
      !Optional(top.Find("n"), [](const object& n) { return IsUint(&n, UINT32_MAX); }) ||
      !IsText(top.Find("y"), 1) ||
      !Optional(top.Find("v"), [](const object& v) { return IsText(&v, 16); }) ||
      !Optional(top.Find("s"), [](const object& s) { return s.type == object_type::BOOLEAN; })) {
    return facts;
  }
  const object* number = top.Find("n");
  const auto theirs = number == nullptr ? 0 : number->via.u64;
  const std::string_view kind = Fields::Text(*top.Find("y"));
  const object* a = top.Find("a");
  const object* r = top.Find("r");
  const object* e = top.Find("e");
  const object* client = top.Find("s");
  facts.client = client != nullptr && client->via.boolean;
  if (theirs != network) {
    facts.drop = Drop::kForeign;
  } else if (top.Find("u") != nullptr || top.Find("p") != nullptr) {
    facts.drop = Drop::kUnspoken;
  } else if (a != nullptr && r == nullptr && e == nullptr && kind == "q" &&
             IsText(top.Find("q"), 16)) {
    facts.request = true;
    facts.drop = Request(Fields::Text(*top.Find("q")), *a, types);
  } else if (e != nullptr && a == nullptr && kind == "e" && top.Find("q") == nullptr) {
    facts.drop = Fault(*e, r);
  } else if (r != nullptr && e == nullptr && a == nullptr && kind == "r" &&
             top.Find("q") == nullptr) {
    facts.drop = Reply(*r, types, &facts.stored);
  }
  const object* said_by = a != nullptr ? a : r;
  if (facts.drop == Drop::kNone && said_by != nullptr) facts.sender = Sender(*said_by);
  return facts;
}

}  // namespace

const char* DropName(Drop drop) {
  switch (drop) {
    case Drop::kNone:
      return "none";
    case Drop::kMalformed:
      return "malformed";
    case Drop::kForeign:
      return "foreign";
    case Drop::kUnspoken:
      return "unspoken";
    case Drop::kValue:
      return "value";
    case Drop::kRate:
      return "rate";
    case Drop::kIds:
      return "ids";
  }
  return "unknown";
}

PacketFacts Firewall::Check(std::span<const uint8_t> packet) const {
  if (packet.empty() || packet.size() > kMaxPacket) return {};
  // Most of an array, a map, a text, bytes, an extension, and of depth.
  const msgpack::unpack_limit limit(2 * kMaxNamedValues, 16, 256, 2048, 0, 8);
  try {
    msgpack::zone zone;
    size_t read = 0;
    bool referenced = false;
    const object message = msgpack::unpack(
        zone, reinterpret_cast<const char*>(packet.data()), packet.size(), read, referenced,
        [](object_type, size_t, void*) { return true; }, nullptr, limit);
    if (read != packet.size()) return {};
    return Message(message, network_, types_);
  } catch (const std::exception&) {
    return {};
  }
}

}  // namespace commresolve::dht
