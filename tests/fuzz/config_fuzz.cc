// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Fuzzes the settings file.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "resolver/config/config.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto config = commresolve::ParseConfig(text, "config.toml");
  if (config.ok() && (config->resolver.max_age < 1 || config->resolver.suffix.empty()))
    std::abort();
  if (!config.ok() && config.error().message.empty()) std::abort();
  return 0;
}
