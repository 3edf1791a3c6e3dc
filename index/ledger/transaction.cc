// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// LMDB calls behind transaction.h.

#include "index/ledger/transaction.h"

#include <cerrno>
#include <cstring>

namespace commresolve::index {
namespace {

MDB_val ToVal(std::string_view bytes) {
  // LMDB takes keys and values as void* but does not write to them.
  return {bytes.size(), const_cast<char*>(bytes.data())};
}

std::string_view ToView(const MDB_val& val) {
  return {static_cast<const char*>(val.mv_data), val.mv_size};
}

std::string_view Native(const uint32_t& number) {
  return {reinterpret_cast<const char*>(&number), sizeof number};
}

std::string About(const char* doing, Table table) {
  return std::string(doing) + " the ledger's table " + TableName(table);
}

}  // namespace

Result<bool> Cursor::Step(std::string_view key, MDB_cursor_op op) {
  MDB_val key_val = ToVal(key);
  MDB_val value_val{};
  const int rc = mdb_cursor_get(cursor_.get(), &key_val, &value_val, op);
  if (rc == MDB_NOTFOUND) return false;
  if (rc != 0) return MdbError(rc, "cannot read the ledger");
  key_ = ToView(key_val);
  value_ = ToView(value_val);
  return true;
}

Result<bool> Cursor::Seek(std::string_view key) { return Step(key, MDB_SET_RANGE); }
Result<bool> Cursor::Seek(uint32_t number) { return Step(Native(number), MDB_SET_RANGE); }
Result<bool> Cursor::First() { return Step({}, MDB_FIRST); }
Result<bool> Cursor::Next() { return Step({}, MDB_NEXT); }

Status Cursor::Delete() {
  const int rc = mdb_cursor_del(cursor_.get(), 0);
  if (rc != 0) return MdbError(rc, "cannot write the ledger");
  return {};
}

Status Cursor::Put(std::string_view key, std::string_view value) {
  MDB_val key_val = ToVal(key);
  MDB_val value_val = ToVal(value);
  const int rc = mdb_cursor_put(cursor_.get(), &key_val, &value_val, 0);
  if (rc != 0) return MdbError(rc, "cannot write the ledger");
  return {};
}

uint32_t Cursor::number() const {
  uint32_t number = 0;
  if (key_.size() == sizeof number) std::memcpy(&number, key_.data(), sizeof number);
  return number;
}

Status Transaction::Start(unsigned flags, Follow follow) {
  constexpr int kAttempts = 5;
  int rc = 0;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    map_guard_ = std::shared_lock(environment_->map_lock, std::try_to_lock);
    if (!map_guard_.owns_lock()) {
      rc = EBUSY;
      if (follow == Follow::kNever) break;
      map_guard_.lock();
    }
    MDB_txn* txn = nullptr;
    rc = mdb_txn_begin(environment_->get(), nullptr, flags, &txn);
    txn_.reset(txn);
    if (rc == 0) return {};
    map_guard_ = {};
    if (rc == MDB_MAP_RESIZED && follow == Follow::kLargerMaps) {
      environment_->AdoptMapSize();
    } else if (rc == MDB_READERS_FULL) {
      environment_->ClearDeadReaders();
    } else {
      break;
    }
  }
  return MdbError(rc, "cannot begin to use the ledger");
}

Result<Transaction> Transaction::Read(const std::shared_ptr<Environment>& environment) {
  Transaction transaction(environment);
  COMMRESOLVE_TRY(transaction.Start(MDB_RDONLY));
  return transaction;
}

Result<Transaction> Transaction::TryRead(const std::shared_ptr<Environment>& environment) {
  Transaction transaction(environment);
  COMMRESOLVE_TRY(transaction.Start(MDB_RDONLY, Follow::kNever));
  return transaction;
}

Result<std::optional<std::string_view>> Transaction::Get(Table table, std::string_view key) const {
  MDB_val key_val = ToVal(key);
  MDB_val value{};
  const int rc = mdb_get(txn_.get(), Dbi(table), &key_val, &value);
  if (rc == MDB_NOTFOUND) return std::optional<std::string_view>();
  if (rc != 0) return MdbError(rc, About("cannot read", table));
  return std::optional<std::string_view>(ToView(value));
}

Result<std::optional<std::string_view>> Transaction::Get(Table table, uint32_t number) const {
  return Get(table, Native(number));
}

Result<Cursor> Transaction::Walk(Table table) const {
  MDB_cursor* cursor = nullptr;
  const int rc = mdb_cursor_open(txn_.get(), Dbi(table), &cursor);
  if (rc != 0) return MdbError(rc, About("cannot read", table));
  return Cursor(cursor);
}

Result<uint64_t> Transaction::Rows(Table table) const {
  MDB_stat stat{};
  const int rc = mdb_stat(txn_.get(), Dbi(table), &stat);
  if (rc != 0) return MdbError(rc, About("cannot read", table));
  return uint64_t{stat.ms_entries};
}

Status Transaction::Finish() {
  const int rc = mdb_txn_commit(txn_.release());
  map_guard_ = {};
  if (rc != 0) return MdbError(rc, "cannot finish with the ledger");
  return {};
}

Result<WriteTransaction> WriteTransaction::Begin(const std::shared_ptr<Environment>& environment) {
  if (environment->writer.load() == std::this_thread::get_id()) {
    return Error{Code::kInternal, "this thread has an open ledger batch already"};
  }
  WriteTransaction transaction(environment);
  const Waiters::Place place(environment->waiters);
  transaction.write_guard_ = std::unique_lock(environment->write_lock);
  environment->ClearDeadReaders();
  COMMRESOLVE_TRY(transaction.Start(0));
  environment->id_filters.Begin(mdb_txn_id(transaction.get()));
  environment->writer = std::this_thread::get_id();
  return transaction;
}

Status WriteTransaction::Put(Table table, std::string_view key, std::string_view value,
                             Where where) {
  const unsigned flags = where == Where::kAtEnd ? MDB_APPEND : 0;
  MDB_val key_val = ToVal(key);
  MDB_val value_val = ToVal(value);
  const int rc = mdb_put(txn_.get(), Dbi(table), &key_val, &value_val, flags);
  if (rc == MDB_KEYEXIST) {
    return Error{Code::kCorrupt, About("a row is not the last of", table)};
  }
  if (rc != 0) return MdbError(rc, About("cannot write", table));
  return {};
}

Result<std::optional<std::string_view>> WriteTransaction::GetOrPut(Table table,
                                                                   std::string_view key,
                                                                   std::string_view value) {
  MDB_val key_val = ToVal(key);
  MDB_val value_val = ToVal(value);
  const int rc = mdb_put(txn_.get(), Dbi(table), &key_val, &value_val, MDB_NOOVERWRITE);
  if (rc == 0) return std::optional<std::string_view>();
  if (rc != MDB_KEYEXIST) return MdbError(rc, About("cannot write", table));
  return std::optional<std::string_view>(ToView(value_val));
}

Status WriteTransaction::Put(Table table, uint32_t number, std::string_view value, Where where) {
  return Put(table, Native(number), value, where);
}

Status WriteTransaction::Commit() {
  const int rc = mdb_txn_commit(txn_.release());
  if (rc == 0) environment_->id_filters.Committed();
  Drop();
  if (rc != 0) return MdbError(rc, "cannot commit to the ledger");
  return {};
}

void WriteTransaction::Drop() {
  txn_.reset();
  map_guard_ = {};
  if (!write_guard_.owns_lock()) return;
  environment_->writer = std::thread::id();
  write_guard_.unlock();
}

}  // namespace commresolve::index
