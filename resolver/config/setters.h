// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Setters: which keys a settings file may hold, and what each does with its value.

#ifndef COMMRESOLVE_RESOLVER_CONFIG_SETTERS_H_
#define COMMRESOLVE_RESOLVER_CONFIG_SETTERS_H_

// The shared library is built with exceptions; the header alone can do without.
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <functional>
#include <map>
#include <string>

#include "resolver/config/config.h"

namespace commresolve {

/// Sets one setting from its value; false (with the wanted kind in `wanted`) if it does not fit.
using Setter = std::function<bool(Config&, const toml::node&, std::string& wanted)>;

/// By key, in the order of the manual.
const std::map<std::string, Setter>& Setters();

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_CONFIG_SETTERS_H_
