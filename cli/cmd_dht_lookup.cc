// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `dht lookup`: what peers claim, as soon as it is proved.

#include "cli/commands.h"
#include "cli/lookup_rows.h"

namespace commresolve::cli {
namespace {

Result<daemon::LookupSummary> Lookup(Context& context, const std::string& words, LookupRows& rows) {
  COMMRESOLVE_ASSIGN(sharing, context.sharing());
  const auto show = [&rows](const daemon::LookupRow& row) {
    rows.Show(row);
    return true;
  };
  return sharing->Lookup(words, show, WatchStop());
}

}  // namespace

ExitCode RunDhtLookup(Context& context, const DhtOptions& options) {
  const std::string words = Joined(options.words);
  LookupRows rows(context);
  const auto summary = Lookup(context, words, rows);
  if (!summary.ok()) return context.Fail(summary.error());
  rows.ShowSummary(*summary);
  rows.Propose(words);
  return rows.count() == 0 ? ExitCode::kNone : ExitCode::kFound;
}

}  // namespace commresolve::cli
