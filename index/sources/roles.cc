// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Roles as bits; a certificate may have several.

#include "index/sources/roles.h"

namespace commresolve::index {
namespace {

constexpr uint8_t kServer = 1;
constexpr uint8_t kServerChain = 2;
constexpr uint8_t kClient = 4;
constexpr uint8_t kClientChain = 8;

}  // namespace

void Roles::Note(const JsonRow& row, bool client) {
  const Result<CertId> leaf = ParseCertId(row.sha256.value_or(""));
  if (leaf.ok()) roles_[*leaf] |= client ? kClient : kServer;
  for (const std::string& text : row.chain) {
    const Result<CertId> id = ParseCertId(text);
    if (!id.ok() || (leaf.ok() && *id == *leaf)) continue;
    roles_[*id] |= client ? kClientChain : kServerChain;
  }
}

bool Roles::IsServer(const CertId& id) const {
  const auto at = roles_.find(id);
  return at != roles_.end() && (at->second & kServer) != 0;
}

LeftOut Roles::Reason(const CertId& id) const {
  const auto at = roles_.find(id);
  const uint8_t roles = at == roles_.end() ? 0 : at->second;
  const bool client = (roles & kClient) != 0 || (roles & kServerChain) == 0;
  return client ? LeftOut::kClient : LeftOut::kIssuer;
}

}  // namespace commresolve::index
