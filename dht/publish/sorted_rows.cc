// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A merge sort with files: length byte and row, again and again.

#include "dht/publish/sorted_rows.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <queue>
#include <utility>

namespace commresolve::dht {
namespace {

Error DiskError(const std::string& folder) {
  return {Code::kUnavailable, "cannot sort in " + folder + ": " + std::strerror(errno)};
}

struct Head {
  std::string row;
  size_t file = 0;
  bool operator>(const Head& other) const { return row > other.row; }
};

/// The next row of a file; false at its end.
Result<bool> ReadRow(std::FILE* file, std::string* row, const std::string& folder) {
  const int size = std::fgetc(file);
  if (size == EOF && std::ferror(file) == 0) return false;
  row->resize(size == EOF ? 1 : static_cast<size_t>(size));
  if (std::fread(row->data(), 1, row->size(), file) == row->size()) return true;
  return DiskError(folder);
}

}  // namespace

Status SortedRows::Add(std::string_view row) {
  if (row.empty() || row.size() > kMaxRowBytes) {
    return Error{Code::kInvalidArgument, "a row to sort has not 1 to 255 bytes"};
  }
  places_.push_back({bytes_.size(), static_cast<uint8_t>(row.size())});
  bytes_.append(row);
  if (bytes_.size() + places_.size() * sizeof(Place) < memory_) return {};
  return Spill();
}

void SortedRows::Sort() {
  std::ranges::sort(places_, {}, [this](const Place& place) { return View(place); });
}

Status SortedRows::Spill() {
  Sort();
  std::string path = folder_ + "/sort.XXXXXX";
  const int fd = ::mkostemp(path.data(), O_CLOEXEC);
  if (fd < 0) return DiskError(folder_);
  static_cast<void>(::unlink(path.c_str()));
  File file(::fdopen(fd, "w+"));
  if (file == nullptr) {
    static_cast<void>(::close(fd));
    return DiskError(folder_);
  }
  for (const Place& place : places_) {
    const std::string_view row = View(place);
    if (std::fputc(place.size, file.get()) == EOF ||
        std::fwrite(row.data(), 1, row.size(), file.get()) != row.size()) {
      return DiskError(folder_);
    }
  }
  if (std::fflush(file.get()) != 0 || std::fseek(file.get(), 0, SEEK_SET) != 0) {
    return DiskError(folder_);
  }
  files_.push_back(std::move(file));
  bytes_.clear();
  places_.clear();
  return {};
}

Status SortedRows::Each(const std::function<Status(std::string_view)>& take) {
  if (files_.empty()) {
    Sort();
    for (const Place& place : places_) COMMRESOLVE_TRY(take(View(place)));
    return {};
  }
  if (!places_.empty()) COMMRESOLVE_TRY(Spill());
  std::priority_queue<Head, std::vector<Head>, std::greater<>> heads;
  for (size_t i = 0; i < files_.size(); ++i) {
    Head head{{}, i};
    COMMRESOLVE_ASSIGN(more, ReadRow(files_[i].get(), &head.row, folder_));
    if (more) heads.push(std::move(head));
  }
  while (!heads.empty()) {
    Head head = heads.top();
    heads.pop();
    COMMRESOLVE_TRY(take(head.row));
    COMMRESOLVE_ASSIGN(more, ReadRow(files_[head.file].get(), &head.row, folder_));
    if (more) heads.push(std::move(head));
  }
  return {};
}

}  // namespace commresolve::dht
