// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A beginning of 31 bits, and the second of the period in which the content changed.

#include "dht/publish/pseudonym_sequence.h"

#include <openssl/hmac.h>

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>

#include "dht/record/pseudonym.h"
#include "resolver/base/byte_codec.h"
#include "resolver/base/openssl_ptr.h"

namespace commresolve::dht {
namespace {

constexpr std::string_view kContext = "commresolve dht sequence v1";

}  // namespace

Result<uint32_t> PseudonymSequence(const std::array<uint8_t, 32>& secret, const Stream& stream,
                                   uint32_t sequence, UnixTime now) {
  const int64_t period = now / kPseudonymPeriod;
  ByteWriter writer;
  writer.Raw(kContext);
  writer.Byte(0);
  writer.Fixed64(static_cast<uint64_t>(period));
  writer.Fixed16(static_cast<uint16_t>(stream.type));
  writer.Raw(stream.id.view());
  const std::string input = writer.Take();
  std::array<uint8_t, EVP_MAX_MD_SIZE> hash{};
  const uint8_t* made =
      HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
           reinterpret_cast<const uint8_t*>(input.data()), input.size(), hash.data(), nullptr);
  if (made == nullptr) return Error{Code::kInternal, "HMAC: " + TakeOpensslError()};
  ByteReader reader({reinterpret_cast<const char*>(hash.data()), sizeof(uint32_t)});
  const uint32_t begin = reader.Fixed32() >> 1;
  const int64_t since = int64_t{sequence} - period * kPseudonymPeriod;
  if (since < 0) return begin;
  // The seconds of a period and a clock that was ahead: far less than the bit that is left.
  constexpr int64_t kMost = std::numeric_limits<int32_t>::max();
  return begin + static_cast<uint32_t>(std::min(since + 1, kMost));
}

}  // namespace commresolve::dht
