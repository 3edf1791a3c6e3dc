// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Observers: the file of the observers that the user chose (docs/formats/observers.md).
//
// Who is not in it changes no decision, whatever he says (quorum.h).

#ifndef COMMRESOLVE_RESOLVER_TRUST_OBSERVERS_H_
#define COMMRESOLVE_RESOLVER_TRUST_OBSERVERS_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/base/result.h"
#include "resolver/trust/quorum.h"

namespace commresolve {

inline constexpr size_t kMaxObservers = 1'000;
inline constexpr size_t kMaxObserversBytes = size_t{1} << 20;
inline constexpr size_t kMaxObserverName = 64;  ///< Bytes.

struct NamedObserver {
  ObserverId id;
  int trust = kUsualTrust;  ///< 1 to kFullTrust.
  std::string name;         ///< What the user calls him: letters, digits, '.', '-', '_'; or empty.
  bool operator==(const NamedObserver&) const = default;
};

/// The content of one file. A value; copies are independent.
class Observers {
 public:
  /// Parses. kCorrupt, naming `path`, line and field, for what the format does not allow; also for
  /// an observer or a name on two lines, and for more than kMaxObservers.
  static Result<Observers> Parse(std::string_view text, const std::string& path);
  /// The text: comments and lines that were not changed are byte-identical to what was parsed.
  [[nodiscard]] std::string ToText() const;

  /// In the order of the file.
  [[nodiscard]] std::vector<NamedObserver> list() const;
  [[nodiscard]] std::vector<ChosenObserver> chosen() const;
  /// By name, or by his key in any form that ParseKey() reads.
  [[nodiscard]] std::optional<NamedObserver> Find(std::string_view name_or_key) const;

  /// Adds him, or gives him another trust or name. kInvalidArgument, with nothing changed, for
  /// trust or a name outside the limits above, a name that another one has, or one too many.
  Status Put(const NamedObserver& observer);
  /// False if he was not in it.
  bool Remove(const ObserverId& id);

 private:
  struct Line {
    std::string text;  // Without line end.
    std::optional<NamedObserver> observer;
  };
  std::vector<Line> lines_;
};

/// Reads the key of an observer as a person may paste it: 52 characters of base32, 64 hex digits,
/// or base64. kInvalidArgument otherwise.
Result<ObserverId> ParseObserver(std::string_view text);
/// Its text in every output and file: base32.
std::string ObserverText(const ObserverId& id);

/// The file at `path` as it stands now; nobody if there is none. As ReadUserFile(), and kCorrupt as
/// Parse().
Result<Observers> LoadObservers(const std::string& path);
/// As EditUserFile(), with 5 seconds of patience.
Status EditObservers(const std::string& path, const std::function<Status(Observers&)>& edit);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_TRUST_OBSERVERS_H_
