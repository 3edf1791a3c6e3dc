// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `dht lookup`: what peers claim, as soon as it is proved.

#include "cli/commands.h"
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

/// Shows rows as they come, and remembers what to propose.
class Rows {
 public:
  explicit Rows(Context& context) : context_(context) {}

  void Show(const daemon::LookupRow& row) {
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
    terminal.Row(Cells(row, count_), Widths(), row.standing.revoked ? Color::kBad : Color::kNone);
  }

  /// What a person does next with `words`.
  void Propose(const std::string& words) const {
    if (usable_.empty()) return;
    context_.terminal().Note(usable_.size() == 1
                                 ? "hint: if it is meant: commresolve bind " + words + " --key " +
                                       KeyText(usable_.front())
                                 : "hint: choose which one is meant: commresolve bind " + words);
  }

  [[nodiscard]] size_t count() const { return count_; }

 private:
  Context& context_;
  size_t count_ = 0;
  std::vector<KeyId> usable_;
};

std::string SummaryText(const daemon::LookupSummary& summary) {
  std::string text =
      std::to_string(summary.proved) + " of " + std::to_string(summary.claimed) + " claims proved";
  const auto add = [&text](size_t number, const char* what) {
    if (number != 0) text += ", " + std::to_string(number) + " " + what;
  };
  add(summary.unreachable, "did not answer");
  add(summary.nowhere, "without a place to try");
  add(summary.lied, "without the words");
  text += "; looked at " + std::to_string(summary.values) + " records, " +
          std::to_string(summary.bytes) + " bytes";
  return summary.complete ? text : text + "; ended early, there may be more";
}

Result<daemon::LookupSummary> Lookup(Context& context, const std::string& words, Rows& rows) {
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
  Rows rows(context);
  const auto summary = Lookup(context, words, rows);
  if (!summary.ok()) return context.Fail(summary.error());
  Terminal& terminal = context.terminal();
  if (context.json()) {
    terminal.Line(LookupSummaryJson(*summary));
  }
  terminal.Flush();
  if (rows.count() == 0) terminal.Note("nothing found");
  terminal.Note(SummaryText(*summary));
  if (summary->too_common) {
    terminal.Note(
        "hint: a word is so common that nobody publishes who carries it; add a rarer one");
  }
  rows.Propose(words);
  return rows.count() == 0 ? ExitCode::kNone : ExitCode::kFound;
}

}  // namespace commresolve::cli
