// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// RolloverBook: what the owners of bound keys said last of the keys that may follow, and since when
// each of these is known. Its file is `<data>/dht/rollovers-heard` (docs/formats/sharing.md).

#ifndef COMMRESOLVE_GRPC_SHARING_ROLLOVER_BOOK_H_
#define COMMRESOLVE_GRPC_SHARING_ROLLOVER_BOOK_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "dht/record/rollover.h"
#include "resolver/trust/rollover.h"

namespace commresolve::daemon {

/// Used by one thread. Moves and copies.
class RolloverBook {
 public:
  static constexpr size_t kMostOldKeys = 1'000;

  /// Takes a record that the old key itself signed and that was valid when it was read, at `now`.
  /// Of one old key the greatest sequence number holds, and with the same number the same text for
  /// longer. A new key is learned anew if it was left out before, or not said without a break. True
  /// if anything changed.
  bool Add(const dht::Rollover& record, UnixTime now);
  /// Forgets old keys that are not `wanted`, and those of which nothing that could have been valid
  /// with the last record still is. After the clock was set back, nothing was learned in the
  /// future. True if anything changed.
  bool Tidy(const std::set<KeyId>& wanted, UnixTime now);

  /// Everything, whether it holds or not.
  [[nodiscard]] std::vector<KnownRollover> known() const;

  /// kCorrupt, naming `path` and line, for what the format does not allow.
  static Result<RolloverBook> Parse(std::string_view text, const std::string& path);
  [[nodiscard]] std::string ToText() const;

  bool operator==(const RolloverBook&) const = default;

 private:
  /// The newest record of an old key.
  struct Said {
    uint32_t sequence = 0;
    UnixTime from = 0;
    UnixTime until = 0;
    std::map<KeyId, UnixTime> learned;  ///< By new key.
    bool operator==(const Said&) const = default;
  };
  static bool Supersedes(const dht::Rollover& record, const Said& said);
  bool TakeOld(std::string_view rest, std::optional<KeyId>& old_key);
  bool TakeNew(std::string_view rest, const std::optional<KeyId>& old_key);

  std::map<KeyId, Said> said_;
};

/// Empty for a file that is not there. Otherwise as ReadUserFile() and RolloverBook::Parse().
Result<RolloverBook> LoadRolloverBook(const std::string& path);
/// As ReplaceFile().
Status SaveRolloverBook(const std::string& path, const RolloverBook& book);

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SHARING_ROLLOVER_BOOK_H_
