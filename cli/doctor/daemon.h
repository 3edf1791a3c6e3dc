// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Daemon: checks of what the NSS module asks: the sockets and snapshots of the user and the
// machine.
//
// Each returns findings, also if it cannot look. Any thread.

#ifndef COMMRESOLVE_CLI_DOCTOR_DAEMON_H_
#define COMMRESOLVE_CLI_DOCTOR_DAEMON_H_

#include <string>
#include <vector>

#include "cli/doctor/finding.h"
#include "resolver/base/clock.h"

namespace commresolve::cli {

/// A folder in which a daemon may have its socket and snapshot.
struct RuntimePlace {
  std::string folder;
  bool is_user = false;  ///< Then the module believes it only if it is this user's alone.
};

/// The places that the module looks at: that of the user, if $XDG_RUNTIME_DIR is set, and that of
/// the machine.
std::vector<RuntimePlace> RuntimePlaces();

/// Does a daemon answer at nss.sock, and take calls at grpc.sock? One finding for each place that
/// has the former; a failure if none has. The question costs the daemon no lookup. Waits a second
/// for an answer.
Findings CheckDaemons(const std::vector<RuntimePlace>& places);

/// Is hosts.snap sound, ours and young? One finding for each place that has a snapshot or a daemon.
Findings CheckSnapshots(const std::vector<RuntimePlace>& places, UnixTime now);

}  // namespace commresolve::cli

#endif  // COMMRESOLVE_CLI_DOCTOR_DAEMON_H_
