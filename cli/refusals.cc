// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Refusals as lines or objects.

#include "cli/refusals.h"

#include "cli/json.h"

namespace commresolve::cli {
namespace {

constexpr uint64_t kRefusalsShown = 20;

std::string RefusalText(const index::Refusal& refusal) {
  std::string where = refusal.file;
  if (refusal.line != 0) {
    where += ":" + std::to_string(refusal.line);
  } else if (refusal.offset != 0) {
    where += " at byte " + std::to_string(refusal.offset);
  }
  return where + ": " + refusal.reason;
}

}  // namespace

void RefusalPrinter::Print(const index::Refusal& refusal) {
  context_.terminal().ClearProgress();
  if (context_.json()) {
    context_.terminal().Line(RefusalJson(refusal));
  } else if (++count_ <= kRefusalsShown) {
    context_.terminal().Note("refused: " + RefusalText(refusal));
  }
}

void RefusalPrinter::Finish() const {
  if (count_ <= kRefusalsShown) return;
  context_.terminal().Note("and " + std::to_string(count_ - kRefusalsShown) +
                           " more refusals; --json lists them all");
}

}  // namespace commresolve::cli
