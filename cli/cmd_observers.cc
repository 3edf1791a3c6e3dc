// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `observers`: reading and editing the file of those whose observations count.

#include "cli/commands.h"
#include "cli/json_sharing.h"
#include "resolver/trust/observers.h"

namespace commresolve::cli {
namespace {

std::string PathIn(Context& context) { return context.config().data_folder + "/observers"; }

Result<NamedObserver> Add(Context& context, const ObserverOptions& options) {
  COMMRESOLVE_TRY(context.NeedFolder());
  COMMRESOLVE_ASSIGN(id, ParseObserver(options.who));
  NamedObserver put;
  put.id = id;
  COMMRESOLVE_TRY(EditObservers(PathIn(context), [&](Observers& observers) -> Status {
    if (const auto known = observers.Find(ObserverText(id))) put = *known;
    if (options.trust != 0) put.trust = options.trust;
    if (!options.name.empty()) put.name = options.name;
    return observers.Put(put);
  }));
  return put;
}

Result<NamedObserver> Remove(Context& context, const ObserverOptions& options) {
  COMMRESOLVE_TRY(context.NeedFolder());
  NamedObserver removed;
  COMMRESOLVE_TRY(EditObservers(PathIn(context), [&](Observers& observers) -> Status {
    const auto known = observers.Find(options.who);
    if (!known) {
      return Error{Code::kNotFound, "'" + options.who + "' is not among the observers",
                   "see commresolve observers list"};
    }
    removed = *known;
    observers.Remove(removed.id);
    return {};
  }));
  return removed;
}

Result<std::vector<NamedObserver>> Chosen(Context& context) {
  COMMRESOLVE_TRY(context.NeedFolder());
  COMMRESOLVE_ASSIGN(observers, LoadObservers(PathIn(context)));
  return observers.list();
}

std::vector<std::string> Cells(const NamedObserver& observer) {
  return {std::to_string(observer.trust), observer.name.empty() ? "-" : observer.name,
          ObserverText(observer.id)};
}

}  // namespace

ExitCode RunObserversAdd(Context& context, const ObserverOptions& options) {
  const auto added = Add(context, options);
  if (!added.ok()) return context.Fail(added.error());
  if (context.json()) {
    context.terminal().Line(ObserverJson(*added));
    return ExitCode::kFound;
  }
  context.terminal().Line("chosen with trust " + std::to_string(added->trust) +
                          (added->name.empty() ? "" : " as " + added->name));
  context.terminal().Line("key   " + ObserverText(added->id));
  return ExitCode::kFound;
}

ExitCode RunObserversRemove(Context& context, const ObserverOptions& options) {
  const auto removed = Remove(context, options);
  if (!removed.ok()) return context.Fail(removed.error());
  context.terminal().Note("not chosen any more: " + ObserverText(removed->id));
  return ExitCode::kFound;
}

ExitCode RunObserversList(Context& context) {
  const auto chosen = Chosen(context);
  if (!chosen.ok()) return context.Fail(chosen.error());
  if (chosen->empty()) {
    context.terminal().Note("no observer is chosen");
    return ExitCode::kNone;
  }
  std::vector<std::vector<std::string>> rows;
  rows.reserve(chosen->size());
  for (const NamedObserver& observer : *chosen) {
    if (context.json()) context.terminal().Line(ObserverJson(observer));
    rows.push_back(Cells(observer));
  }
  if (!context.json()) context.terminal().Table({"TRUST", "NAME", "KEY"}, rows);
  return ExitCode::kFound;
}

}  // namespace commresolve::cli
