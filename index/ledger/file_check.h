// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A look at an LMDB data file before LMDB maps it: LMDB trusts its head and crashes on a bad one.

#ifndef COMMRESOLVE_INDEX_LEDGER_FILE_CHECK_H_
#define COMMRESOLVE_INDEX_LEDGER_FILE_CHECK_H_

#include <string>

#include "resolver/base/result.h"

namespace commresolve::index {

/// kCorrupt if `path` exists, is not empty, and is no LMDB file of this machine's word size, has a
/// senseless page size, or is shorter than its newest state says. kUnavailable if it cannot be
/// read. A missing or empty file is fine.
Status CheckDataFile(const std::string& path);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_LEDGER_FILE_CHECK_H_
