// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The command line of commresolved.

#ifndef COMMRESOLVE_GRPC_DAEMON_OPTIONS_H_
#define COMMRESOLVE_GRPC_DAEMON_OPTIONS_H_

#include <string>

#include "resolver/base/result.h"

namespace commresolve::daemon {

struct DaemonOptions {
  std::string config;         ///< Empty: as LoadConfig().
  std::string data_dir;       ///< Empty: as the settings say.
  std::string runtime_dir;    ///< Where sockets and snapshot stand.
  bool index_server = false;  ///< Only search the data folder, and answer over TCP.
  bool system = false;        ///< For every user of the machine: sockets that all may open.
  bool help = false;
  bool version = false;
};

/// kInvalidArgument for an unknown option or a missing value, and if no runtime folder is known.
/// The default runtime folder is $RUNTIME_DIRECTORY (systemd), /run/commresolve with --system, else
/// $XDG_RUNTIME_DIR/commresolve.
Result<DaemonOptions> ParseOptions(int argc, char** argv);

/// The text of --help.
std::string HelpText();

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_DAEMON_OPTIONS_H_
