// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Synthetic certificates in a store, and how to tell which of them was found.

#ifndef COMMRESOLVE_TESTS_BENCH_SYNTHETIC_STORE_H_
#define COMMRESOLVE_TESTS_BENCH_SYNTHETIC_STORE_H_

#include <cstdint>
#include <map>

#include "index/store.h"
#include "tests/bench/generator.h"

namespace commresolve::bench {

/// What was seen of a synthetic certificate: at its endpoint if it has one, now or when it was last
/// valid.
index::Observation ObservationOf(const SyntheticCertificate& made);

/// Adds the first `count` certificates and brings the index up to date. All but those of persons
/// and devices are taken to have a valid public chain, which nobody checks. Returns the number of
/// each.
std::map<CertId, uint64_t> Fill(index::Store& store, const Generator& generator, uint64_t count);

}  // namespace commresolve::bench

#endif  // COMMRESOLVE_TESTS_BENCH_SYNTHETIC_STORE_H_
