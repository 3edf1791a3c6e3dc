// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Any bytes to both parsers of certificates: they agree, but for what their headers say.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "tests/index/certificate/agreement.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace commresolve::index;
  const std::string difference =
      Disagreement(std::string_view(reinterpret_cast<const char*>(data), size));
  if (difference.empty()) return 0;
  std::fprintf(stderr, "the parsers disagree: %s\n", difference.c_str());
  std::abort();
}
