// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Walks folders with std::filesystem, without its exceptions.

#include "index/sources/walk.h"

#include <cstdint>
#include <filesystem>
#include <iterator>
#include <map>
#include <set>
#include <system_error>
#include <utility>

namespace commresolve::index {
namespace {

namespace fs = std::filesystem;

/// The regular files of `folder` that are not `taken`.
std::vector<Input> FilesBeside(const fs::path& folder, const std::set<fs::path>& taken) {
  std::map<fs::path, Input> files;
  std::error_code error;
  for (fs::directory_iterator at(folder, error); !error && at != fs::directory_iterator();
       at.increment(error)) {
    const fs::path name = at->path().filename();
    std::error_code unknown;
    if (name.native().starts_with('.') || taken.contains(name)) continue;
    if (!fs::is_regular_file(at->symlink_status(unknown))) continue;
    const uint64_t size = at->file_size(unknown);
    if (!unknown) files.emplace(name, DiskInput(at->path().string(), size));
    if (files.size() > kMaxFilesBeside) files.erase(std::prev(files.end()));
  }
  std::vector<Input> inputs;
  inputs.reserve(files.size());
  for (auto& [name, input] : files) inputs.push_back(std::move(input));
  return inputs;
}

class Walk {
 public:
  using OnRefusal = std::function<void(const std::string&, const std::string&)>;
  explicit Walk(const OnRefusal& on_refusal) : on_refusal_(on_refusal) {}

  void Add(const fs::path& path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (status.type() == fs::file_type::not_found) {
      on_refusal_(path.string(), "does not exist");
    } else if (fs::is_directory(status)) {
      AddFolder(path);
    } else if (fs::is_regular_file(status)) {
      AddFile(path);
    } else {
      on_refusal_(path.string(), error ? error.message() : "not a regular file or folder");
    }
  }

  std::vector<FolderInputs> Take() {
    std::vector<FolderInputs> folders;
    for (const auto& [folder, files] : folders_) {
      FolderInputs& inputs = folders.emplace_back();
      std::set<fs::path> taken;
      for (const auto& [name, file] : files) {
        inputs.files.push_back(DiskInput(file.path, file.size));
        taken.insert(name);
      }
      inputs.beside = [where = folder, taken] { return FilesBeside(where, taken); };
    }
    return folders;
  }

 private:
  void AddFolder(const fs::path& folder) {
    std::error_code error;
    for (fs::directory_iterator at(folder, error); !error && at != fs::directory_iterator();
         at.increment(error)) {
      if (at->path().filename().native().starts_with('.')) continue;
      std::error_code unknown;
      const fs::file_status status = at->symlink_status(unknown);
      if (fs::is_directory(status)) AddFolder(at->path());
      if (fs::is_regular_file(status)) AddFile(at->path());
    }
    if (error) on_refusal_(folder.string(), error.message());
  }

  void AddFile(const fs::path& path) {
    std::error_code error;
    const uint64_t size = fs::file_size(path, error);
    if (error) return on_refusal_(path.string(), error.message());
    const fs::path parent = path.has_parent_path() ? path.parent_path() : fs::path(".");
    const fs::path folder = fs::canonical(parent, error);
    folders_[error ? parent : folder].try_emplace(path.filename(), File{path.string(), size});
  }

  struct File {
    std::string path;  ///< As the user wrote it.
    uint64_t size = 0;
  };

  const OnRefusal& on_refusal_;
  std::map<fs::path, std::map<fs::path, File>> folders_;  ///< By canonical folder and name.
};

}  // namespace

std::vector<FolderInputs> FilesOf(
    const std::vector<std::string>& paths,
    const std::function<void(const std::string&, const std::string&)>& on_refusal) {
  Walk walk(on_refusal);
  for (const std::string& path : paths) walk.Add(path);
  return walk.Take();
}

}  // namespace commresolve::index
