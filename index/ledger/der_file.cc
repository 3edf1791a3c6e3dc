// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads at an offset, appends by segments.

#include "index/ledger/der_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "index/ledger/environment.h"

namespace commresolve::index {
namespace {

constexpr size_t kSegment = size_t{1} << 20;
constexpr uint64_t kPage = 4096;
constexpr char kWriting[] = "cannot write the ledger's certificates";

Error Damaged(const CertRecord& record, const char* what) {
  return {Code::kCorrupt, "certificate " + Hex(record.id.view()) + " of the ledger " + what,
          "restore the ledger from a backup, or move it away and import again"};
}

/// True if the disk has refused the data. A file system that knows no such call has not.
bool Refused(int rc) { return rc != 0 && (errno == EIO || errno == ENOSPC || errno == EDQUOT); }

}  // namespace

Result<DerFile> DerFile::Open(const std::string& path) {
  constexpr int kFlags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
  UniqueFd fd(::open(path.c_str(), kFlags, S_IRUSR | S_IWUSR));
  struct stat info{};
  if (!fd.valid() || ::fstat(fd.get(), &info) != 0) return MdbError(errno, "cannot open " + path);
  if (!S_ISREG(info.st_mode)) return MdbError(EINVAL, "cannot open " + path);
  return DerFile(std::move(fd));
}

Result<std::string> DerFile::Read(const CertRecord& record) const {
  std::string der(record.der.length, '\0');
  size_t got = 0;
  while (got < der.size()) {
    const ssize_t n = ::pread(fd_.get(), der.data() + got, der.size() - got,
                              static_cast<off_t>(record.der.offset + got));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return MdbError(errno, "cannot read the ledger's certificates");
    if (n == 0) return Damaged(record, "is cut short");
    got += static_cast<size_t>(n);
  }
  if (Sha256(der) != record.id.bytes) return Damaged(record, "has another digest");
  return der;
}

Result<uint64_t> DerFile::Size() const {
  struct stat info{};
  if (::fstat(fd_.get(), &info) != 0) return MdbError(errno, "cannot read the ledger");
  return static_cast<uint64_t>(info.st_size);
}

DerAppender::DerAppender(const DerFile& file, uint64_t end, uint64_t max_bytes)
    : file_(file), begin_(end), written_(end), max_bytes_(max_bytes) {}

Result<DerPlace> DerAppender::Append(std::string_view der) {
  if (end() + der.size() > max_bytes_) return MdbError(MDB_MAP_FULL, kWriting);
  const DerPlace place{end(), static_cast<uint32_t>(der.size())};
  pending_.append(der);
  if (pending_.size() >= kSegment) COMMRESOLVE_TRY(WriteSegment());
  return place;
}

Status DerAppender::Write(size_t bytes) {
  for (size_t done = 0; done < bytes;) {
    const ssize_t n = ::pwrite(file_.fd_.get(), pending_.data() + done, bytes - done,
                               static_cast<off_t>(written_));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return MdbError(errno, kWriting);
    done += static_cast<size_t>(n);
    written_ += static_cast<uint64_t>(n);
  }
  pending_.erase(0, bytes);
  return {};
}

Status DerAppender::WriteSegment() {
  const Range segment{written_, pending_.size() - end() % kPage};
  COMMRESOLVE_TRY(Write(segment.bytes));
  if (Refused(::sync_file_range(file_.fd_.get(), static_cast<off_t>(segment.begin),
                                static_cast<off_t>(segment.bytes), SYNC_FILE_RANGE_WRITE))) {
    return MdbError(errno, kWriting);
  }
  return Settle(std::exchange(on_its_way_, segment));
}

Status DerAppender::Settle(const Range& range) const {
  if (range.bytes == 0) return {};
  const auto begin = static_cast<off_t>(range.begin);
  const auto bytes = static_cast<off_t>(range.bytes);
  // This call tells of a failure that fdatasync() would not tell again.
  constexpr unsigned kAndWait =
      SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;
  if (Refused(::sync_file_range(file_.fd_.get(), begin, bytes, kAndWait))) {
    return MdbError(errno, kWriting);
  }
  static_cast<void>(::posix_fadvise(file_.fd_.get(), begin, bytes, POSIX_FADV_DONTNEED));
  return {};
}

Status DerAppender::Sync() {
  if (end() == begin_) return {};
  COMMRESOLVE_TRY(Write(pending_.size()));
  COMMRESOLVE_TRY(Settle(std::exchange(on_its_way_, {})));
  if (::fdatasync(file_.fd_.get()) != 0) return MdbError(errno, kWriting);
  begin_ = written_;
  return {};
}

void DerAppender::Undo() {
  pending_.clear();
  if (written_ == begin_) return;
  // If that fails, the next batch writes over it.
  static_cast<void>(!::ftruncate(file_.fd_.get(), static_cast<off_t>(begin_)));
  written_ = begin_;
  on_its_way_ = {};
}

}  // namespace commresolve::index
