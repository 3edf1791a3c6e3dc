// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A row that an index server sent, cut down to what it is: a claim of somebody else.

#ifndef COMMRESOLVE_GRPC_ENGINE_CLAIM_H_
#define COMMRESOLVE_GRPC_ENGINE_CLAIM_H_

#include <string>

#include "index/finder.h"

namespace commresolve::daemon {

/// Takes from `row` what only this machine can know: proofs, a public chain, and sources, instead
/// of which stands "index-server". Cuts texts after 1,024 bytes, lists after the lengths that
/// index::SearchRow names and names after 1,000, and numbers to what may be. `index_server` becomes
/// its origin. Pure.
void MakeClaim(const std::string& index_server, index::SearchRow& row);

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_ENGINE_CLAIM_H_
