// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writing into a ledger's tables behind its back.

#ifndef COMMRESOLVE_TESTS_INDEX_LEDGER_RAW_TABLE_H_
#define COMMRESOLVE_TESTS_INDEX_LEDGER_RAW_TABLE_H_

#include <functional>
#include <string>

namespace commresolve::index {

/// Puts one row; the ledger in `folder` must not be open. Creates the table when missing.
void WriteRaw(const std::string& folder, const std::string& table, const std::string& key,
              const std::string& value);
/// Takes pages at the end of the file and gives them back in one transaction.
void TakeAndGiveBackPages(const std::string& folder);
/// Removes the first row of a table; false if it has none.
bool RemoveFirstRaw(const std::string& folder, const std::string& table);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_TESTS_INDEX_LEDGER_RAW_TABLE_H_
