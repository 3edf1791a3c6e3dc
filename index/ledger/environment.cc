// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Opening LMDB.

#include "index/ledger/environment.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <span>
#include <sstream>

#include "index/ledger/file_check.h"
#include "resolver/base/files.h"
#include "resolver/base/unique_fd.h"

namespace commresolve::index {
namespace {

constexpr unsigned kMaxReaders = 512;
/// The kernel maps the neighbours of each page that is looked at, so this is reached soon.
constexpr uint64_t kMostMappedBytes = uint64_t{192} << 20;

struct TableRow {
  const char* name;
  bool numbered;
};

// In the order of Table.
constexpr std::array<TableRow, kTableCount> kTables = {{
    {"meta", false},
    {"values", false},
    {"certificate_ids", false},
    {"certificates", true},
    {"key_ids", false},
    {"keys", true},
    {"key_listings", false},
    {"listing_ids", false},
    {"listings", true},
    {"extras", true},
    {"facts", true},
    {"listing_certificates", false},
    {"sightings", false},
    {"places", false},
    {"proofs", false},
    {"sources", false},
    {"source_names", true},
    {"changed", false},
}};

Status SyncFolder(const std::string& folder) {
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.valid() && ::fsync(fd.get()) == 0) return {};
  return MdbError(errno, "cannot sync " + folder);
}

/// Bytes of files that are mapped into this process and present; 0 if that cannot be told.
uint64_t MappedBytes() {
  std::ifstream statm("/proc/self/statm");
  uint64_t pages = 0;
  for (int field = 0; field < 3; ++field) statm >> pages;
  return statm ? pages * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE)) : 0;
}

/// Where this process maps the file with this number for reading, shared with others; empty if that
/// cannot be told. LMDB does not tell.
std::span<char> SharedMapOf(ino_t wanted) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    std::istringstream fields(line);
    void* begin = nullptr;
    uintptr_t end = 0;
    char dash = 0;
    std::string access;
    std::string offset;
    std::string device;
    ino_t inode = 0;
    fields >> begin >> dash >> std::hex >> end >> access >> offset >> device >> std::dec >> inode;
    if (fields && inode == wanted && access == "r--s") {
      return {static_cast<char*>(begin), end - reinterpret_cast<uintptr_t>(begin)};
    }
  }
  return {};
}

bool Exists(const std::string& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0;
}

/// Makes room for all of a file at once. Readers write into the memory of the lock file, and where
/// a full disk has no room for it, that would kill them.
Status TakeRoom(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  struct stat info{};
  if (!fd.valid() || ::fstat(fd.get(), &info) != 0) return MdbError(errno, "cannot open " + path);
  if (info.st_size == 0 || ::fallocate(fd.get(), 0, 0, info.st_size) == 0) return {};
  if (errno == EOPNOTSUPP) return {};
  return MdbError(errno, "cannot make room for " + path);
}

Result<MDB_env*> OpenEnv(const std::string& folder, size_t map_bytes) {
  MDB_env* env = nullptr;
  if (const int rc = mdb_env_create(&env); rc != 0) return MdbError(rc, "cannot start LMDB");
  mdb_env_set_mapsize(env, map_bytes);
  mdb_env_set_maxdbs(env, static_cast<MDB_dbi>(kTableCount));
  mdb_env_set_maxreaders(env, kMaxReaders);
  // MDB_NOTLS ties readers to transactions: a thread may read while it writes a batch. What a
  // search looks at lies anywhere: reading ahead, by up to 8 MiB a page, took it a second on a cold
  // cache.
  constexpr unsigned kFlags = MDB_NOTLS | MDB_NORDAHEAD;
  const int rc = mdb_env_open(env, folder.c_str(), kFlags, S_IRUSR | S_IWUSR);
  if (rc == 0) return env;
  mdb_env_close(env);
  return MdbError(rc, "cannot open the ledger in " + folder);
}

}  // namespace

bool IsNumbered(Table table) { return kTables[static_cast<size_t>(table)].numbered; }
const char* TableName(Table table) { return kTables[static_cast<size_t>(table)].name; }

