// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Exit codes: one number for each way a command can end.

#ifndef COMMRESOLVE_CLI_EXIT_CODE_H_
#define COMMRESOLVE_CLI_EXIT_CODE_H_

#include "resolver/base/result.h"

namespace commresolve::cli {

enum class ExitCode : int {
  kFound = 0,       ///< Done; something was found.
  kNone = 1,        ///< Nothing was found.
  kUsage = 2,       ///< The command line, a file or a setting is wrong.
  kNotTrusted = 3,  ///< The trust rules refuse.
  kNetwork = 4,     ///< The network, a server, a lock or a deadline.
  kAmbiguous = 5,   ///< Several identities could be meant.
  kBug = 70,        ///< A bug, or damaged data.
  kInterrupted = 130,
};

/// The one table from error codes to exit codes.
ExitCode ExitCodeOf(Code code);

}  // namespace commresolve::cli

#endif  // COMMRESOLVE_CLI_EXIT_CODE_H_
