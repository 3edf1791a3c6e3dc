// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Transactions on a ledger's tables, as values that end themselves.

#ifndef COMMRESOLVE_INDEX_LEDGER_TRANSACTION_H_
#define COMMRESOLVE_INDEX_LEDGER_TRANSACTION_H_

#include <lmdb.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string_view>

#include "index/ledger/environment.h"
#include "resolver/base/result.h"

namespace commresolve::index {

struct MdbCursorCloser {
  void operator()(MDB_cursor* cursor) const { mdb_cursor_close(cursor); }
};

/// Walks one table in key order. Ends before its transaction does; views are good until the next
/// step or write.
class Cursor {
 public:
  /// Stands on the first row whose key is `key` or later; false if there is none.
  Result<bool> Seek(std::string_view key);
  Result<bool> Seek(uint32_t number);
  Result<bool> First();
  Result<bool> Next();
  /// Removes the row it stands on, inside a WriteTransaction.
  Status Delete();
  /// Puts a row, inside a WriteTransaction. Fast for rows in the order of their keys.
  Status Put(std::string_view key, std::string_view value);
  [[nodiscard]] std::string_view key() const { return key_; }
  [[nodiscard]] std::string_view value() const { return value_; }
  /// The key of a numbered table.
  [[nodiscard]] uint32_t number() const;

 private:
  friend class Transaction;
  explicit Cursor(MDB_cursor* cursor) : cursor_(cursor) {}
  Result<bool> Step(std::string_view key, MDB_cursor_op op);

  std::unique_ptr<MDB_cursor, MdbCursorCloser> cursor_;
  std::string_view key_;
  std::string_view value_;
};

/// One consistent state of the ledger. A reader never waits; keep it short, for LMDB cannot use
/// the pages that it may still look at again. Used by one thread.
class Transaction {
 public:
  static Result<Transaction> Read(const std::shared_ptr<Environment>& environment);
  /// As Read(), but fails where that would wait until the transactions of this process have ended,
  /// to follow another one that has made the map larger.
  static Result<Transaction> TryRead(const std::shared_ptr<Environment>& environment);

  /// The value, valid until the transaction ends or writes; empty if there is no such row.
  [[nodiscard]] Result<std::optional<std::string_view>> Get(Table table,
                                                            std::string_view key) const;
  [[nodiscard]] Result<std::optional<std::string_view>> Get(Table table, uint32_t number) const;
  [[nodiscard]] Result<Cursor> Walk(Table table) const;
  [[nodiscard]] Result<uint64_t> Rows(Table table) const;
  [[nodiscard]] const std::shared_ptr<Environment>& environment() const { return environment_; }
  /// For Environment::OpenTables.
  [[nodiscard]] MDB_txn* get() const { return txn_.get(); }
  /// Ends a reader and keeps the tables that it opened.
  Status Finish();

 protected:
  struct Aborter {
    void operator()(MDB_txn* txn) const { mdb_txn_abort(txn); }
  };
  Transaction(std::shared_ptr<Environment> environment) : environment_(std::move(environment)) {}
  enum class Follow : uint8_t { kNever, kLargerMaps };
  Status Start(unsigned flags, Follow follow = Follow::kLargerMaps);
  [[nodiscard]] MDB_dbi Dbi(Table table) const { return environment_->dbi(table); }

  // In this order: the transaction ends first, the environment last.
  std::shared_ptr<Environment> environment_;
  std::shared_lock<std::shared_mutex> map_guard_;
  std::unique_ptr<MDB_txn, Aborter> txn_;
};

/// The writer. Dropping it undoes everything since Begin. After a failed write only dropping is
/// left to do.
class WriteTransaction : public Transaction {
 public:
  /// Waits for other writers. kInternal if this thread writes already.
  static Result<WriteTransaction> Begin(const std::shared_ptr<Environment>& environment);
  WriteTransaction(WriteTransaction&& other) = default;
  WriteTransaction& operator=(WriteTransaction&&) = delete;
  ~WriteTransaction() { Drop(); }

  /// A row that is known to come last is put kAtEnd: pages are then filled completely instead of
  /// being split in halves.
  enum class Where : uint8_t { kAnywhere, kAtEnd };
  Status Put(Table table, std::string_view key, std::string_view value,
             Where where = Where::kAnywhere);
  Status Put(Table table, uint32_t number, std::string_view value, Where where = Where::kAnywhere);
  /// Puts a row unless there is one with this key, whose value it gives, valid until the next
  /// write: one way down the tree instead of two.
  Result<std::optional<std::string_view>> GetOrPut(Table table, std::string_view key,
                                                   std::string_view value);
  [[nodiscard]] IdFilters& id_filters() const { return environment_->id_filters; }
  /// Environment::LimitMappedPages().
  void LimitMappedPages() { environment_->LimitMappedPages(); }
  /// Durable when it returns.
  Status Commit();
  /// Undoes everything and lets the next writer in.
  void Drop();

 private:
  explicit WriteTransaction(std::shared_ptr<Environment> environment)
      : Transaction(std::move(environment)) {}

  std::unique_lock<std::mutex> write_guard_;
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_LEDGER_TRANSACTION_H_
