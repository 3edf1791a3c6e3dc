// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Environment: the open LMDB files of one ledger, and its tables.

#ifndef COMMRESOLVE_INDEX_LEDGER_ENVIRONMENT_H_
#define COMMRESOLVE_INDEX_LEDGER_ENVIRONMENT_H_

#include <lmdb.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>

#include "index/ledger/der_file.h"
#include "index/ledger/id_filter.h"
#include "index/ledger/open_once.h"
#include "index/ledger/waiters.h"
#include "resolver/base/result.h"

namespace commresolve::index {

/// What is in each is docs/formats/ledger.md.
enum class Table : uint8_t {
  kMeta,
  kValues,
  kCertificateIds,
  kCertificates,
  kKeyIds,
  kKeys,
  kKeyListings,
  kListingIds,
  kListings,
  kExtras,
  kFacts,
  kListingCertificates,
  kSightings,
  kPlaces,
  kProofs,
  kSources,
  kSourceNames,
  kChanged,
};
inline constexpr size_t kTableCount = 18;

/// True if rows are found by a 32-bit number in native byte order.
bool IsNumbered(Table table);
const char* TableName(Table table);

/// An LMDB return code as an Error: kCorrupt for damage, kUnavailable for what the system refuses.
Error MdbError(int code, const std::string& what);

/// Safe for concurrent use. Transactions keep it open through shared_ptr.
class Environment {
 public:
  /// Opens or creates the files in `folder`. `map_bytes` bounds the size of the ledger.
  static Result<std::shared_ptr<Environment>> Open(const std::string& folder, size_t map_bytes);
  ~Environment();
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  [[nodiscard]] MDB_env* get() const { return env_; }
  [[nodiscard]] MDB_dbi dbi(Table table) const { return tables_[static_cast<size_t>(table)]; }

  /// Opens every table inside `txn`, creating them if `create`. MDB_NOTFOUND if one is missing.
  int OpenTables(MDB_txn* txn, bool create);
  /// True if the files hold data but no ledger.
  bool HasForeignContent(MDB_txn* txn);
  /// Frees the reader slots of dead processes, which would keep old pages from being used again.
  void ClearDeadReaders();
  /// Follows another process that has made the map larger. Waits for this process's transactions.
  int AdoptMapSize();
  /// Once more than 192 MiB of files are present in this process, takes the ledger's pages out of
  /// it, not out of the system's cache: in a long import, or while all listings are read, all that
  /// was looked at once would count as its memory. For a thread with a transaction, which keeps the
  /// map where it is.
  void LimitMappedPages();
  /// Bytes in use at the last commit.
  [[nodiscard]] uint64_t BytesInUse() const;
  /// The number of the last commit, of any process.
  [[nodiscard]] uint64_t LastCommit() const;
  /// The largest size of either file.
  [[nodiscard]] uint64_t MaxBytes() const;

  const DerFile ders;
  std::shared_mutex map_lock;  ///< Shared by every transaction, exclusive while the map moves.
  std::mutex write_lock;       ///< One write transaction at a time in this process.
  std::atomic<std::thread::id> writer;  ///< The thread that holds write_lock.
  Waiters waiters;                      ///< Whoever wants write_lock, or LMDB's own.
  IdFilters id_filters;                 ///< For the holder of write_lock.

 private:
  Environment(MDB_env* env, DerFile der_file, OpenOnce once, const std::string& folder)
      : ders(std::move(der_file)),
        waiters(folder + "/waiters"),
        env_(env),
        once_(std::move(once)) {}

  MDB_env* env_;
  OpenOnce once_;
  std::array<MDB_dbi, kTableCount> tables_{};
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_LEDGER_ENVIRONMENT_H_
