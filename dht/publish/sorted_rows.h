// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// SortedRows: more rows than fit into memory, sorted.

#ifndef COMMRESOLVE_DHT_PUBLISH_SORTED_ROWS_H_
#define COMMRESOLVE_DHT_PUBLISH_SORTED_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/base/result.h"

namespace commresolve::dht {

inline constexpr size_t kMaxRowBytes = 255;

/// Rows are kept in memory until there are `memory` bytes of them, then sorted and written to a
/// file without a name, which is gone with the process. At the end these files are merged.
/// Used by one thread.
class SortedRows {
 public:
  /// Files lie in `folder`, which exists.
  SortedRows(std::string folder, size_t memory) : folder_(std::move(folder)), memory_(memory) {}

  /// 1 to kMaxRowBytes bytes. kUnavailable if the disk refuses.
  Status Add(std::string_view row);
  /// Calls `take` with every row, in bytewise order, equal ones as often as they were added. A view
  /// is valid during the call. Stops with the first error of `take`; kUnavailable if the disk
  /// refuses. Once.
  Status Each(const std::function<Status(std::string_view)>& take);
  /// How often memory was full.
  [[nodiscard]] size_t files() const { return files_.size(); }

 private:
  struct Closer {
    void operator()(std::FILE* file) const { static_cast<void>(std::fclose(file)); }
  };
  using File = std::unique_ptr<std::FILE, Closer>;
  struct Place {
    size_t at;
    uint8_t size;
  };
  [[nodiscard]] std::string_view View(const Place& place) const {
    return std::string_view(bytes_).substr(place.at, place.size);
  }
  Status Spill();
  void Sort();

  const std::string folder_;
  const size_t memory_;
  std::string bytes_;
  std::vector<Place> places_;
  std::vector<File> files_;
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_PUBLISH_SORTED_ROWS_H_
