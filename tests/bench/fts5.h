// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Fts5: the full-text index of SQLite, fed with terms that somebody else has made.

#ifndef COMMRESOLVE_TESTS_BENCH_FTS5_H_
#define COMMRESOLVE_TESTS_BENCH_FTS5_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace commresolve::bench {

/// A contentless table with detail=column in one file, without journal or sync: all that costs
/// nothing to leave out is left out. Ends the program if SQLite fails. Used by one thread.
class Fts5 {
 public:
  explicit Fts5(const std::string& path);
  ~Fts5();
  Fts5(const Fts5&) = delete;
  Fts5& operator=(const Fts5&) = delete;

  /// `terms` has one term a line.
  void Add(uint32_t document, const std::string& terms);
  /// Writes what was added and merges it into one segment.
  void Finish();
  /// Bytes of the file.
  [[nodiscard]] size_t bytes() const;

  /// The best `limit` documents that have all of `terms`, by its own rank (BM25).
  std::vector<uint32_t> Search(const std::vector<std::string>& terms, int limit);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace commresolve::bench

#endif  // COMMRESOLVE_TESTS_BENCH_FTS5_H_
