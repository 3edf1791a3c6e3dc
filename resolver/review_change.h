// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ReviewChange: gathers what is known about a key that answered instead of a bound one, and asks
// the key-change table.

#ifndef COMMRESOLVE_RESOLVER_REVIEW_CHANGE_H_
#define COMMRESOLVE_RESOLVER_REVIEW_CHANGE_H_

#include "resolver/session.h"

namespace commresolve {

/// `shown` are the facts of the certificate that the other key came with. Without a binding (a name
/// that is the key itself) nothing but that key can match. Pure but for reading `session`.
KeyChangeOutcome ReviewChange(const Session& session, const Identity& identity,
                              const CertificateFacts& shown);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_REVIEW_CHANGE_H_
