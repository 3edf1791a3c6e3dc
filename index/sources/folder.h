// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// FolderReader: the files of one folder together, because rows refer to certificates beside them.

#ifndef COMMRESOLVE_INDEX_SOURCES_FOLDER_H_
#define COMMRESOLVE_INDEX_SOURCES_FOLDER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "index/certificate/certificate.h"
#include "index/sources/input.h"
#include "index/sources/reader.h"
#include "index/sources/roles.h"
#include "index/sources/walk.h"

namespace commresolve::index {

/// Bytes done, over all folders.
struct Progress {
  std::function<void(uint64_t done, uint64_t total)> report;
  uint64_t done = 0;
  uint64_t total = 0;

  void Reach(uint64_t bytes) {
    done = bytes;
    if (report) report(done, total);
  }
};

/// Reads in three steps: what roles the rows give, the certificate files, the rows. If the rows
/// refer to certificates that are still missing, the files beside are looked through.
class FolderReader {
 public:
  /// `sink` and `progress` are borrowed for the reader's life.
  FolderReader(UnixTime now, const ReaderSink& sink, Progress& progress)
      : now_(now), sink_(sink), progress_(progress) {}

  /// False if the sink stopped it.
  bool Read(const FolderInputs& inputs);

 private:
  struct Found {
    std::shared_ptr<const ParsedCertificate> parsed;
    std::string der;
    uint64_t offset = 0;
  };

  struct Sorted;
  Sorted Sort(const std::vector<Input>& inputs);
  void CollectRoles();
  void CollectRolesOf(const Input& input);
  void LookBeside();
  void ReadOne(const Input& input, InputKind kind);
  void ReadCertificates(const Input& input, InputKind kind);
  void ReadRows(const Input& input);
  void ReadRow(const Input& input, const Line& line, const JsonRow& row, bool client);
  void ReadInlineRow(const Input& input, const Line& line, const JsonRow& row, bool client);

  bool AddFound(const Input& input, uint64_t offset, std::string der);
  void EndChain(const Input& input);
  void Hold(const Input& input, Found found);
  [[nodiscard]] std::optional<std::string> Find(const CertId& id) const;
  void Emit(const JsonRow& row, Found leaf, const CertId& id, const Input& input, const Line& line);
  void Deliver(Observation observation);
  void LeaveOut(const CertId& id, LeftOut why);

  void Refuse(const Input& input, uint64_t offset, uint64_t line, const std::string& reason);
  ReadFunction Counted(ReadFunction read);

  UnixTime now_;
  const ReaderSink& sink_;
  Progress& progress_;
  bool stopped_ = false;
  std::vector<const Input*> rows_;
  Roles roles_;
  bool roles_collected_ = false;
  std::function<std::vector<Input>()> beside_;  ///< Empty once they were looked through.
  bool looking_beside_ = false;                 ///< Certificates are held, and nothing else.
  std::unordered_map<CertId, std::string> held_;
  uint64_t held_bytes_ = 0;
  std::vector<Found> chain_;  ///< A certificate and its issuers so far.
  std::unordered_set<CertId> left_out_;
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SOURCES_FOLDER_H_
