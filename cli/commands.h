// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The commands. Each prints its result and returns how the program ends.

#ifndef COMMRESOLVE_CLI_COMMANDS_H_
#define COMMRESOLVE_CLI_COMMANDS_H_

#include "cli/context.h"

namespace commresolve::cli {

ExitCode RunImport(Context& context, const ImportOptions& options);
ExitCode RunObserve(Context& context, const ObserveOptions& options);
ExitCode RunSearch(Context& context, const SearchOptions& options);
ExitCode RunComplete(Context& context, const CompleteOptions& options);
ExitCode RunResolve(Context& context, const NameOptions& options);
ExitCode RunVerify(Context& context, const NameOptions& options);
ExitCode RunConnect(Context& context, const NameOptions& options);
ExitCode RunOpen(Context& context, const NameOptions& options);
ExitCode RunWhy(Context& context, const NameOptions& options);
ExitCode RunBind(Context& context, const BindOptions& options);
ExitCode RunUnbind(Context& context, const KnownOptions& options);
ExitCode RunKnown(Context& context, const KnownOptions& options);
ExitCode RunRevoke(Context& context, const RevokeOptions& options);
ExitCode RunInspect(Context& context, const InspectOptions& options);
ExitCode RunIndexRebuild(Context& context);
ExitCode RunIndexStatus(Context& context, const IndexOptions& options);
ExitCode RunStatus(Context& context);

// These ask the daemon.
ExitCode RunDhtJoin(Context& context, const DhtOptions& options);
ExitCode RunDhtLeave(Context& context);
ExitCode RunDhtStatus(Context& context);
ExitCode RunDhtPublish(Context& context, const DhtOptions& options);
ExitCode RunDhtAnnounce(Context& context, const DhtOptions& options);
ExitCode RunDhtDelegate(Context& context, const DhtOptions& options);
ExitCode RunDhtRollover(Context& context, const DhtOptions& options);
ExitCode RunDhtLookup(Context& context, const DhtOptions& options);

ExitCode RunObserversAdd(Context& context, const ObserverOptions& options);
ExitCode RunObserversRemove(Context& context, const ObserverOptions& options);
ExitCode RunObserversList(Context& context);

// Without a context: these work where the settings are broken too.
ExitCode RunNssEnable(const GlobalOptions& global, const NssOptions& options);
ExitCode RunNssDisable(const GlobalOptions& global, const NssOptions& options);
ExitCode RunNssStatus(const GlobalOptions& global, const NssOptions& options);
ExitCode RunDoctor(const GlobalOptions& global);

}  // namespace commresolve::cli

#endif  // COMMRESOLVE_CLI_COMMANDS_H_
