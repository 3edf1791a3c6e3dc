// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// MergeParts: the rows that several indexes gave for one query as one result.

#ifndef COMMRESOLVE_GRPC_ENGINE_MERGE_PARTS_H_
#define COMMRESOLVE_GRPC_ENGINE_MERGE_PARTS_H_

#include <vector>

#include "grpc/engine/orders.h"

namespace commresolve::daemon {

/// The rows `offset` to `offset + limit` of all `parts`, each of which holds its first rows, best
/// first; the own index is parts[0].
///
/// - If a part found the query as typed, those that had to ease it are left out; else those that
///   eased it most, or into another query than the first of the rest.
/// - Rows stand by score, of equals those of the earlier part first; a part's own order is kept.
/// - A row that shares a key with one of parts[0] is left out, and so is one that shares a key with
///   a row of an earlier part of the same names.
/// - Estimated totals add up, unless all rows are there to be counted.
///
/// Pure.
RankedRows MergeParts(std::vector<RankedRows> parts, size_t offset, size_t limit);

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_ENGINE_MERGE_PARTS_H_
