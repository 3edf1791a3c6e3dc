// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reading observations from files: PEM, DER, PKCS#7 and JSON Lines, single or as folders.

#ifndef COMMRESOLVE_INDEX_SOURCES_READER_H_
#define COMMRESOLVE_INDEX_SOURCES_READER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "index/sources/observation.h"
#include "resolver/base/result.h"

namespace commresolve::index {

/// One thing that was not taken, for the user: "certs.pem:1204: not a certificate: wrong tag".
struct Refusal {
  std::string file;
  uint64_t offset = 0;  ///< Byte offset of the item in a PEM, DER or PKCS#7 file.
  uint64_t line = 0;    ///< Line in a JSON Lines file, from 1; 0 for the others.
  std::string reason;
};

/// What a reader hands out. Return false from `on_observation` to stop (Ctrl-C, full disk).
struct ReaderSink {
  std::function<bool(Observation)> on_observation;
  std::function<void(const Refusal&)> on_refusal;
  /// Bytes read so far and in all, for a progress bar. May be empty.
  std::function<void(uint64_t done, uint64_t total)> on_progress;
};

/// Reads `paths` (files, or folders recursively, in name order; hidden files and links are left
/// out).
///
/// Rules, in docs/import.md: A file is recognised by its content, not its name. Certificates of
/// files that rows of a JSON Lines file in the same folder refer to by sha256 get their role from
/// the rows; the others are listed on their own, with `now` as time and "import" as source, unless
/// they are a CA or client certificate. A PEM file with a leaf followed by its issuers is one
/// chain. Rows without "sha256" but with "der_b64" carry their certificate. A row whose role is
/// "client", and every row of a file named client*.jsonl, is never an observation of a server. Rows
/// of another kind (no sha256 and no der_b64) are refused once per file.
///
/// A file over 4 GiB, a line over 1 MiB, and a path that cannot be read are refusals, not failures.
/// Failure: kNotFound if a path does not exist, kInterrupted if the sink stopped it.
Status ReadObservations(const std::vector<std::string>& paths, UnixTime now,
                        const ReaderSink& sink);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SOURCES_READER_H_
