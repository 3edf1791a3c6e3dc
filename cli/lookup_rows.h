// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// LookupRows: what peers led to, shown as it comes, and what a person does next.

#ifndef COMMRESOLVE_CLI_LOOKUP_ROWS_H_
#define COMMRESOLVE_CLI_LOOKUP_ROWS_H_

#include <string>
#include <vector>

#include "cli/context.h"
#include "grpc/sharing/sharing.h"

namespace commresolve::cli {

/// Used by one thread.
class LookupRows {
 public:
  /// `context` is borrowed. The first row has number `shown` + 1.
  explicit LookupRows(Context& context, size_t shown = 0) : context_(context), shown_(shown) {}

  /// As a line of a table, whose head comes with the first one, or as JSON.
  void Show(const daemon::LookupRow& row);
  /// How the look-up ended: a line on standard error, with JSON an object too.
  void ShowSummary(const daemon::LookupSummary& summary) const;
  /// What a person does next with `words`; nothing if there is nothing to choose.
  void Propose(const std::string& words) const;

  [[nodiscard]] size_t count() const { return count_; }

 private:
  Context& context_;
  const size_t shown_;
  size_t count_ = 0;
  std::vector<KeyId> usable_;
};

}  // namespace commresolve::cli

#endif  // COMMRESOLVE_CLI_LOOKUP_ROWS_H_
