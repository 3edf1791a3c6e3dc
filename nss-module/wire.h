// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What the daemon writes and the NSS module reads: the snapshot of names and the socket's
// datagrams.
//
// The byte tables stand in docs/formats/snapshot.md and docs/formats/nss-wire.md. Numbers are in
// the byte order of the machine, which neither leaves. Nothing here allocates, throws or keeps
// state.

#ifndef COMMRESOLVE_NSS_MODULE_WIRE_H_
#define COMMRESOLVE_NSS_MODULE_WIRE_H_

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace commresolve::nss {

inline constexpr char kOwnSuffix[] = "cert.alt";
inline constexpr char kSystemFolder[] = "/run/commresolve";
inline constexpr char kUserFolder[] = "commresolve";  ///< In $XDG_RUNTIME_DIR.
inline constexpr char kSnapshotFile[] = "hosts.snap";
inline constexpr char kSocketFile[] = "nss.sock";

inline constexpr size_t kMostName = 253;
inline constexpr size_t kMostLabel = 63;
inline constexpr size_t kMostAddresses = 16;  ///< Of each family.
inline constexpr size_t kMostProbes = 32;
inline constexpr size_t kMostRecord = 1024;
inline constexpr int64_t kMostClockSlack = 5;  ///< Seconds by which a clock may have gone back.

/// Policy bit: a name under our suffix that the snapshot lacks may be asked for at the socket.
/// Without it the snapshot holds every name there is.
inline constexpr uint32_t kPolicySocket = 1;

struct SipKey {
  uint64_t k0, k1;
};

/// The head of a snapshot. The name table follows it, then the address table, then the records.
struct Header {
  char magic[8];  ///< kMagic.
  uint32_t header_size;
  uint32_t policy;
  uint64_t file_size;
  uint64_t generation;
  int64_t created;
  int64_t not_after;                   ///< From this second on, the file is as good as none.
  SipKey seed;                         ///< Random for each file: the names are chosen by strangers.
  uint32_t name_slots, address_slots;  ///< Each table is kMostProbes slots longer.
  uint32_t names;
  uint32_t reserved[11];
  uint64_t sum;  ///< SipHash of all before.
};
inline constexpr char kMagic[8] = {'C', 'R', 'S', 'N', 'A', 'P', '0', '1'};
inline constexpr uint32_t kMostSlots = 1U << 28;

/// One table entry. It stands in its home slot or in one of the next kMostProbes - 1, with no empty
/// one between.
struct Slot {
  uint32_t tag;   ///< The lower half of the key's hash; the upper half tells its home.
  uint32_t unit;  ///< The record's offset divided by 8; 0 for an empty slot.
};

/// The head of a record. The IPv4 addresses follow it, then the IPv6 addresses, then the name and
/// the canonical name (which may be empty), each with its NUL. A record starts at a multiple of 8.
struct RecordHead {
  uint32_t sum;   ///< SipHash of all after, lower half.
  uint16_t size;  ///< Head included.
  uint8_t v4_count, v6_count;
  int64_t proved_until;  ///< From this second on, the record must not be served.
  uint8_t name_size, canonical_size, kind, reserved[5];
};

/// One SEQPACKET datagram each way, then the daemon closes.
struct Request {
  uint16_t size;  ///< Name included.
  uint8_t version, operation;
  uint16_t budget_ms;  ///< After which nobody listens any more.
  uint8_t name_size, reserved;
  uint64_t id;
};  // The normalised name follows, without NUL.
struct Reply {
  uint16_t size;  ///< Record included.
  uint8_t version, status;
  uint32_t reserved;
  uint64_t id;  ///< The request's.
};  // The record follows if the status is kFound; its sum is keyed with {id, 0}.
inline constexpr uint8_t kVersion = 1;
inline constexpr uint8_t kResolveName = 1;
enum class ReplyStatus : uint8_t { kFound = 0, kNoSuchName = 1, kNoAddress = 2, kTryAgain = 3 };

static_assert(sizeof(Header) == 128 && offsetof(Header, sum) == 120 && sizeof(Slot) == 8);
static_assert(sizeof(RecordHead) == 24 && sizeof(Request) == 16 && sizeof(Reply) == 16);

/// SipHash-1-3.
inline uint64_t SipHash(const SipKey& key, const void* data, size_t size) {
  uint64_t v0 = key.k0 ^ 0x736f6d6570736575, v1 = key.k1 ^ 0x646f72616e646f6d;
  uint64_t v2 = key.k0 ^ 0x6c7967656e657261, v3 = key.k1 ^ 0x7465646279746573;
  const auto turn = [](uint64_t x, int by) { return x << by | x >> (64 - by); };
  const auto round = [&] {
    v0 += v1, v1 = turn(v1, 13) ^ v0, v0 = turn(v0, 32);
    v2 += v3, v3 = turn(v3, 16) ^ v2;
    v0 += v3, v3 = turn(v3, 21) ^ v0;
    v2 += v1, v1 = turn(v1, 17) ^ v2, v2 = turn(v2, 32);
  };
  const auto absorb = [&](uint64_t word) {
    v3 ^= word;
    round();
    v0 ^= word;
  };
  const auto* bytes = static_cast<const uint8_t*>(data);
  uint64_t word = 0;
  for (size_t left = size; left >= 8; left -= 8, bytes += 8) {
    memcpy(&word, bytes, 8);
    absorb(word);
  }
  word = 0;
  memcpy(&word, bytes, size % 8);
  absorb(word | uint64_t{size} << 56);
  v2 ^= 0xff;
  for (int i = 0; i < 3; ++i) round();
  return v0 ^ v1 ^ v2 ^ v3;
}

/// Writes `name` to `out` (kMostName + 1 bytes) in lower case, without one final dot, with a NUL.
/// Returns its length, or 0 if it is not a host name: letters, digits, '-' (not at the end of a
/// label) and '_', labels of 1 to 63 bytes, 253 bytes in all.
inline size_t NormaliseName(const char* name, size_t size, char* out) {
  if (size > 0 && name[size - 1] == '.') --size;
  if (size == 0 || size > kMostName) return 0;
  for (size_t i = 0, label = 0; i < size; ++i) {
    const bool upper = name[i] >= 'A' && name[i] <= 'Z';
    const char c = upper ? static_cast<char>(name[i] | 0x20) : name[i];
    const bool last = i + 1 == size || name[i + 1] == '.';
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    if (c == '.' ? label == 0 || i + 1 == size : !plain && (c != '-' || label == 0 || last))
      return 0;
    label = c == '.' ? 0 : label + 1;
    if (label > kMostLabel) return 0;
    out[i] = c;
  }
  out[size] = '\0';
  return size;
}

/// True if `name` is `tail` or ends in a dot and `tail`, whatever the case.
template <size_t N>
bool EndsIn(const char* name, size_t size, const char (&tail)[N]) {
  if (size < N - 1 || (size > N - 1 && name[size - N] != '.')) return false;
  for (size_t i = 0; i < N - 1; ++i) {
    const char c = name[size - (N - 1) + i];
    if ((c >= 'A' && c <= 'Z' ? c | 0x20 : c) != tail[i]) return false;
  }
  return true;
}

/// True for our suffix and all below it, even if it is no well-formed name: DNS must not see it.
inline bool IsOwnName(const char* name, size_t size) {
  while (size > 0 && name[size - 1] == '.') --size;
  return EndsIn(name, size, kOwnSuffix);
}

/// True for a normalised name that nobody may bind: it means this machine or its network.
inline bool IsReservedName(const char* name, size_t size) {
  const auto first_label_is = [=](const char* label, size_t length) {
    return size >= length && memcmp(name, label, length) == 0 &&
           (size == length || name[length] == '.');
  };
  return EndsIn(name, size, "localhost") || EndsIn(name, size, "local") ||
         EndsIn(name, size, "onion") || first_label_is("wpad", 4) || first_label_is("isatap", 6) ||
         first_label_is("_gateway", 8) || first_label_is("_outbound", 9);
}

/// A record taken apart; its pointers lead into the bytes that it was read from.
struct Record {
  RecordHead head;
  const uint8_t *v4, *v6;
  const char *name, *canonical;
};

inline bool ReadRecord(const uint8_t* bytes, size_t available, const SipKey& key, Record* record) {
  RecordHead& head = record->head;
  if (available < sizeof head) return false;
  memcpy(&head, bytes, sizeof head);
  const size_t addresses = size_t{4} * head.v4_count + size_t{16} * head.v6_count;
  const size_t size = sizeof head + addresses + head.name_size + head.canonical_size + 2;
  if (head.size != size || size > available || size > kMostRecord) return false;
  if (head.v4_count > kMostAddresses || head.v6_count > kMostAddresses) return false;
  if (head.sum != static_cast<uint32_t>(SipHash(key, bytes + 4, size - 4))) return false;
  record->v4 = bytes + sizeof head;
  record->v6 = record->v4 + size_t{4} * head.v4_count;
  record->name = reinterpret_cast<const char*>(record->v4 + addresses);
  record->canonical = record->name + head.name_size + 1;
  const auto sound = [](const char* name, size_t length) {
    char normal[kMostName + 1];
    return NormaliseName(name, length, normal) == length && memcmp(name, normal, length + 1) == 0;
  };
  return sound(record->name, head.name_size) &&
         (head.canonical_size == 0 ? *record->canonical == '\0'
                                   : sound(record->canonical, head.canonical_size));
}

/// What a table is asked for: a normalised name, or the 4 or 16 bytes of an address.
struct Key {
  const void* bytes;
  size_t size;
  bool is_address;
};

inline bool Carries(const Record& record, const Key& key) {
  if (!key.is_address) {
    return record.head.name_size == key.size && memcmp(record.name, key.bytes, key.size) == 0;
  }
  const uint8_t* address = key.size == 4 ? record.v4 : record.v6;
  const int count = key.size == 4 ? record.head.v4_count : record.head.v6_count;
  for (int i = 0; i < count; ++i, address += key.size) {
    if (memcmp(address, key.bytes, key.size) == 0) return true;
  }
  return false;
}

inline bool IsSound(const Header& header) {
  const auto slots_ok = [](uint32_t n) { return n > 0 && n <= kMostSlots; };
  return memcmp(header.magic, kMagic, sizeof kMagic) == 0 && header.header_size == sizeof header &&
         header.sum == SipHash(header.seed, &header, offsetof(Header, sum)) &&
         slots_ok(header.name_slots) && slots_ok(header.address_slots);
}

/// Neither over nor still to come. One from the future was written before the clock was set back:
/// nobody knows how old its proofs are.
inline bool IsOfNow(const Header& header, int64_t now) {
  return now < header.not_after && now + kMostClockSlack >= header.created;
}

/// Grows with `hash`, from 0 to `slots` - 1.
inline uint64_t HomeSlot(uint64_t hash, uint32_t slots) { return (hash >> 32) * slots >> 32; }

enum class Find : uint8_t { kFound, kMissing, kExpired, kBroken };

/// Looks `key` up in a snapshot whose sound head is `header`. `read(offset, to, size)` copies up to
/// `size` bytes and returns how many; `bytes` holds the record that `*record` then leads into.
template <class Read>
Find FindRecord(const Read& read, const Header& header, const Key& key, int64_t now,
                uint8_t (&bytes)[kMostRecord], Record* record) {
  const uint32_t slots = key.is_address ? header.address_slots : header.name_slots;
  const uint64_t names_end =
      sizeof header + (uint64_t{header.name_slots} + kMostProbes) * sizeof(Slot);
  const uint64_t table = key.is_address ? names_end : sizeof header;
  const uint64_t hash = SipHash(header.seed, key.bytes, key.size);
  Slot window[kMostProbes];
  if (read(table + HomeSlot(hash, slots) * sizeof(Slot), window, sizeof window) != sizeof window) {
    return Find::kBroken;
  }
  for (const Slot& slot : window) {
    if (slot.unit == 0) return Find::kMissing;
    if (slot.tag != static_cast<uint32_t>(hash)) continue;
    const uint64_t offset = uint64_t{slot.unit} * 8;
    if (offset < names_end || offset >= header.file_size) return Find::kBroken;
    if (!ReadRecord(bytes, read(offset, bytes, sizeof bytes), header.seed, record)) {
      return Find::kBroken;
    }
    if (Carries(*record, key)) {
      return now < record->head.proved_until ? Find::kFound : Find::kExpired;
    }
  }
  return Find::kMissing;
}

/// What a reply of `size` bytes to the request `id` for `key` says at `now`. Whatever is not as it
/// should be says kTryAgain.
inline ReplyStatus ReadReply(const uint8_t* bytes, size_t size, uint64_t id, const Key& key,
                             int64_t now, Record* record) {
  Reply reply;
  if (size < sizeof reply) return ReplyStatus::kTryAgain;
  memcpy(&reply, bytes, sizeof reply);
  const bool found = reply.status == static_cast<uint8_t>(ReplyStatus::kFound);
  if (reply.size != size || reply.version != kVersion || reply.id != id ||
      reply.status > static_cast<uint8_t>(ReplyStatus::kTryAgain) ||
      (!found && size != sizeof reply)) {
    return ReplyStatus::kTryAgain;
  }
  const size_t rest = size - sizeof reply;
  if (found &&
      (!ReadRecord(bytes + sizeof reply, rest, {id, 0}, record) || record->head.size != rest ||
       !Carries(*record, key) || now >= record->head.proved_until)) {
    return ReplyStatus::kTryAgain;
  }
  return static_cast<ReplyStatus>(reply.status);
}

}  // namespace commresolve::nss

#endif  // COMMRESOLVE_NSS_MODULE_WIRE_H_
