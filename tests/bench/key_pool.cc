// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Points by OpenSSL.

#include "tests/bench/key_pool.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>

#include <cstdlib>

#include "resolver/base/openssl_ptr.h"
#include "tests/bench/identity.h"
#include "tests/bench/random.h"

namespace commresolve::bench {
namespace {

using GroupPtr = std::unique_ptr<EC_GROUP, OpensslDeleter<EC_GROUP_free>>;
using PointPtr = std::unique_ptr<EC_POINT, OpensslDeleter<EC_POINT_free>>;
using NumberPtr = std::unique_ptr<BIGNUM, OpensslDeleter<BN_free>>;

constexpr size_t kModulusBytes = 256;

Random KeyRandom(uint64_t seed, uint64_t number) {
  return {seed, static_cast<uint64_t>(Purpose::kKey), number};
}

}  // namespace

std::string_view KeyPool::Point(uint64_t index) {
  const uint64_t point = index % kPoints;
  Block& block = blocks_.at(point / kBlockPoints);
  std::call_once(block.made, [&] { Make(point / kBlockPoints, &block); });
  return std::string_view(block.points).substr(point % kBlockPoints * kPointBytes, kPointBytes);
}

void KeyPool::Make(uint64_t number, Block* block) const {
  const GroupPtr group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  const PointPtr point(EC_POINT_new(group.get()));
  for (uint64_t i = 0; i < kBlockPoints; ++i) {
    const std::string bytes = KeyRandom(seed_, number * kBlockPoints + i).Bytes(31);
    const NumberPtr scalar(BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()), nullptr));
    std::array<unsigned char, kPointBytes> octets{};
    if (EC_POINT_mul(group.get(), point.get(), scalar.get(), nullptr, nullptr, nullptr) != 1 ||
        EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, octets.data(),
                           octets.size(), nullptr) != octets.size()) {
      std::abort();  // No scalar below 2^248 but 0 can fail.
    }
    block->points.append(reinterpret_cast<const char*>(octets.data()), octets.size());
  }
}

std::string RsaModulus(uint64_t seed, uint64_t number) {
  std::string modulus = KeyRandom(seed, ~number).Bytes(kModulusBytes);
  modulus.front() = static_cast<char>(static_cast<uint8_t>(modulus.front()) | 0x80);
  modulus.back() = static_cast<char>(static_cast<uint8_t>(modulus.back()) | 0x01);
  return modulus;
}

}  // namespace commresolve::bench
