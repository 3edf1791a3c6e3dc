// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `index rebuild`, `index status` and `status`.

#include "cli/commands.h"
#include "cli/json.h"
#include "index/indexer.h"

namespace commresolve::cli {
namespace {

Result<StatusFacts> Gather(Context& context) {
  COMMRESOLVE_ASSIGN(known, context.known());
  COMMRESOLVE_ASSIGN(store, context.store());
  StatusFacts status;
  status.data_folder = store->folder();
  COMMRESOLVE_ASSIGN(counts, store->ledger().Counts());
  status.counts = counts;
  COMMRESOLVE_ASSIGN(behind, store->ledger().ChangedCount());
  status.search_behind = behind;
  COMMRESOLVE_ASSIGN(number, store->SearchNumber());
  status.search_number = number;
  if (number != 0) {
    COMMRESOLVE_ASSIGN(reader, store->Search());
    COMMRESOLVE_ASSIGN(documents, reader->DocumentCount());
    status.search_documents = documents;
  }
  status.bindings = known->bindings().size();
  status.revoked = known->revoked().size();
  return status;
}

void Print(Terminal& terminal, const StatusFacts& status) {
  const auto line = [&terminal](const std::string& label, uint64_t number) {
    terminal.Line(label + std::string(20 - label.size(), ' ') + std::to_string(number));
  };
  terminal.Line("data folder         " + status.data_folder);
  line("bindings", status.bindings);
  line("revoked keys", status.revoked);
  line("certificates", status.counts.certificates);
  line("issuer certificates", status.counts.chain_certificates);
  line("keys", status.counts.keys);
  line("endpoints", status.counts.endpoints);
  line("observations", status.counts.observations);
  line("listings", status.counts.listings);
  line("search documents", status.search_documents);
  line("still to index", status.search_behind);
  line("ledger bytes", status.counts.bytes);
}

}  // namespace

ExitCode RunStatus(Context& context) {
  const auto status = Gather(context);
  if (!status.ok()) return context.Fail(status.error());
  if (context.json()) {
    context.terminal().Line(StatusJson(*status));
  } else {
    Print(context.terminal(), *status);
  }
  return ExitCode::kFound;
}

ExitCode RunIndexStatus(Context& context, const IndexOptions& options) {
  const ExitCode printed = RunStatus(context);
  if (printed != ExitCode::kFound || !options.check) return printed;
  const auto store = context.store();
  if (!store.ok()) return context.Fail(store.error());
  const auto checked = (*store)->ledger().Check();
  if (!checked.ok()) return context.Fail(checked.error());
  for (const std::string& problem : checked->problems) context.terminal().Note(problem);
  if (checked->problem_count > 0) {
    return context.Fail(
        {Code::kCorrupt, "the ledger has " + std::to_string(checked->problem_count) + " problems"});
  }
  context.terminal().Note("the ledger is consistent, " + std::to_string(checked->rows) +
                          " rows looked at");
  return ExitCode::kFound;
}

ExitCode RunIndexRebuild(Context& context) {
  const auto store = context.store();
  if (!store.ok()) return context.Fail(store.error());
  const auto lock = (*store)->LockForWriting();
  if (!lock.ok()) return context.Fail(lock.error());
  index::IndexerOptions how;
  how.stop = WatchStop();
  how.progress = [&context](uint64_t done, uint64_t total) {
    context.terminal().Progress("indexing", done, total);
  };
  Status status = index::RebuildIndex(**store, how);
  if (status.ok()) status = index::CatchUpIndex(**store, how);
  context.terminal().ClearProgress();
  if (!status.ok()) return context.Fail(status.error());
  context.terminal().Note("the search index is built anew");
  return ExitCode::kFound;
}

}  // namespace commresolve::cli
