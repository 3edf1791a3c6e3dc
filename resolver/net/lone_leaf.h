// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What checking the chain of a certificate that comes alone must end in, told without checking it.

#ifndef COMMRESOLVE_RESOLVER_NET_LONE_LEAF_H_
#define COMMRESOLVE_RESOLVER_NET_LONE_LEAF_H_

#include <optional>
#include <string_view>

namespace commresolve {

struct LoneLeaf {
  std::string_view issuer;  ///< Name as encoded; points into the certificate.
  /// The X509_V_ERR_* with which verification ends if no root bears the name `issuer`.
  int error = 0;
};

/// Reads a certificate whose verification cannot end in another way: everything that OpenSSL looks
/// at before it looks for the issuer is plain and sound. Empty for all others, which take a real
/// check. A point that is not on its curve passes for a key, and OpenSSL would give that as the
/// reason. Pure.
std::optional<LoneLeaf> ReadLoneLeaf(std::string_view der);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_NET_LONE_LEAF_H_
