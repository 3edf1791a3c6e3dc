// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The sections of bench_million, in the order in which they run.

#ifndef COMMRESOLVE_TESTS_BENCH_MILLION_H_
#define COMMRESOLVE_TESTS_BENCH_MILLION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "index/store.h"
#include "tests/bench/fts5.h"
#include "tests/bench/generator.h"

namespace commresolve::bench {

/// A figure's target; a figure without one is there to be looked at.
struct Target {
  enum class Kind : uint8_t { kNone, kAtMost, kAtLeast } kind = Kind::kNone;
  double value = 0;
};
inline Target Maximum(double value) { return {Target::Kind::kAtMost, value}; }
inline Target Minimum(double value) { return {Target::Kind::kAtLeast, value}; }

/// Prints one line: what, figure, unit, target, and "MISSED" if it was.
void Report(const std::string& what, double figure, const char* unit, Target target = {});
void Heading(const char* text);

/// CPU and wall seconds of something done in pieces, between Begin() and End().
class Stopwatch {
 public:
  void Begin();
  void End();
  [[nodiscard]] double cpu() const { return cpu_; }
  /// The part of cpu() that was spent in the kernel.
  [[nodiscard]] double kernel() const { return kernel_; }
  [[nodiscard]] double wall() const { return wall_; }

 private:
  double cpu_ = 0;  ///< Of the process.
  double kernel_ = 0;
  double wall_ = 0;
  double cpu_begin_ = 0;
  double kernel_begin_ = 0;
  double wall_begin_ = 0;
};

/// What tokens and an inverter in memory cost, a document. Times are CPU seconds.
struct TokenCost {
  double terms = 0;
  double tokenise = 0;
  double invert = 0;
  double bytes = 0;
};

/// What one section leaves for the next.
struct Million {
  uint64_t count = 0;  ///< Certificates.
  std::string folder;
  Generator generator;
  std::unique_ptr<index::Store> store;
  std::unique_ptr<Fts5> fts5;
};

/// 1: DER by OpenSSL, by hand, and SHA-256, over the first certificates.
void MeasureParsing(Million& million);
/// 2: all certificates into a new store through index::Recorder; its size and memory.
void MeasureImport(Million& million);
/// As if every certificate were a document.
TokenCost MeasureTokens(const Million& million);
/// `costs` and their mean, beside the CPU seconds that the import of a certificate took.
void ReportTokens(const std::vector<TokenCost>& costs, double import_cpu);
/// 2: tokens, an inverter in memory, and FTS5, which stays for the queries; of listings.
void MeasureListings(Million& million);
/// 3: latency of classes of queries.
void MeasureQueries(Million& million);
/// 4: certificates on record seen again.
void MeasureSeenAgain(Million& million);
/// 5: new certificates until they are found.
void MeasureVisible(Million& million);
/// 7: the command as a process. Closes the store.
void MeasureProcess(Million& million);

}  // namespace commresolve::bench

#endif  // COMMRESOLVE_TESTS_BENCH_MILLION_H_
