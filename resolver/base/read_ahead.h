// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ReadAhead: looks at rows that lie anywhere on the disk from several threads, before one needs
// them.

#ifndef COMMRESOLVE_RESOLVER_BASE_READ_AHEAD_H_
#define COMMRESOLVE_RESOLVER_BASE_READ_AHEAD_H_

#include <cstddef>
#include <cstdint>
#include <functional>

namespace commresolve {

/// For a loop over many rows of mapped files. One after the other, each that is not in memory costs
/// the time of one access to the disk, which can make many at once. Made just before the loop, by
/// its thread.
class ReadAhead {
 public:
  /// `trial`: so many steps tell whether the disk has to be waited for.
  explicit ReadAhead(size_t trial);

  /// To be called before each step of `count`. After the trial, if that has waited for the disk,
  /// calls `look` for this step and all that follow, from several threads at once, and returns when
  /// they are done. `look` may be called from any thread, reads what its step will read, and does
  /// not throw.
  void Before(size_t step, size_t count, const std::function<void(size_t step)>& look) const {
    if (step == trial_) LookIfWaited(count, look);
  }

 private:
  void LookIfWaited(size_t count, const std::function<void(size_t)>& look) const;

  const size_t trial_;
  const uint64_t waits_;
};

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_BASE_READ_AHEAD_H_
