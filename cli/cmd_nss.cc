// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `nss enable`, `nss disable` and `nss status`.

#include <algorithm>

#include "cli/commands.h"
#include "cli/json.h"
#include "cli/nss_file.h"
#include "cli/nss_module.h"

namespace commresolve::cli {
namespace {

/// How these commands speak, and what they work on.
class NssCommand {
 public:
  NssCommand(const GlobalOptions& global, const NssOptions& options)
      : terminal_(global.color, global.quiet), json_(global.json), options_(options) {}

  ExitCode Enable() {
    const auto file = NssFile::Open(options_.root);
    if (!file.ok()) return Fail(file.error());
    const auto edit = EnableNss(file->text());
    if (!edit.ok()) return Fail(edit.error().Within(file->path()));
    if (edit->changes.empty()) {
      terminal_.Note("commresolve is enabled already");
      return Tell(*file, *edit, false);
    }
    const auto module = LoadNssModule();
    if (!module.ok() && options_.root.empty() && !options_.dry_run) return Fail(module.error());
    if (!module.ok() && options_.root.empty()) {
      terminal_.Note("without --dry-run this would be refused: " + module.error().message);
    }
    if (options_.dry_run) return Tell(*file, *edit, false);
    Status status = file->CheckMayChange();
    if (status.ok()) status = file->Enable(*edit);
    if (!status.ok()) return Fail(status.error());
    const ExitCode told = Tell(*file, *edit, true);
    terminal_.Note("enabled; to go back: commresolve nss disable");
    return told;
  }

  ExitCode Disable() {
    const auto file = NssFile::Open(options_.root);
    if (!file.ok()) return Fail(file.error());
    const auto plan = file->PlanDisable();
    if (!plan.ok()) return Fail(plan.error().Within(file->path()));
    const bool write = !options_.dry_run && plan->removal != NssRemoval::kNothing;
    if (write) {
      Status status = file->CheckMayChange();
      if (status.ok()) status = file->Disable(*plan);
      if (!status.ok()) return Fail(status.error());
    }
    terminal_.Note(What(plan->removal, write));
    return Tell(*file, plan->edit, write);
  }

  ExitCode ShowStatus() {
    const auto file = NssFile::Open(options_.root);
    if (!file.ok()) return Fail(file.error());
    const auto line = FindHostsLine(file->text());
    if (!line.ok()) return Fail(line.error().Within(file->path()));
    const std::string problem = ProblemOf(*line);
    if (json_) {
      terminal_.Line(NssJson({file->path(), *line, problem, {}, false}));
    } else if (*line) {
      terminal_.Line(file->path() + ":" + std::to_string((*line)->number) + ": " +
                     Shown((*line)->text));
    }
    if (problem.empty()) {
      terminal_.Note("enabled and well placed");
      return ExitCode::kFound;
    }
    terminal_.Error({Code::kNotFound, problem, "sudo commresolve nss enable"});
    return ExitCode::kNone;
  }

 private:
  static std::string ProblemOf(const std::optional<HostsLine>& line) {
    return line ? PlacementProblem(*line) : "there is no line 'hosts'";
  }

  static std::string What(NssRemoval removal, bool written) {
    const std::string would = written ? "" : "would be ";
    switch (removal) {
      case NssRemoval::kNothing:
        return "commresolve is not enabled";
      case NssRemoval::kRestored:
        return would + "restored to the byte from the copy that 'enable' had made";
      case NssRemoval::kTakenOut:
        return "only our words " + std::string(written ? "were" : "would be") +
               " taken out: there is no copy that 'enable' made of the file as it stood";
    }
    return {};
  }

  /// With its tabs: they are part of the change. A line end of Windows stays out of the picture.
  static std::string Shown(const std::string& line) {
    std::string shown;
    const size_t size = line.ends_with('\r') ? line.size() - 1 : line.size();
    for (size_t at = 0; at <= size;) {
      const size_t tab = std::min(line.find('\t', at), size);
      shown += Printable(line.substr(at, tab - at));
      if (tab < size) shown += '\t';
      at = tab + 1;
    }
    return shown;
  }

  ExitCode Tell(const NssFile& file, const NsswitchEdit& edit, bool written) {
    if (json_) {
      const auto line = FindHostsLine(edit.text);
      if (!line.ok()) return Fail(line.error().Within(file.path()));
      terminal_.Line(NssJson({file.path(), *line, ProblemOf(*line), edit.changes, written}));
    } else {
      Show(file, edit.changes);
    }
    if (options_.dry_run) terminal_.Note("nothing was written");
    return ExitCode::kFound;
  }

  void Show(const NssFile& file, const std::vector<LineChange>& changes) {
    if (changes.empty()) return;
    terminal_.Line("--- " + file.path());
    terminal_.Line("+++ " + file.path());
    for (const LineChange& change : changes) {
      const std::string number = std::to_string(change.number);
      terminal_.Line("@@ line " + number + " @@");
      if (!change.before.empty()) {
        terminal_.Line(terminal_.Paint(Color::kBad, "-" + Shown(change.before)));
      }
      terminal_.Line(terminal_.Paint(Color::kGood, "+" + Shown(change.after)));
    }
  }

  ExitCode Fail(const Error& error) {
    if (json_) terminal_.Line(ErrorJson(error));
    terminal_.Error(error);
    return ExitCodeOf(error.code);
  }

  Terminal terminal_;
  bool json_;
  const NssOptions& options_;
};

}  // namespace

ExitCode RunNssEnable(const GlobalOptions& global, const NssOptions& options) {
  return NssCommand(global, options).Enable();
}

ExitCode RunNssDisable(const GlobalOptions& global, const NssOptions& options) {
  return NssCommand(global, options).Disable();
}

ExitCode RunNssStatus(const GlobalOptions& global, const NssOptions& options) {
  return NssCommand(global, options).ShowStatus();
}

}  // namespace commresolve::cli
