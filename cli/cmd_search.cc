// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `search`: words to a ranked list of identities; and `complete`: the words that there are.

#include <algorithm>

#include "cli/commands.h"
#include "cli/facts_text.h"
#include "cli/json.h"
#include "cli/lookup_rows.h"
#include "cli/request.h"

namespace commresolve::cli {
namespace {

constexpr size_t kDayLength = 10;  // "2026-03-22" of "2026-03-22T12:28:33Z"

std::string Endpoints(const Candidate& candidate) {
  if (candidate.endpoints.empty()) return "-";
  const size_t more = candidate.endpoints.size() - 1;
  return candidate.endpoints.front().endpoint.ToString() +
         (more == 0 ? "" : " +" + std::to_string(more));
}

std::string Day(UnixTime time) { return time == 0 ? "-" : FormatTime(time).substr(0, kDayLength); }

std::vector<std::string> Cells(const index::SearchRow& row, const Standing& standing, size_t rank) {
  const CertificateFacts& facts = row.best.certificate;
  const std::string more_keys = row.key_count > 1 ? " +" + std::to_string(row.key_count - 1) : "";
  std::vector<std::string> cells = {std::to_string(rank),
                                    Joined(row.matched),
                                    NamesText(facts),
                                    facts.organizations.empty() ? "-" : facts.organizations.front(),
                                    IssuerText(facts),
                                    KeyShort(facts.key) + more_keys,
                                    Endpoints(row.best),
                                    StandingName(standing),
                                    Day(row.facts.first_seen),
                                    Day(row.facts.last_seen),
                                    row.index_server.empty() ? "-" : row.index_server};
  for (std::string& cell : cells) cell = Printable(cell);
  return cells;
}

/// The last cell of each row names its index server; the column is shown if there is one.
void PrintTable(Context& context, std::vector<std::vector<std::string>> rows) {
  std::vector<std::string> head = {"#",   "MATCHED",  "NAMES", "ORGANISATION", "ISSUER",
                                   "KEY", "ENDPOINT", "TIER",  "FIRST SEEN",   "LAST SEEN"};
  if (std::ranges::all_of(rows, [](const auto& row) { return row.back() == "-"; })) {
    for (auto& row : rows) row.pop_back();
  } else {
    head.emplace_back("INDEX SERVER");
  }
  context.terminal().Table(head, rows);
}

/// The one line of `-1`: the full key and the name, for scripts.
std::string FirstLine(const CertificateFacts& facts) {
  return KeyText(facts.key) + " " + Printable(NamesText(facts));
}

std::string FirstLine(const index::SearchRow& row) {
  std::string line = FirstLine(row.best.certificate);
  if (row.index_server.empty()) return line;
  return line + " (index server " + Printable(row.index_server) + ")";
}

void TellMissing(Context& context, const std::vector<daemon::MissingPart>& missing) {
  for (const daemon::MissingPart& part : missing) {
    if (context.json()) context.terminal().Line(MissingPartJson(part));
    context.terminal().Note("the index server '" + part.index_server + "' did not answer: " +
                            part.error.message + "; results may be incomplete");
  }
}

/// How the query was read.
void TellReading(Context& context, const index::SearchRows& found) {
  if (!found.did_you_mean.empty()) {
    context.terminal().Note(
        (found.corrected ? "nothing matches as typed; showing: " : "did you mean: ") +
        found.did_you_mean);
  }
  if (found.partial)
    context.terminal().Note("nothing carries every word; showing what carries some");
}

void ShowRows(Context& context, const SearchOptions& options, const daemon::RankedRows& ranked) {
  const index::SearchRows& found = ranked.found;
  TellReading(context, found);
  std::vector<std::vector<std::string>> table;
  const std::string query_used = found.corrected ? found.did_you_mean : Joined(options.words);
  for (size_t i = 0; i < found.rows.size(); ++i) {
    const index::SearchRow& row = found.rows[i];
    const Standing& standing = ranked.standings[i];
    const size_t rank = options.offset + i + 1;
    if (context.json()) {
      context.terminal().Line(SearchRowJson(row, standing, rank, query_used, found.partial));
    } else if (options.first) {
      context.terminal().Line(FirstLine(row));
    } else {
      table.push_back(Cells(row, standing, rank));
    }
  }
  if (!table.empty()) PrintTable(context, std::move(table));
}

/// What this machine and index servers know.
ExitCode ShowOwn(Context& context, const SearchOptions& options, const daemon::RankedRows& ranked) {
  const index::SearchRows& found = ranked.found;
  ShowRows(context, options, ranked);
  if (found.rows.empty()) context.terminal().Note("nothing found");
  const size_t shown = options.offset + found.rows.size();
  if (!options.first && !context.json() && found.more) {
    const std::string about = found.estimated_total > shown
                                  ? "about " + std::to_string(found.estimated_total) + " in all; "
                                  : "";
    context.terminal().Note(about + "more with --offset " + std::to_string(shown));
  }
  TellMissing(context, ranked.missing);
  return found.rows.empty() ? ExitCode::kNone : ExitCode::kFound;
}

void TellProblem(Context& context, const Error& problem) {
  if (context.json()) context.terminal().Line(PeersProblemJson(problem));
  context.terminal().Note("peers could not be asked: " + problem.message +
                          (problem.hint.empty() ? "" : " (" + problem.hint + ")"));
}

ExitCode SearchHere(Context& context, const SearchOptions& options) {
  const auto search = [&]() -> Result<daemon::RankedRows> {
    COMMRESOLVE_ASSIGN(backend, context.backend());
    return backend->Search(Joined(options.words), options.offset,
                           options.first ? 1 : options.limit);
  };
  const auto ranked = search();
  return ranked.ok() ? ShowOwn(context, options, *ranked) : context.Fail(ranked.error());
}

/// With `-1`: true if something is here, so that nobody has to be told what is looked for.
Result<bool> IsHere(Context& context, const SearchOptions& options) {
  COMMRESOLVE_ASSIGN(backend, context.backend());
  const auto ranked = backend->Search(Joined(options.words), 0, 1);
  if (ranked.ok()) return !ranked->found.rows.empty();
  if (ranked.error().code == Code::kNotFound) return false;
  return ranked.error();
}

/// What is here at once, then what peers led to, as it comes; with `-1` one of them.
ExitCode SearchEverywhere(Context& context, const SearchOptions& options) {
  const std::string words = Joined(options.words);
  size_t here = 0;
  size_t theirs = 0;
  std::optional<LookupRows> rows;
  const auto own = [&](const daemon::RankedRows& ranked) {
    here = ranked.found.rows.size();
    if (here > 0) ShowOwn(context, options, ranked);
    context.terminal().Flush();
    rows.emplace(context, here);
  };
  const auto proved = [&](const daemon::LookupRow& row) {
    ++theirs;
    if (options.first && !context.json()) {
      context.terminal().Line(FirstLine(row.certificate));
    } else {
      rows->Show(row);
    }
    return !options.first;
  };
  const auto search = [&]() -> Result<daemon::PeersPart> {
    COMMRESOLVE_ASSIGN(backend, context.backend());
    return backend->SearchWithPeers(words, options.first ? 1 : options.limit, own, proved,
                                    WatchStop());
  };
  const auto part = search();
  if (!part.ok()) return context.Fail(part.error());
  if (part->problem && here == 0) context.terminal().Note("nothing found");
  if (part->problem) TellProblem(context, *part->problem);
  if (part->summary && (!options.first || theirs == 0)) rows->ShowSummary(*part->summary);
  if (here == 0) rows->Propose(words);
  return here + theirs == 0 ? ExitCode::kNone : ExitCode::kFound;
}

}  // namespace

ExitCode RunSearch(Context& context, const SearchOptions& options) {
  const auto asks = AsksPeers(context, options.peers);
  if (!asks.ok()) return context.Fail(asks.error());
  // A page after the first one is of what is here.
  if (!*asks || options.offset != 0) return SearchHere(context, options);
  if (options.first) {
    const auto here = IsHere(context, options);
    if (!here.ok()) return context.Fail(here.error());
    if (*here) return SearchHere(context, options);
  }
  return SearchEverywhere(context, options);
}

ExitCode RunComplete(Context& context, const CompleteOptions& options) {
  const auto complete = [&]() -> Result<std::vector<index::CountedWord>> {
    COMMRESOLVE_ASSIGN(backend, context.backend());
    return backend->Complete(options.beginning, options.limit);
  };
  const auto words = complete();
  if (!words.ok()) return context.Fail(words.error());
  for (const index::CountedWord& word : *words) {
    context.terminal().Line(context.json() ? CompletionJson(word) : Printable(word.text));
  }
  return words->empty() ? ExitCode::kNone : ExitCode::kFound;
}

}  // namespace commresolve::cli
