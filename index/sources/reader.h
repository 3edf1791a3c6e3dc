// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reading observations from files: PEM, DER, PKCS#7 and JSON Lines, single or as folders.

#ifndef COMMRESOLVE_INDEX_SOURCES_READER_H_
#define COMMRESOLVE_INDEX_SOURCES_READER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "index/sources/observation.h"
#include "resolver/base/clock.h"
#include "resolver/base/digest.h"
#include "resolver/base/result.h"

namespace commresolve::index {

inline constexpr uint64_t kMaxImportFileBytes = uint64_t{4} << 30;  ///< A larger file is refused.
/// Bytes of certificates of one folder that are held for the rows that refer to them.
inline constexpr uint64_t kMaxHeldBytes = uint64_t{1} << 30;
/// Bytes of files that are not to be read and are looked through for such certificates.
inline constexpr uint64_t kMaxBytesBeside = uint64_t{1} << 30;
inline constexpr size_t kMaxChainLength = 16;  ///< Certificates of one observation.
/// Lines that are not JSON objects, after which the rest of a file is left out.
inline constexpr size_t kMaxBadLines = 100;

/// One thing that was not taken, for the user: "certs.pem:1204: not a certificate: wrong tag".
struct Refusal {
  std::string file;
  uint64_t offset = 0;  ///< Byte offset of the item in a PEM, DER or PKCS#7 file.
  uint64_t line = 0;    ///< Line in a JSON Lines file, from 1; 0 for the others.
  std::string reason;   ///< Safe to print, whatever the file holds.
};

/// Why a sound certificate is not listed as a server's.
enum class LeftOut : uint8_t {
  kIssuer,  ///< A CA, or sent only as part of somebody's chain.
  kClient,  ///< Shown or usable only by clients.
};

/// What a reader hands out. Return false from `on_observation` to stop (Ctrl-C, full disk).
struct ReaderSink {
  std::function<bool(Observation)> on_observation;
  std::function<void(const Refusal&)> on_refusal;
  /// Neither an observation nor a refusal; once for each certificate in a folder. May be empty.
  std::function<void(const CertId&, LeftOut)> on_left_out = {};
  /// Bytes read so far and in all, for a progress bar. May be empty.
  std::function<void(uint64_t done, uint64_t total)> on_progress = {};
  /// The DER of a certificate that was taken earlier, for rows that refer to it. May be empty.
  std::function<std::optional<std::string>(const CertId&)> on_record = {};
};

/// Reads `paths` (files, or folders recursively, in name order; hidden files and links in folders
/// are left out).
///
/// Rules, in docs/import.md: A file is recognised by its content, not its name. Certificates of
/// files that rows of a JSON Lines file in the same folder refer to get their role from the rows:
/// the leaf of an observation, an issuer in a chain, or a client. The others are listed on their
/// own, with `now` as time and "import" as source, unless they are a CA's (CA:TRUE, and not
/// self-signed with a DNS name) or a client's. A leaf followed by its issuers is one chain.
///
/// A row with "sha256" and "ip" is an observation; one with "der_b64" carries its certificate, and
/// without "ip" it is a certificate on its own. A row whose role is "client", and every row of a
/// file named client*.jsonl, is never an observation of a server. Rows of another kind are refused
/// once per file. Equal rows are handed out again and again. chain[0] of an observation stands as
/// it was found, with bytes after the certificate if there were any; the issuers do not.
///
/// Certificates that rows refer to, and that are neither in the files to be read nor on record, are
/// looked for in the other files of the rows' folder, at most kMaxBytesBeside of them.
///
/// A file or line that is too long and a path that cannot be read are refusals, not failures.
/// Failure: kInterrupted if the sink stopped it.
Status ReadObservations(const std::vector<std::string>& paths, UnixTime now,
                        const ReaderSink& sink);

/// The same for one file in memory, as if it stood alone in its folder. Touches no disk.
Status ReadContent(std::string_view content, const std::string& file_name, UnixTime now,
                   const ReaderSink& sink);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SOURCES_READER_H_
