// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Machine: checks of what surrounds commresolve: AppArmor, the clock, settings and data.
//
// Each returns one finding, also if it cannot look. Any thread.

#ifndef COMMRESOLVE_CLI_DOCTOR_MACHINE_H_
#define COMMRESOLVE_CLI_DOCTOR_MACHINE_H_

#include <string>

#include "cli/doctor/finding.h"
#include "resolver/base/result.h"
#include "resolver/config/config.h"

namespace commresolve::cli {

/// May programs that AppArmor confines read our names? `enabled` is the kernel's file that says Y,
/// `folder` that of the profiles. Profiles are looked at by what they include.
Finding CheckAppArmor(const std::string& enabled, const std::string& folder);

/// Is the clock kept in step, as far as the kernel knows? Certificates and proofs go by it.
Finding CheckClock();

/// `loaded` as LoadConfig() returned it.
Finding CheckSettings(const Result<Config>& loaded);

/// Is the data folder this user's alone, and can `known_certs` in it be read?
Finding CheckDataFolder(const std::string& folder);

}  // namespace commresolve::cli

#endif  // COMMRESOLVE_CLI_DOCTOR_MACHINE_H_
