// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `import`: certificates from files.

#include "cli/commands.h"
#include "cli/import_pace.h"
#include "cli/json.h"
#include "cli/refusals.h"
#include "index/importer.h"

namespace commresolve::cli {
namespace {

void PrintSummary(Context& context, const index::ImportSummary& summary) {
  if (context.json()) {
    context.terminal().Line(ImportJson(summary));
    return;
  }
  context.terminal().Line(
      "read " + std::to_string(summary.read) + ", new " + std::to_string(summary.fresh) +
      ", known " + std::to_string(summary.known) + ", refused " + std::to_string(summary.refused) +
      (summary.left_out == 0 ? ""
                             : ", left out as no servers " + std::to_string(summary.left_out)));
}

}  // namespace

ExitCode RunImport(Context& context, const ImportOptions& options) {
  const auto store = context.store();
  if (!store.ok()) return context.Fail(store.error());
  index::ImportSummary summary;
  index::ImportOptions how;
  how.stop = WatchStop();
  ImportPace pace(ImportPace::Clock::now());
  how.progress = [&](uint64_t done, uint64_t total) {
    context.terminal().Progress(pace.Text(ImportPace::Clock::now(), summary.read, done, total),
                                done, total);
  };
  how.index_progress = [&context](uint64_t done, uint64_t total) {
    context.terminal().Progress("indexing", done, total);
  };
  RefusalPrinter refusals(context);
  how.on_refusal = [&refusals](const index::Refusal& refusal) { refusals.Print(refusal); };
  const Status status = index::Import(**store, options.paths, context.clock(), how, summary);
  context.terminal().ClearProgress();
  refusals.Finish();
  if (status.ok() || summary.read + summary.refused > 0) PrintSummary(context, summary);
  if (!status.ok()) return context.Fail(status.error());
  return summary.read == 0 ? ExitCode::kNone : ExitCode::kFound;
}

}  // namespace commresolve::cli
