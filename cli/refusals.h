// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// RefusalPrinter: tells what was not taken from files, without flooding a terminal.

#ifndef COMMRESOLVE_CLI_REFUSALS_H_
#define COMMRESOLVE_CLI_REFUSALS_H_

#include <cstdint>

#include "cli/context.h"
#include "index/sources/reader.h"

namespace commresolve::cli {

/// Prints the first 20 refusals to standard error, or with --json every one as an object.
class RefusalPrinter {
 public:
  /// `context` is borrowed for the printer's life.
  explicit RefusalPrinter(Context& context) : context_(context) {}
  void Print(const index::Refusal& refusal);
  /// Says how many were not printed.
  void Finish() const;

 private:
  Context& context_;
  uint64_t count_ = 0;
};

}  // namespace commresolve::cli

#endif  // COMMRESOLVE_CLI_REFUSALS_H_
