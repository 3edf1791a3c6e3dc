// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// LMDB calls behind queue_file.h.

#include "dht/publish/queue_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>

#include "resolver/base/unique_fd.h"

namespace commresolve::dht {
namespace {

constexpr std::array<const char*, kQueueTables> kNames = {"meta", "contents", "states", "due"};
/// Of a command that only looks, while a daemon starts.
constexpr std::chrono::milliseconds kPatience{200};

Error MdbError(int code, const std::string& what) {
  const std::string message = what + ": " + mdb_strerror(code);
  switch (code) {
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INVALID:
    case MDB_VERSION_MISMATCH:
    case MDB_INCOMPATIBLE:
    case MDB_NOTFOUND:
      return {Code::kCorrupt, message, "move the folder away; what is published is queued anew"};
    case MDB_MAP_FULL:
      return {Code::kUnavailable, what + ": the queue has reached its largest size"};
    default:
      return {code > 0 ? Code::kUnavailable : Code::kInternal, message};
  }
}

MDB_val ToVal(std::string_view bytes) {
  // LMDB takes keys and values as void* but does not write to them.
  return {bytes.size(), const_cast<char*>(bytes.data())};
}

std::string_view ToView(const MDB_val& val) {
  return {static_cast<const char*>(val.mv_data), val.mv_size};
}

/// LMDB reads a file that was cut short through its map, and dies of it.
Status CheckLength(MDB_env* env, const std::string& folder) {
  MDB_envinfo info{};
  MDB_stat stat{};
  mdb_filehandle_t file = -1;
  struct stat on_disk{};
  if (mdb_env_info(env, &info) != 0 || mdb_env_stat(env, &stat) != 0 ||
      mdb_env_get_fd(env, &file) != 0 || ::fstat(file, &on_disk) != 0) {
    return Error{Code::kUnavailable, "cannot look at the queue in " + folder};
  }
  const uint64_t wanted = (uint64_t{info.me_last_pgno} + 1) * stat.ms_psize;
  if (static_cast<uint64_t>(on_disk.st_size) >= wanted) return {};
  return MdbError(MDB_CORRUPTED, "the queue in " + folder + " was cut short");
}

bool SyncFolder(const std::string& folder) {
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return fd.valid() && ::fsync(fd.get()) == 0;
}

}  // namespace

Result<std::unique_ptr<QueueFile>> QueueFile::Open(const std::string& folder, size_t max_bytes) {
  COMMRESOLVE_TRY(MakePrivateFolder(folder));
  COMMRESOLVE_ASSIGN(lock, FileLock::Take(folder + "/lock", kPatience));
  MDB_env* env = nullptr;
  if (const int rc = mdb_env_create(&env); rc != 0) return MdbError(rc, "cannot start LMDB");
  std::unique_ptr<QueueFile> file(new QueueFile(std::move(lock), env));
  mdb_env_set_mapsize(env, max_bytes);
  mdb_env_set_maxdbs(env, static_cast<MDB_dbi>(kQueueTables));
  // MDB_NOTLS: a thread that reads may be another one each time.
  const int rc = mdb_env_open(env, folder.c_str(), MDB_NOTLS, S_IRUSR | S_IWUSR);
  if (rc != 0) return MdbError(rc, "cannot open the queue in " + folder);
  COMMRESOLVE_TRY(CheckLength(env, folder));
  COMMRESOLVE_TRY(file->OpenTables(folder));
  return file;
}

QueueFile::~QueueFile() { mdb_env_close(env_); }

Status QueueFile::OpenTables(const std::string& folder) {
  COMMRESOLVE_ASSIGN(transaction, Write());
  for (size_t i = 0; i < kQueueTables; ++i) {
    const int rc = mdb_dbi_open(transaction.txn_.get(), kNames[i], MDB_CREATE, &tables_[i]);
    if (rc != 0) return MdbError(rc, "cannot open the queue in " + folder);
  }
  COMMRESOLVE_TRY(transaction.Commit());
  // LMDB syncs the files, not the folders that name them.
  if (SyncFolder(folder) && SyncFolder(folder + "/..")) return {};
  return MdbError(errno, "cannot sync " + folder);
}

Result<QueueFile::Transaction> QueueFile::Begin(unsigned flags) const {
  MDB_txn* txn = nullptr;
  const int rc = mdb_txn_begin(env_, nullptr, flags, &txn);
  if (rc != 0) return MdbError(rc, "cannot begin to use the queue");
  return Transaction(*this, txn);
}

Result<std::optional<std::string_view>> QueueFile::Transaction::Get(QueueTable table,
                                                                    std::string_view key) const {
  MDB_val key_val = ToVal(key);
  MDB_val value{};
  const MDB_dbi dbi = file_->tables_[static_cast<size_t>(table)];
  const int rc = mdb_get(txn_.get(), dbi, &key_val, &value);
  if (rc == MDB_NOTFOUND) return std::optional<std::string_view>();
  if (rc != 0) return MdbError(rc, "cannot read the queue");
  return std::optional<std::string_view>(ToView(value));
}

Result<std::optional<QueueFile::Transaction::Row>> QueueFile::Transaction::Step(
    QueueTable table, std::string_view key, MDB_cursor_op op) {
  auto& cursor = cursors_[static_cast<size_t>(table)];
  if (cursor == nullptr) {
    MDB_cursor* made = nullptr;
    const MDB_dbi dbi = file_->tables_[static_cast<size_t>(table)];
    const int rc = mdb_cursor_open(txn_.get(), dbi, &made);
    if (rc != 0) return MdbError(rc, "cannot read the queue");
    cursor.reset(made);
  }
  MDB_val key_val = ToVal(key);
  MDB_val value{};
  const int rc = mdb_cursor_get(cursor.get(), &key_val, &value, op);
  if (rc == MDB_NOTFOUND) return std::optional<Row>();
  if (rc != 0) return MdbError(rc, "cannot read the queue");
  return std::optional<Row>(Row{ToView(key_val), ToView(value)});
}

Result<std::optional<QueueFile::Transaction::Row>> QueueFile::Transaction::Seek(
    QueueTable table, std::string_view key) {
  return Step(table, key, key.empty() ? MDB_FIRST : MDB_SET_RANGE);
}

Result<std::optional<QueueFile::Transaction::Row>> QueueFile::Transaction::Next(QueueTable table) {
  return Step(table, {}, MDB_NEXT);
}

Status QueueFile::Transaction::Put(QueueTable table, std::string_view key, std::string_view value) {
  MDB_val key_val = ToVal(key);
  MDB_val value_val = ToVal(value);
  const MDB_dbi dbi = file_->tables_[static_cast<size_t>(table)];
  const int rc = mdb_put(txn_.get(), dbi, &key_val, &value_val, 0);
  if (rc != 0) return MdbError(rc, "cannot write the queue");
  return {};
}

Status QueueFile::Transaction::Delete(QueueTable table, std::string_view key) {
  MDB_val key_val = ToVal(key);
  const MDB_dbi dbi = file_->tables_[static_cast<size_t>(table)];
  const int rc = mdb_del(txn_.get(), dbi, &key_val, nullptr);
  if (rc != 0 && rc != MDB_NOTFOUND) return MdbError(rc, "cannot write the queue");
  return {};
}

Status QueueFile::Transaction::Commit() {
  for (auto& cursor : cursors_) cursor.reset();
  const int rc = mdb_txn_commit(txn_.release());
  if (rc != 0) return MdbError(rc, "cannot commit to the queue");
  return {};
}

}  // namespace commresolve::dht
