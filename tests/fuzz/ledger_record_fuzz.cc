// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every decoder of the ledger on any bytes; what it takes must survive being written again.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "index/ledger/records.h"
#include "index/ledger/row_key.h"

namespace {

using namespace commresolve::index;

// Decoding, encoding and decoding again ends with the bytes of the second encoding.
template <class Decode, class Encode>
void RoundTrip(std::string_view input, Decode decode, Encode encode) {
  const auto first = decode(input);
  if (!first.ok()) return;
  const auto bytes = encode(*first);
  const auto second = decode(bytes);
  if (!second.ok() || encode(*second) != bytes) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const uint8_t kind = data[0];
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (kind % 14) {
    case 0:
      RoundTrip(input, DecodeCertificate, EncodeCertificate);
      break;
    case 1:
      RoundTrip(input, DecodeKey, EncodeKey);
      break;
    case 2:
      RoundTrip(input, DecodeSighting, EncodeSighting);
      break;
    case 3:
      RoundTrip(input, DecodeFieldViews, EncodeFields);
      break;
    case 4:
      RoundTrip(input, DecodeExtras, EncodeExtras);
      break;
    case 5:
      RoundTrip(input, DecodeFacts, EncodeFacts);
      break;
    case 6:
      RoundTrip(input, DecodeTotals, EncodeTotals);
      break;
    case 7:
      RoundTrip(input, DecodeNumber, EncodeNumber);
      break;
    case 8:
      RoundTrip(input, DecodeText, EncodeText);
      break;
    case 9:
      RoundTrip(input, DecodeProof, EncodeProof);
      break;
    case 10:
      RoundTrip(input, ReadEndpoint, EndpointBytes);
      break;
    case 11:
      RoundTrip(input, DecodeSightingKey, EncodeSightingKey);
      break;
    case 12:
      RoundTrip(input, DecodePlaceKey, EncodePlaceKey);
      break;
    default:
      RoundTrip(input, DecodeListingCertificateKey, EncodeListingCertificateKey);
      break;
  }
  return 0;
}
