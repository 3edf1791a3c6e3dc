// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ECDSA signatures between OpenSSL's DER and the one encoding that records have.

#ifndef COMMRESOLVE_DHT_RECORD_ECDSA_H_
#define COMMRESOLVE_DHT_RECORD_ECDSA_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace commresolve::dht {

/// A group, as OpenSSL calls it, and the bytes of its order.
struct EcdsaGroup {
  int nid = 0;
  size_t order_bytes = 0;
};

/// r and s of a DER signature with s at most half the order, each `order_bytes` long. Empty if it
/// does not decode.
std::string FixedFromDer(const EcdsaGroup& group, std::string_view der);
/// The inverse. Empty if `fixed` has another length or s is more than half the order.
std::string DerFromFixed(const EcdsaGroup& group, std::string_view fixed);

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_RECORD_ECDSA_H_
