// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A look at an LMDB data file before LMDB maps it: LMDB trusts its head and crashes on a bad one.

#ifndef COMMRESOLVE_INDEX_LEDGER_FILE_CHECK_H_
#define COMMRESOLVE_INDEX_LEDGER_FILE_CHECK_H_

#include <lmdb.h>

#include <cstdint>
#include <string>

#include "resolver/base/result.h"

namespace commresolve::index {

/// Pages that the newest state of a file knows of and that were not there. LMDB does not write a
/// page that it has taken and given back in one transaction, so a sound file may lack its last
/// ones.
struct MissingPages {
  uint64_t transaction = 0;  ///< Of the newest state.
  uint64_t begin = 0;        ///< The first.
  uint64_t end = 0;          ///< After the last.
  uint64_t file_bytes = 0;   ///< What there was.
};

/// Adds what is missing, so that nobody looks behind the end of the file; CheckMissingPages() has
/// to follow. kCorrupt if `path` exists, is not empty, and is no LMDB file of this machine's word
/// size, has a senseless page size, or is so much shorter than its newest state says that it was
/// cut. kUnavailable if it cannot be read or enlarged. A missing or empty file is fine.
Result<MissingPages> CheckDataFile(const std::string& path);

/// kCorrupt if one of the pages is in use; the file has its old size then.
Status CheckMissingPages(MDB_env* env, const std::string& path, const MissingPages& missing);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_LEDGER_FILE_CHECK_H_
