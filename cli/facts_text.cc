// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One cell each.

#include "cli/facts_text.h"

namespace commresolve::cli {

std::string NamesText(const CertificateFacts& facts) {
  if (facts.names.empty()) return facts.common_names.empty() ? "-" : facts.common_names.front();
  const size_t more = facts.names.size() - 1;
  return facts.names.front() + (more == 0 ? "" : " +" + std::to_string(more));
}

std::string IssuerText(const CertificateFacts& facts) {
  const std::string& issuer =
      facts.issuer_organization.empty() ? facts.issuer_common_name : facts.issuer_organization;
  return issuer.empty() ? "-" : issuer;
}

}  // namespace commresolve::cli
