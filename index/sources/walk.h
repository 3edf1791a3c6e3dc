// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The files that are meant by paths: files themselves, folders with all below them.

#ifndef COMMRESOLVE_INDEX_SOURCES_WALK_H_
#define COMMRESOLVE_INDEX_SOURCES_WALK_H_

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "index/sources/input.h"

namespace commresolve::index {

inline constexpr size_t kMaxFilesBeside = 10'000;

/// The files of one folder.
struct FolderInputs {
  std::vector<Input> files;  ///< To be read, in name order.
  /// The first kMaxFilesBeside other files there, in name order, hidden ones and links left out.
  /// May be empty: there are none.
  std::function<std::vector<Input>()> beside = {};
};

/// Every regular file, grouped by its folder, each once. Hidden files and links below a folder are
/// left out; a path that is named itself may be both. What cannot be read or does not exist goes to
/// `on_refusal`.
std::vector<FolderInputs> FilesOf(
    const std::vector<std::string>& paths,
    const std::function<void(const std::string& path, const std::string& reason)>& on_refusal);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SOURCES_WALK_H_
