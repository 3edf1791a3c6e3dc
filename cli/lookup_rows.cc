// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Rows of a look-up to lines.

#include "cli/lookup_rows.h"

#include <algorithm>

#include "cli/facts_text.h"
#include "cli/json_sharing.h"

namespace commresolve::cli {
namespace {

struct Column {
  const char* head;
  size_t width;
};
// Rows come one by one, so that their widths cannot follow from them.
constexpr Column kColumns[] = {{"#", 2},       {"NAMES", 28},   {"ORGANISATION", 16},
                               {"ISSUER", 16}, {"KEY", 10},     {"ENDPOINT", 20},
                               {"TIER", 7},    {"TOLD BY", 15}, {"FINDERS", 7}};

std::vector<size_t> Widths() {
  std::vector<size_t> widths;
  for (const Column& column : kColumns) widths.push_back(column.width);
  return widths;
}

std::string Finders(const daemon::LookupRow& row) {
  return std::to_string(row.finders) +
         (row.good_finders == 0 ? "" : ", " + std::to_string(row.good_finders) + " good");
}

std::vector<std::string> Cells(const daemon::LookupRow& row, size_t number) {
  const CertificateFacts& facts = row.certificate;
  std::vector<std::string> cells = {std::to_string(number),
                                    NamesText(facts),
                                    facts.organizations.empty() ? "-" : facts.organizations.front(),
                                    IssuerText(facts),
                                    KeyShort(facts.key),
                                    row.endpoint.ToString(),
                                    StandingName(row.standing),
                                    dht::SpeakerText(row.told_by),
                                    Finders(row)};
  for (std::string& cell : cells) cell = Printable(cell);
  return cells;
}

/// `before`: keys that were proved, and are among the results that came before.
std::string SummaryText(const daemon::LookupSummary& summary, size_t before) {
  std::string text =
      std::to_string(summary.proved) + " of " + std::to_string(summary.claimed) + " claims proved";
  const auto add = [&text](size_t number, const char* what) {
    if (number != 0) text += ", " + std::to_string(number) + " " + what;
  };
  add(before, "shown above already");
  add(summary.unreachable, "did not answer");
  add(summary.nowhere, "without a place to try");
  add(summary.lied, "without the words");
  text += "; looked at " + std::to_string(summary.values) + " records, " +
          std::to_string(summary.bytes) + " bytes";
  return summary.complete ? text : text + "; ended early, there may be more";
}

}  // namespace

void LookupRows::Show(const daemon::LookupRow& row) {
  Terminal& terminal = context_.terminal();
  ++count_;
  if (!row.standing.revoked) usable_.push_back(row.certificate.key);
  if (context_.json()) {
    terminal.Line(LookupRowJson(row));
    return terminal.Flush();
  }
  if (count_ == 1) {
    std::vector<std::string> head;
    for (const Column& column : kColumns) head.emplace_back(column.head);
    terminal.Row(head, Widths(), Color::kDim);
  }
  terminal.Row(Cells(row, shown_ + count_), Widths(),
               row.standing.revoked ? Color::kBad : Color::kNone);
}

void LookupRows::ShowSummary(const daemon::LookupSummary& summary) const {
  Terminal& terminal = context_.terminal();
  if (context_.json()) terminal.Line(LookupSummaryJson(summary));
  terminal.Flush();
  if (count_ + shown_ == 0) terminal.Note("nothing found");
  terminal.Note(SummaryText(summary, summary.proved - std::min(summary.proved, count_)));
  if (summary.too_common) {
    terminal.Note(
        "hint: a word is so common that nobody publishes who carries it; add a rarer one");
  }
}

void LookupRows::Propose(const std::string& words) const {
  if (usable_.empty()) return;
  context_.terminal().Note(usable_.size() == 1
                               ? "hint: if it is meant: commresolve bind " + words + " --key " +
                                     KeyText(usable_.front())
                               : "hint: choose which one is meant: commresolve bind " + words);
}

}  // namespace commresolve::cli