Error MdbError(int code, const std::string& what) {
  const std::string message = what + ": " + mdb_strerror(code);
  switch (code) {
    case MDB_MAP_FULL:
      return {Code::kUnavailable, "the ledger has reached its largest size"};
    case ENOSPC:
    case EDQUOT:
    case EIO:  // What LMDB says when the last of the space was not enough.
      return {Code::kUnavailable, message,
              "see that there is space on this disk, and that it is sound"};
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INVALID:
    case MDB_VERSION_MISMATCH:
    case MDB_INCOMPATIBLE:
    case MDB_NOTFOUND:
      return {Code::kCorrupt, message,
              "restore the ledger from a backup, or move it away and import again"};
    case MDB_READERS_FULL:
      return {Code::kUnavailable, "too many programs read the ledger at this moment"};
    default:
      return {code > 0 ? Code::kUnavailable : Code::kInternal, message};
  }
}

Result<std::shared_ptr<Environment>> Environment::Open(const std::string& folder,
                                                       size_t map_bytes) {
  COMMRESOLVE_TRY(MakePrivateFolder(folder));
  auto once = OpenOnce::Take(folder);
  if (!once.ok()) return once.error();
  const std::string data = folder + "/data.mdb";
  COMMRESOLVE_ASSIGN(missing, CheckDataFile(data));
  const std::string ders = folder + "/certificates.der";
  const bool created = !Exists(data) || !Exists(ders);
  COMMRESOLVE_ASSIGN(der_file, DerFile::Open(ders));
  const std::string locks = folder + "/lock.mdb";
  if (!Exists(locks)) {
    COMMRESOLVE_ASSIGN(first, OpenEnv(folder, map_bytes));
    mdb_env_close(first);
  }
  // While LMDB has it open, closing a descriptor of this file would end our locks on it.
  COMMRESOLVE_TRY(TakeRoom(locks));
  COMMRESOLVE_ASSIGN(env, OpenEnv(folder, map_bytes));
  std::shared_ptr<Environment> environment(
      new Environment(env, std::move(der_file), std::move(once).value(), folder));
  environment->ClearDeadReaders();
  COMMRESOLVE_TRY(CheckMissingPages(env, data, missing));
  // LMDB syncs the files, not the folders that name them.
  if (created) {
    COMMRESOLVE_TRY(SyncFolder(folder));
    COMMRESOLVE_TRY(SyncFolder(folder + "/.."));
  }
  return environment;
}

Environment::~Environment() { mdb_env_close(env_); }

int Environment::OpenTables(MDB_txn* txn, bool create) {
  for (size_t i = 0; i < kTableCount; ++i) {
    const unsigned flags = (kTables[i].numbered ? MDB_INTEGERKEY : 0U) | (create ? MDB_CREATE : 0U);
    if (const int rc = mdb_dbi_open(txn, kTables[i].name, flags, &tables_[i]); rc != 0) return rc;
  }
  return 0;
}

bool Environment::HasForeignContent(MDB_txn* txn) {
  MDB_dbi unnamed = 0;
  MDB_dbi meta = 0;
  MDB_stat stat{};
  if (mdb_dbi_open(txn, nullptr, 0, &unnamed) != 0) return true;
  if (mdb_stat(txn, unnamed, &stat) != 0) return true;
  return stat.ms_entries != 0 && mdb_dbi_open(txn, kTables[0].name, 0, &meta) != 0;
}

void Environment::ClearDeadReaders() {
  int dead = 0;
  mdb_reader_check(env_, &dead);
}

int Environment::AdoptMapSize() {
  const std::unique_lock lock(map_lock);
  return mdb_env_set_mapsize(env_, 0);
}

void Environment::LimitMappedPages() {
  if (MappedBytes() < kMostMappedBytes) return;
  mdb_filehandle_t file = -1;
  struct stat info{};
  if (mdb_env_get_fd(env_, &file) != 0 || ::fstat(file, &info) != 0) return;
  const std::span<char> map = SharedMapOf(info.st_ino);
  // Nothing is written through the map: pages come back when they are looked at again.
  if (!map.empty()) static_cast<void>(::madvise(map.data(), map.size(), MADV_DONTNEED));
}

uint64_t Environment::BytesInUse() const {
  MDB_stat stat{};
  MDB_envinfo info{};
  mdb_env_stat(env_, &stat);
  mdb_env_info(env_, &info);
  return (uint64_t{info.me_last_pgno} + 1) * stat.ms_psize;
}

uint64_t Environment::MaxBytes() const {
  MDB_envinfo info{};
  mdb_env_info(env_, &info);
  return info.me_mapsize;
}

uint64_t Environment::LastCommit() const {
  MDB_envinfo info{};
  mdb_env_info(env_, &info);
  return info.me_last_txnid;
}

}  // namespace commresolve::index
