// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The two meta pages of LMDB's format 1 (mdb.c: MDB_page, MDB_meta, MDB_db).

#include "index/ledger/file_check.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "index/ledger/environment.h"
#include "resolver/base/unique_fd.h"

namespace commresolve::index {
namespace {

constexpr uint32_t kMagic = 0xBEEFC0DE;
constexpr uint32_t kVersion = 1;
constexpr uint16_t kMetaPage = 0x08;
constexpr size_t kSmallestPage = 512;
constexpr size_t kLargestPage = 65536;
/// A transaction takes the pages again that it has given back, so there are few at its end.
constexpr uint64_t kMostMissing = 1024;
constexpr uint64_t kMostPages = uint64_t{1} << 40;

struct Database {
  uint32_t page_size;  // Of the free list; md_pad of the main database.
  uint16_t flags;
  uint16_t depth;
  size_t branch_pages;
  size_t leaf_pages;
  size_t overflow_pages;
  size_t entries;
  size_t root;
};

struct MetaPage {
  size_t number;
  uint16_t pad;
  uint16_t flags;
  uint32_t free_space;
  uint32_t magic;
  uint32_t version;
  size_t address;
  size_t map_size;
  std::array<Database, 2> databases;
  size_t last_page;
  size_t transaction;
};

Error NotALedger(const std::string& path, const std::string& why) {
  return {Code::kCorrupt, path + " is no usable ledger: " + why,
          "restore it from a backup, or move it away and import again"};
}

bool SoundRoot(const MetaPage& meta, const Database& database) {
  constexpr size_t kNone = ~size_t{0};
  return database.root == kNone || (database.root > 1 && database.root <= meta.last_page);
}

// What is wrong with one meta page, or null.
const char* Unsound(const MetaPage& meta, size_t number) {
  if (meta.number != number || (meta.flags & kMetaPage) == 0 || meta.magic != kMagic) {
    return "not an LMDB file of this kind of machine";
  }
  if (meta.version != kVersion) return "written by another version of LMDB";
  const uint32_t page_size = meta.databases[0].page_size;
  if (page_size < kSmallestPage || page_size > kLargestPage || !std::has_single_bit(page_size)) {
    return "its page size makes no sense";
  }
  for (const Database& database : meta.databases) {
    if (!SoundRoot(meta, database)) return "its root lies outside the file";
  }
  return nullptr;
}

bool ReadMeta(int fd, off_t offset, MetaPage& meta) {
  return ::pread(fd, &meta, sizeof meta, offset) == static_cast<ssize_t>(sizeof meta);
}

struct TxnAborter {
  void operator()(MDB_txn* txn) const { mdb_txn_abort(txn); }
};
struct CursorCloser {
  void operator()(MDB_cursor* cursor) const { mdb_cursor_close(cursor); }
};

/// The pages from `begin` to `end` that one row of LMDB's free list names: a number of pages, and
/// theirs.
uint64_t FreeOf(const MDB_val& row, uint64_t begin, uint64_t end) {
  const size_t words = row.mv_size / sizeof(size_t);
  std::vector<size_t> list(words);
  if (words == 0) return 0;
  std::memcpy(list.data(), row.mv_data, words * sizeof(size_t));
  const auto first = list.begin() + 1;
  const auto count = static_cast<ptrdiff_t>(std::min(words - 1, list.front()));
  return static_cast<uint64_t>(std::count_if(
      first, first + count, [&](size_t page) { return page >= begin && page < end; }));
}

/// True if all these pages are free in the newest state.
Result<bool> AllFree(MDB_env* env, const MissingPages& missing) {
  constexpr MDB_dbi kFreeList = 0;
  constexpr char kReading[] = "cannot read the ledger";
  MDB_txn* begun = nullptr;
  if (const int rc = mdb_txn_begin(env, nullptr, MDB_RDONLY, &begun); rc != 0) {
    return MdbError(rc, kReading);
  }
  const std::unique_ptr<MDB_txn, TxnAborter> txn(begun);
  // Another process goes on writing: what it uses, it has written.
  if (mdb_txn_id(begun) != missing.transaction) return true;
  MDB_cursor* opened = nullptr;
  if (const int rc = mdb_cursor_open(begun, kFreeList, &opened); rc != 0) {
    return MdbError(rc, kReading);
  }
  const std::unique_ptr<MDB_cursor, CursorCloser> cursor(opened);
  uint64_t free = 0;
  MDB_val key{};
  MDB_val row{};
  while (mdb_cursor_get(opened, &key, &row, MDB_NEXT) == 0) {
    free += FreeOf(row, missing.begin, missing.end);
  }
  return free == missing.end - missing.begin;
}

}  // namespace

Status CheckMissingPages(MDB_env* env, const std::string& path, const MissingPages& missing) {
  if (missing.begin == missing.end) return {};
  const auto sound = AllFree(env, missing);
  if (sound.ok() && *sound) return {};
  const std::string reason = sound.ok() ? "it was cut short" : sound.error().message;
  // Else it would look whole the next time.
  const bool restored = ::truncate(path.c_str(), static_cast<off_t>(missing.file_bytes)) == 0;
  return NotALedger(path, restored ? reason : reason + ", and its end was lost");
}

Result<MissingPages> CheckDataFile(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK));
  if (!fd.valid() && errno == ENOENT) return MissingPages();
  struct stat info{};
  if (!fd.valid() || ::fstat(fd.get(), &info) != 0) {
    return Error{Code::kUnavailable, "cannot open " + path + ": " + std::strerror(errno)};
  }
  if (!S_ISREG(info.st_mode)) return NotALedger(path, "not a regular file");
  if (info.st_size == 0) return MissingPages();
  std::array<MetaPage, 2> metas{};
  if (!ReadMeta(fd.get(), 0, metas[0])) return NotALedger(path, "too short");
  if (const char* why = Unsound(metas[0], 0)) return NotALedger(path, why);
  const uint32_t page_size = metas[0].databases[0].page_size;
  if (!ReadMeta(fd.get(), page_size, metas[1])) return NotALedger(path, "too short");
  if (const char* why = Unsound(metas[1], 1)) return NotALedger(path, why);
  if (metas[1].databases[0].page_size != page_size) {
    return NotALedger(path, "its page size makes no sense");
  }
  const MetaPage& newest = metas[metas[1].transaction > metas[0].transaction ? 1 : 0];
  if (newest.last_page > kMostPages) return NotALedger(path, "it was cut short");
  MissingPages missing;
  missing.transaction = newest.transaction;
  missing.end = uint64_t{newest.last_page} + 1;
  missing.file_bytes = static_cast<uint64_t>(info.st_size);
  missing.begin = std::min(missing.end, missing.file_bytes / page_size);
  if (missing.end - missing.begin > kMostMissing) return NotALedger(path, "it was cut short");
  if (missing.begin == missing.end) return missing;
  const auto bytes = static_cast<off_t>(missing.end * page_size - missing.file_bytes);
  if (::fallocate(fd.get(), 0, info.st_size, bytes) != 0) {
    return Error{Code::kUnavailable, "cannot enlarge " + path + ": " + std::strerror(errno)};
  }
  return missing;
}

}  // namespace commresolve::index
