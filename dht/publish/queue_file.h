// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// QueueFile: the LMDB files of the queue, and transactions on their four tables.

#ifndef COMMRESOLVE_DHT_PUBLISH_QUEUE_FILE_H_
#define COMMRESOLVE_DHT_PUBLISH_QUEUE_FILE_H_

#include <lmdb.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "resolver/base/files.h"
#include "resolver/base/result.h"

namespace commresolve::dht {

/// What is in each is docs/formats/dht-queue.md.
enum class QueueTable : uint8_t { kMeta, kContents, kStates, kDue };
inline constexpr size_t kQueueTables = 4;

/// Open for one process at a time. Not safe for concurrent use: its owner has a lock.
class QueueFile {
 public:
  /// Opens or creates the files in `folder`, which hold at most `max_bytes`. kBusy if another
  /// process, or this one, has them open; kCorrupt if they are damaged or cut short; kUnavailable.
  static Result<std::unique_ptr<QueueFile>> Open(const std::string& folder, size_t max_bytes);
  ~QueueFile();
  QueueFile(const QueueFile&) = delete;
  QueueFile& operator=(const QueueFile&) = delete;

  /// One state of the tables, or one change of all of them; one at a time. Dropping it undoes what
  /// was written. Views are good until the next write or the end. kUnavailable, kCorrupt.
  class Transaction {
   public:
    struct Row {
      std::string_view key;
      std::string_view value;
    };

    Result<std::optional<std::string_view>> Get(QueueTable table, std::string_view key) const;
    /// The first row with this key or a later one; of all rows for an empty key.
    Result<std::optional<Row>> Seek(QueueTable table, std::string_view key);
    /// The row after the one that Seek() or Next() of this table gave last. Not after a write.
    Result<std::optional<Row>> Next(QueueTable table);
    Status Put(QueueTable table, std::string_view key, std::string_view value);
    /// A row that is not there is fine.
    Status Delete(QueueTable table, std::string_view key);
    /// Durable when it returns.
    Status Commit();

   private:
    friend class QueueFile;
    struct Aborter {
      void operator()(MDB_txn* txn) const { mdb_txn_abort(txn); }
    };
    struct Closer {
      void operator()(MDB_cursor* cursor) const { mdb_cursor_close(cursor); }
    };
    Transaction(const QueueFile& file, MDB_txn* txn) : file_(&file), txn_(txn) {}
    Result<std::optional<Row>> Step(QueueTable table, std::string_view key, MDB_cursor_op op);

    const QueueFile* file_;
    std::unique_ptr<MDB_txn, Aborter> txn_;
    // After the transaction: cursors are closed before it ends.
    std::array<std::unique_ptr<MDB_cursor, Closer>, kQueueTables> cursors_;
  };
  [[nodiscard]] Result<Transaction> Read() const { return Begin(MDB_RDONLY); }
  [[nodiscard]] Result<Transaction> Write() const { return Begin(0); }

 private:
  QueueFile(FileLock lock, MDB_env* env) : lock_(std::move(lock)), env_(env) {}
  [[nodiscard]] Result<Transaction> Begin(unsigned flags) const;
  Status OpenTables(const std::string& folder);

  FileLock lock_;
  MDB_env* env_;
  std::array<MDB_dbi, kQueueTables> tables_{};
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_PUBLISH_QUEUE_FILE_H_
