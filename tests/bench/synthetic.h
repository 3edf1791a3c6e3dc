// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Certificates to measure with: three names and an organisation each, of a small vocabulary, signed
// by a CA of their own around one pool of keys.

#ifndef COMMRESOLVE_TESTS_BENCH_SYNTHETIC_H_
#define COMMRESOLVE_TESTS_BENCH_SYNTHETIC_H_

#include <cstddef>
#include <random>
#include <string>
#include <vector>

namespace commresolve::bench {

/// One of the words that the names and organisations are made of.
std::string SyntheticWord(std::mt19937_64& random);

/// DER; the same names in every run. Each certificate is a listing of its own.
std::vector<std::string> SyntheticCertificates(size_t count);

}  // namespace commresolve::bench

#endif  // COMMRESOLVE_TESTS_BENCH_SYNTHETIC_H_
