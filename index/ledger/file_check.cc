// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The two meta pages of LMDB's format 1 (mdb.c: MDB_page, MDB_meta, MDB_db).

#include "index/ledger/file_check.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "resolver/base/unique_fd.h"

namespace commresolve::index {
namespace {

constexpr uint32_t kMagic = 0xBEEFC0DE;
constexpr uint32_t kVersion = 1;
constexpr uint16_t kMetaPage = 0x08;
constexpr size_t kSmallestPage = 512;
constexpr size_t kLargestPage = 65536;

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

}  // namespace

Status CheckDataFile(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd.valid() && errno == ENOENT) return {};
  struct stat info{};
  if (!fd.valid() || ::fstat(fd.get(), &info) != 0) {
    return Error{Code::kUnavailable, "cannot open " + path + ": " + std::strerror(errno)};
  }
  if (!S_ISREG(info.st_mode)) return NotALedger(path, "not a regular file");
  if (info.st_size == 0) return {};
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
  if (static_cast<uint64_t>(info.st_size) / page_size <= newest.last_page) {
    return NotALedger(path, "it was cut short");
  }
  return {};
}

}  // namespace commresolve::index
