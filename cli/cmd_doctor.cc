// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `doctor`: everything between a bound name and the program that looks it up, checked.

#include <algorithm>
#include <iterator>

#include "cli/commands.h"
#include "cli/doctor/daemon.h"
#include "cli/doctor/machine.h"
#include "cli/doctor/name_service.h"
#include "cli/json.h"

namespace commresolve::cli {
namespace {

constexpr char kNsswitch[] = "/etc/nsswitch.conf";

void Append(Findings& to, Findings more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

Findings Examine(const GlobalOptions& global) {
  const auto config = LoadConfig(global.config, global.data_dir);
  const auto places = RuntimePlaces();
  Findings findings = {CheckNsswitch(kNsswitch), CheckModule()};
  Append(findings, CheckDaemons(places));
  Append(findings, CheckSnapshots(places, SystemClock().Now()));
  findings.push_back(CheckSearchDomains("/etc/resolv.conf", !config.ok() || config->bare_names));
  findings.push_back(CheckSystemdResolved("/run/systemd/resolve", kNsswitch));
  findings.push_back(CheckNscd("/run/nscd/socket", "/etc/nscd.conf"));
  findings.push_back(CheckAppArmor("/sys/module/apparmor/parameters/enabled", "/etc/apparmor.d"));
  findings.push_back(CheckClock());
  findings.push_back(CheckSettings(config));
  if (config.ok()) findings.push_back(CheckDataFolder(config->data_folder));
  return findings;
}

void Print(const Terminal& terminal, const Finding& finding) {
  static constexpr Color kColors[] = {Color::kGood, Color::kWarning, Color::kBad};
  static constexpr size_t kWidest = 18;
  std::string state = HealthName(finding.health);
  std::transform(state.begin(), state.end(), state.begin(),
                 [](char c) { return static_cast<char>(c - 'a' + 'A'); });
  const std::string padding(4 - state.size() + 2, ' ');
  std::string check = finding.check;
  std::replace(check.begin(), check.end(), '_', ' ');
  check.resize(std::max(check.size(), kWidest), ' ');
  terminal.Line(terminal.Paint(kColors[static_cast<size_t>(finding.health)], state) + padding +
                check + Printable(finding.text));
  if (!finding.fix.empty()) terminal.Line("      fix: " + Printable(finding.fix));
}

}  // namespace

ExitCode RunDoctor(const GlobalOptions& global) {
  const Terminal terminal(global.color, global.quiet);
  const Findings findings = Examine(global);
  for (const Finding& finding : findings) {
    if (global.json) {
      terminal.Line(CheckJson(finding));
    } else {
      Print(terminal, finding);
    }
  }
  const bool failed = std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.health == Health::kFail;
  });
  return failed ? ExitCode::kNone : ExitCode::kFound;
}

}  // namespace commresolve::cli
