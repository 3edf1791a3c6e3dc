// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The snapshot of names that every program of the machine reads through the NSS module.
//
// A snapshot is one immutable file (docs/formats/snapshot.md). The daemon builds a new one whenever
// a name, an address or a proof has changed, and puts it in the place of the old one; a program
// that is reading the old one reads it to the end. Each record names the second at which its proof
// ends. The module never serves it from then on, even if no newer snapshot has come.
//
// All functions are safe for concurrent use on different objects and files.

#ifndef COMMRESOLVE_GRPC_SNAPSHOT_SNAPSHOT_H_
#define COMMRESOLVE_GRPC_SNAPSHOT_SNAPSHOT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/base/clock.h"
#include "resolver/base/result.h"
#include "resolver/endpoint.h"

namespace commresolve {

/// Why a name is in the snapshot. The numbers are stored; the module does not look at them.
enum class RecordKind : uint8_t {
  kBoundWords = 0,  ///< `<word>-<word>.cert.alt`.
  kKeyName = 1,     ///< `<base32 of spki>.key.cert.alt`.
  kBareName = 2,    ///< A bound name without our suffix.
  kDnsName = 3,     ///< A DNS name of a bound certificate.
};

/// One name and the addresses at which its key was proved.
struct SnapshotRecord {
  std::string name;                 ///< Any case; one final dot is dropped.
  std::string canonical_name = {};  ///< What AI_CANONNAME tells programs; empty for `name` itself.
  std::vector<IpAddress> addresses = {};  ///< At most 16 of a family. None: the name exists.
  UnixTime proved_until = 0;              ///< The first second at which it must not be served.
  RecordKind kind = RecordKind::kBoundWords;

  bool operator==(const SnapshotRecord&) const = default;
};

struct SnapshotOptions {
  uint64_t generation = 0;  ///< Grows with each snapshot; for people and tests.
  UnixTime created = 0;
  /// From this second on the whole file is as good as none: also "no such name" has an end.
  UnixTime not_after = 0;
  /// The socket beside the file may know more names under our suffix. False: the file has them all.
  bool socket_allowed = true;
  /// From a cryptographic random source, new for each snapshot: strangers choose the names.
  std::array<uint64_t, 2> seed = {};
  /// The names of this machine, which nobody may bind. The first label of each is refused too.
  std::vector<std::string> host_names = {};
};

/// A record that was left out.
struct SnapshotRefusal {
  size_t index;  ///< In the records given.
  Error error;   ///< kInvalidArgument; the message names the record.
};

struct BuiltSnapshot {
  std::string bytes;
  size_t names = 0;
  std::vector<SnapshotRefusal> refused = {};  ///< By index.
};

/// Builds a snapshot of `records`. Left out, and told in `refused`, is a record
/// - whose name or canonical name is no host name (letters, digits, '-', '_'; labels of at most 63
///   bytes; 253 bytes in all) or would be read as an address ("10.1", "0x7f"),
/// - whose name means this machine or its network: localhost, local, onion and all below them,
/// host_names,
///   and outside our suffix wpad, isatap, _gateway, _outbound as first label,
/// - with more than 16 addresses of one family,
/// - with the name of a record before it.
/// A record whose proof has ended is written; the module reads it as "cannot know".
/// The reverse name of an address is the one whose proof lasts longest, then the one given first.
/// kInvalidArgument if the names do not fit one file: more than 100 million, or 32 GiB.
Result<BuiltSnapshot> BuildSnapshot(std::span<const SnapshotRecord> records,
                                    const SnapshotOptions& options);

/// Puts `bytes` at `path` for everybody to read (mode 0644): temporary file `path`.new beside it,
/// space reserved, written, renamed. One caller at a time for a path. On any failure (kUnavailable)
/// the old file stays and the temporary one is gone; what a killed caller left of it is replaced.
/// It is not synced: after a crash of the machine the daemon writes a new one.
Status PublishSnapshot(const std::string& path, std::string_view bytes);

/// Reads a snapshot as the module does, with the same code.
class SnapshotReader {
 public:
  /// What the head of the file says.
  struct Summary {
    uint64_t generation = 0;
    size_t names = 0;
    UnixTime created = 0;
    UnixTime not_after = 0;
    bool socket_allowed = false;
  };

  /// Takes a whole file. kCorrupt if it is no snapshot, is cut off, its time is over at `now`, or
  /// it was made more than 5 seconds after `now`. Without `now` its times are not looked at.
  static Result<SnapshotReader> Parse(std::string bytes, std::optional<UnixTime> now);

  [[nodiscard]] Summary summary() const;
  /// kNotFound if the name is not there or its proof has ended; kCorrupt; kInvalidArgument if it is
  /// no host name.
  [[nodiscard]] Result<SnapshotRecord> LookUp(std::string_view name, UnixTime now) const;
  [[nodiscard]] Result<SnapshotRecord> LookUp(const IpAddress& address, UnixTime now) const;

 private:
  explicit SnapshotReader(std::string bytes) : bytes_(std::move(bytes)) {}
  std::string bytes_;
};

}  // namespace commresolve

#endif  // COMMRESOLVE_GRPC_SNAPSHOT_SNAPSHOT_H_
