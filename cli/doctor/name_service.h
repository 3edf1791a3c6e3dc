// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// NameService: checks of the way from a program's lookup to the NSS module, and past it.
//
// No check sends anything to DNS. Each returns one finding, also if it cannot look. Any thread.

#ifndef COMMRESOLVE_CLI_DOCTOR_NAME_SERVICE_H_
#define COMMRESOLVE_CLI_DOCTOR_NAME_SERVICE_H_

#include <string>

#include "cli/doctor/finding.h"

namespace commresolve::cli {

/// Is our service in the line "hosts" of the file `nsswitch`, before all that may ask the network?
Finding CheckNsswitch(const std::string& nsswitch);

/// Does the C library find the module, and is it ours?
Finding CheckModule();

/// Do search domains of the file `resolv_conf` bring bare words or names of ours to DNS?
Finding CheckSearchDomains(const std::string& resolv_conf, bool bare_names);

/// Does systemd-resolved, which runs if `folder` is there, hear of names before us?
Finding CheckSystemdResolved(const std::string& folder, const std::string& nsswitch);

/// Does nscd, which runs if somebody listens at `socket`, keep answers of its own? `config` is its
/// settings file.
Finding CheckNscd(const std::string& socket, const std::string& config);

}  // namespace commresolve::cli

#endif  // COMMRESOLVE_CLI_DOCTOR_NAME_SERVICE_H_
