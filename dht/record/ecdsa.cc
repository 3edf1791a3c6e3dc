// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Big numbers of OpenSSL behind ecdsa.h.

#include "dht/record/ecdsa.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>

#include <cstdint>
#include <memory>

#include "resolver/base/openssl_ptr.h"

namespace commresolve::dht {
namespace {

using BignumPtr = std::unique_ptr<BIGNUM, OpensslDeleter<BN_free>>;
using GroupPtr = std::unique_ptr<EC_GROUP, OpensslDeleter<EC_GROUP_free>>;
using EcdsaSigPtr = std::unique_ptr<ECDSA_SIG, OpensslDeleter<ECDSA_SIG_free>>;

const uint8_t* Bytes(std::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

/// The order of the group and half of it; nulls if OpenSSL fails.
struct Order {
  explicit Order(int nid) : group(EC_GROUP_new_by_curve_name(nid)) {
    if (group == nullptr) return;
    whole = EC_GROUP_get0_order(group.get());
    half.reset(BN_new());
    if (half == nullptr || BN_rshift1(half.get(), whole) != 1) half.reset();
  }
  [[nodiscard]] bool IsHigh(const BIGNUM* s) const { return BN_cmp(s, half.get()) > 0; }

  GroupPtr group;
  const BIGNUM* whole = nullptr;
  BignumPtr half;
};

}  // namespace

std::string FixedFromDer(const EcdsaGroup& group, std::string_view der) {
  const Order order(group.nid);
  const uint8_t* at = Bytes(der);
  const EcdsaSigPtr signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  if (order.half == nullptr || signature == nullptr) return {};
  const BIGNUM* s = ECDSA_SIG_get0_s(signature.get());
  const BignumPtr low(BN_dup(s));
  if (low == nullptr) return {};
  if (order.IsHigh(s) && BN_sub(low.get(), order.whole, s) != 1) return {};
  std::string fixed(2 * group.order_bytes, '\0');
  auto* out = reinterpret_cast<uint8_t*>(fixed.data());
  const int length = static_cast<int>(group.order_bytes);
  if (BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), out, length) != length ||
      BN_bn2binpad(low.get(), out + length, length) != length) {
    return {};
  }
  return fixed;
}

std::string DerFromFixed(const EcdsaGroup& group, std::string_view fixed) {
  const Order order(group.nid);
  if (order.half == nullptr || fixed.size() != 2 * group.order_bytes) return {};
  const int length = static_cast<int>(group.order_bytes);
  BignumPtr r(BN_bin2bn(Bytes(fixed), length, nullptr));
  BignumPtr s(BN_bin2bn(Bytes(fixed) + length, length, nullptr));
  const EcdsaSigPtr signature(ECDSA_SIG_new());
  if (r == nullptr || s == nullptr || signature == nullptr || order.IsHigh(s.get())) return {};
  // It takes both, and fails only for nulls.
  if (ECDSA_SIG_set0(signature.get(), r.release(), s.release()) != 1) return {};
  uint8_t* der = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &der);
  if (size <= 0) return {};
  std::string result(reinterpret_cast<char*>(der), static_cast<size_t>(size));
  OPENSSL_free(der);
  return result;
}

}  // namespace commresolve::dht
