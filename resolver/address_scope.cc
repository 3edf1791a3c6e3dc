// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tables of prefixes, the first match decides.

#include "resolver/address_scope.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace commresolve {
namespace {

struct Prefix {
  std::string_view bytes;
  unsigned bits;
  AddressScope scope;
};

using enum AddressScope;
using namespace std::string_view_literals;

constexpr Prefix kV4[] = {
    {"\x00"sv, 8, kUnspecified},
    {"\x7f"sv, 8, kLoopback},
    {"\x0a"sv, 8, kPrivate},
    {"\xac\x10"sv, 12, kPrivate},
    {"\xc0\xa8"sv, 16, kPrivate},
    {"\x64\x40"sv, 10, kShared},
    {"\xa9\xfe"sv, 16, kLinkLocal},
    {"\xc0\x00\x02"sv, 24, kDocumentation},
    {"\xc6\x33\x64"sv, 24, kDocumentation},
    {"\xcb\x00\x71"sv, 24, kDocumentation},
    {"\xc0\x00\x00"sv, 24, kReserved},  // RFC 6890
    {"\xc0\x58\x63"sv, 24, kReserved},  // 6to4 relays, RFC 7526
    {"\xc6\x12"sv, 15, kReserved},      // RFC 2544
    {"\xe0"sv, 4, kMulticast},
    {"\xf0"sv, 4, kReserved},
};

constexpr Prefix kV6[] = {
    {"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"sv, 128, kUnspecified},
    {"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1"sv, 128, kLoopback},
    {"\xfc"sv, 7, kPrivate},
    {"\xfe\xc0"sv, 10, kPrivate},
    {"\xfe\x80"sv, 10, kLinkLocal},
    {"\xff"sv, 8, kMulticast},
    {"\x20\x01\x0d\xb8"sv, 32, kDocumentation},
    {"\x3f\xff\x00"sv, 20, kDocumentation},
    {"\x20\x01\x00"sv, 23, kReserved},  // Teredo, ORCHID, benchmarks: RFC 2928
    {"\x00\x64\xff\x9b\x00\x01"sv, 48, kReserved},
};
constexpr Prefix k6to4{"\x20\x02"sv, 16, kGlobal};
constexpr Prefix kNat64{"\x00\x64\xff\x9b\0\0\0\0\0\0\0\0"sv, 96, kGlobal};
constexpr Prefix kUnicast{"\x20"sv, 3, kGlobal};

bool Covers(const Prefix& prefix, std::string_view address) {
  const size_t whole = prefix.bits / 8;
  if (address.substr(0, whole) != prefix.bytes.substr(0, whole)) return false;
  const unsigned rest = prefix.bits % 8;
  if (rest == 0) return true;
  const auto different =
      static_cast<unsigned>(static_cast<uint8_t>(address[whole] ^ prefix.bytes[whole]));
  return different >> (8 - rest) == 0;
}

template <size_t N>
AddressScope Find(const Prefix (&table)[N], std::string_view address, AddressScope otherwise) {
  const auto* found = std::find_if(std::begin(table), std::end(table),
                                   [address](const Prefix& p) { return Covers(p, address); });
  return found == std::end(table) ? otherwise : found->scope;
}

}  // namespace

const char* AddressScopeName(AddressScope scope) {
  switch (scope) {
    case kGlobal:
      return "global";
    case kUnspecified:
      return "unspecified";
    case kLoopback:
      return "loopback";
    case kPrivate:
      return "private";
    case kShared:
      return "shared";
    case kLinkLocal:
      return "link-local";
    case kMulticast:
      return "multicast";
    case kDocumentation:
      return "documentation";
    case kReserved:
      return "reserved";
  }
  return "reserved";
}

AddressScope ScopeOf(const IpAddress& address) {
  const std::string_view bytes = address.bytes();
  if (!address.is_v6()) return Find(kV4, bytes, kGlobal);
  if (Covers(k6to4, bytes)) return Find(kV4, bytes.substr(2, 4), kGlobal);
  if (Covers(kNat64, bytes)) return Find(kV4, bytes.substr(12, 4), kGlobal);
  return Find(kV6, bytes, Covers(kUnicast, bytes) ? kGlobal : kReserved);
}

}  // namespace commresolve
