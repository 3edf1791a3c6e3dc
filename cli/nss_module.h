// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// NssModule: is libnss_commresolve.so.2 where the C library finds it, and is it ours?

#ifndef COMMRESOLVE_CLI_NSS_MODULE_H_
#define COMMRESOLVE_CLI_NSS_MODULE_H_

#include <string>

#include "resolver/base/result.h"

namespace commresolve::cli {

/// Loads the module as the C library of this program would, and keeps it loaded. Returns its path.
/// kNotFound if it cannot be loaded; kInvalidArgument if it lacks an entry point, or if the module
/// claims a name that is not ours to say. Asks neither daemon nor network. Any thread.
Result<std::string> LoadNssModule();

}  // namespace commresolve::cli

#endif  // COMMRESOLVE_CLI_NSS_MODULE_H_
