// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Facts of a certificate as cells of a table. Not printable yet.

#ifndef COMMRESOLVE_CLI_FACTS_TEXT_H_
#define COMMRESOLVE_CLI_FACTS_TEXT_H_

#include <string>

#include "resolver/candidate.h"

namespace commresolve::cli {

/// The first name and how many more there are: "a.example +2"; "-" if there is none.
std::string NamesText(const CertificateFacts& facts);
/// Its organisation, else its name, else "-".
std::string IssuerText(const CertificateFacts& facts);

}  // namespace commresolve::cli

#endif  // COMMRESOLVE_CLI_FACTS_TEXT_H_
