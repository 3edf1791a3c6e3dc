// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Roles: what the rows of a folder say about the certificates that stand beside them.

#ifndef COMMRESOLVE_INDEX_SOURCES_ROLES_H_
#define COMMRESOLVE_INDEX_SOURCES_ROLES_H_

#include <cstdint>
#include <unordered_map>

#include "index/sources/json_row.h"
#include "index/sources/reader.h"
#include "resolver/base/digest.h"

namespace commresolve::index {

class Roles {
 public:
  /// Notes the leaf and the chain of an observation. Ids that cannot be read are passed over.
  void Note(const JsonRow& row, bool client);
  [[nodiscard]] bool Has(const CertId& id) const { return roles_.contains(id); }
  /// True if a row says that a server showed it as its own.
  [[nodiscard]] bool IsServer(const CertId& id) const;
  /// Why a certificate that Has() and is no server's is not listed.
  [[nodiscard]] LeftOut Reason(const CertId& id) const;

 private:
  std::unordered_map<CertId, uint8_t> roles_;
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SOURCES_ROLES_H_
