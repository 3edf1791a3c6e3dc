// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Check: what has to hold for every input of a fuzzer.

#ifndef COMMRESOLVE_TESTS_FUZZ_CHECK_H_
#define COMMRESOLVE_TESTS_FUZZ_CHECK_H_

#include <cstdio>
#include <cstdlib>

namespace commresolve::fuzz {

/// Ends the program, saying `what`, unless it holds.
inline void Check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

}  // namespace commresolve::fuzz

#endif  // COMMRESOLVE_TESTS_FUZZ_CHECK_H_
