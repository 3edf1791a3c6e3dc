// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// StatementBook: which publishing keys speak for which certificates' keys, as their servers said.
// Its file is `<data>/dht/statements-heard` (docs/formats/sharing.md).

#ifndef COMMRESOLVE_GRPC_SHARING_STATEMENT_BOOK_H_
#define COMMRESOLVE_GRPC_SHARING_STATEMENT_BOOK_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "dht/record/delegation.h"
#include "resolver/endpoint.h"

namespace commresolve::daemon {

/// A statement that was read, and where and when.
struct HeardStatement {
  dht::Delegation said;
  Endpoint where;
  UnixTime heard = 0;
  bool operator==(const HeardStatement&) const = default;
};

/// Used by one thread. Moves and copies.
class StatementBook {
 public:
  static constexpr size_t kMostKeys = 1'000;

  /// Takes a statement that was valid when it was read. Of one key the greatest sequence number
  /// holds, and under one number the first text: of the same text place and time are noted. If
  /// there are too many keys, the one that was heard longest ago goes. True if anything changed.
  bool Add(const HeardStatement& heard);
  /// Forgets what has ended. After the clock was set back, nothing was heard in the future. True if
  /// anything changed.
  bool Tidy(UnixTime now);

  /// Whether it holds or not.
  [[nodiscard]] std::optional<HeardStatement> Of(const KeyId& subject) const;
  [[nodiscard]] size_t size() const { return heard_.size(); }

  /// kCorrupt, naming `path` and line, for what the format does not allow.
  static Result<StatementBook> Parse(std::string_view text, const std::string& path);
  [[nodiscard]] std::string ToText() const;

  bool operator==(const StatementBook&) const = default;

 private:
  bool TakeLine(std::string_view line);

  std::map<KeyId, HeardStatement> heard_;
};

/// Empty for a file that is not there. Otherwise as ReadUserFile() and StatementBook::Parse().
Result<StatementBook> LoadStatementBook(const std::string& path);
/// As ReplaceFile().
Status SaveStatementBook(const std::string& path, const StatementBook& book);

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SHARING_STATEMENT_BOOK_H_
