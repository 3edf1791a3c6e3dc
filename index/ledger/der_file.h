// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// DerFile: the DER of all certificates of a ledger, one after the other in a file of their own.
//
// They are most of a ledger, never change and are seldom read. In LMDB each would be copied into a
// page, searched for among the others, and stay in the memory of the system.

#ifndef COMMRESOLVE_INDEX_LEDGER_DER_FILE_H_
#define COMMRESOLVE_INDEX_LEDGER_DER_FILE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "index/ledger/records.h"
#include "resolver/base/result.h"
#include "resolver/base/unique_fd.h"

namespace commresolve::index {

/// What a committed record refers to is there and stays as it is; bytes after that are what is left
/// of a batch that was not committed, or one that is being made. Reading is safe for concurrent
/// use.
class DerFile {
 public:
  /// Opens or creates the file, with mode 0600. kUnavailable.
  static Result<DerFile> Open(const std::string& path);

  /// The certificate of `record`. kCorrupt if other bytes are there, or too few.
  [[nodiscard]] Result<std::string> Read(const CertRecord& record) const;
  /// kUnavailable.
  [[nodiscard]] Result<uint64_t> Size() const;

 private:
  friend class DerAppender;
  explicit DerFile(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
};

/// What one batch adds to the file. At most one at a time, of any process.
class DerAppender {
 public:
  /// `end`: of the last committed certificate. The file may grow to `max_bytes`, and lives longer.
  DerAppender(const DerFile& file, uint64_t end, uint64_t max_bytes);
  DerAppender(const DerAppender&) = delete;
  DerAppender& operator=(const DerAppender&) = delete;
  ~DerAppender() { Undo(); }

  /// kUnavailable if the disk or the ledger is full.
  Result<DerPlace> Append(std::string_view der);
  /// Makes durable what was appended; kUnavailable. From then on nothing is undone: whoever
  /// commits records that refer to it may fail and yet have written them.
  Status Sync();
  /// Gives back the room of what was appended.
  void Undo();
  /// Of what was appended.
  [[nodiscard]] uint64_t end() const { return written_ + pending_.size(); }

 private:
  struct Range {
    uint64_t begin = 0;
    uint64_t bytes = 0;
  };
  Status Write(size_t bytes);
  Status WriteSegment();
  /// Waits until the range is on the disk, and takes it out of the system's memory.
  Status Settle(const Range& range) const;

  const DerFile& file_;
  uint64_t begin_;
  uint64_t written_;
  const uint64_t max_bytes_;
  std::string pending_;  // Comes after what was written.
  Range on_its_way_;     // To the disk.
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_LEDGER_DER_FILE_H_
