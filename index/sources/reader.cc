// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Folder by folder through everything that is to be read.

#include "index/sources/reader.h"

#include <utility>

#include "index/sources/folder.h"
#include "index/sources/walk.h"

namespace commresolve::index {
namespace {

Status ReadFolders(const std::vector<FolderInputs>& folders, UnixTime now, const ReaderSink& sink) {
  Progress progress{sink.on_progress};
  for (const FolderInputs& inputs : folders) {
    for (const Input& input : inputs.files) progress.total += input.size;
  }
  for (const FolderInputs& inputs : folders) {
    FolderReader folder(now, sink, progress);
    if (!folder.Read(inputs)) return Error{Code::kInterrupted, "the import was stopped"};
  }
  return {};
}

}  // namespace

Status ReadObservations(const std::vector<std::string>& paths, UnixTime now,
                        const ReaderSink& sink) {
  const auto refuse = [&sink](const std::string& path, const std::string& why) {
    sink.on_refusal({path, 0, 0, why});
  };
  return ReadFolders(FilesOf(paths, refuse), now, sink);
}

Status ReadContent(std::string_view content, const std::string& file_name, UnixTime now,
                   const ReaderSink& sink) {
  return ReadFolders({{.files = {MemoryInput(file_name, content)}}}, now, sink);
}

}  // namespace commresolve::index
