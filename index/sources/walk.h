// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The files that are meant by paths: files themselves, folders with all below them.

#ifndef COMMRESOLVE_INDEX_SOURCES_WALK_H_
#define COMMRESOLVE_INDEX_SOURCES_WALK_H_

#include <functional>
#include <string>
#include <vector>

#include "index/sources/input.h"
#include "resolver/base/result.h"

namespace commresolve::index {

/// The files of one folder, in name order.
using FolderInputs = std::vector<Input>;

/// Every regular file, grouped by its folder, each once. Hidden files and links below a folder are
/// left out; a path that is named itself may be both. What cannot be read goes to `on_refusal`.
/// kNotFound if a path does not exist.
Result<std::vector<FolderInputs>> FilesOf(
    const std::vector<std::string>& paths,
    const std::function<void(const std::string& path, const std::string& reason)>& on_refusal);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SOURCES_WALK_H_
