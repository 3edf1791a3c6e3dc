// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// FinderStanding: what our own handshakes showed of the finders whose claims were tried.
//
// What it can do: whoever lied about a few keys is not listened to any more, after a restart
// neither, and whose claims held is listed before strangers.
// What it cannot do: a pseudonym costs nothing and changes every week by itself, so a liar comes
// back as a stranger; a stranger is as good as any other stranger and never worse. A liar can first
// earn a good standing with servers of his own. And the owner of a server can make honest finders
// look like liars by taking a word out of its certificate; therefore one key is not enough for
// that, and who was often right may be wrong at times. Standing orders claims; it proves none.

#ifndef COMMRESOLVE_DHT_FIND_FINDER_STANDING_H_
#define COMMRESOLVE_DHT_FIND_FINDER_STANDING_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dht/record/ids.h"
#include "resolver/base/result.h"

namespace commresolve::dht {

enum class FinderRank : uint8_t {
  kUnknown,  ///< Never tried, or not often enough.
  kGood,  ///< At least kLeastRight claims held, and more than kRightPerWrong for each that did not.
  kLiar,  ///< At least kLeastWrong did not hold, and not so many did. He stays one.
};

inline constexpr uint32_t kLeastRight = 3;
inline constexpr uint32_t kLeastWrong = 3;
inline constexpr uint32_t kRightPerWrong = 10;
inline constexpr uint32_t kMostRight = 100;  ///< More are not counted: nobody may save up for lies.
inline constexpr size_t kMaxFinders = 10'000;
inline constexpr size_t kMaxStandingBytes = size_t{1} << 20;

/// What is remembered of a finder.
struct FinderRecord {
  uint32_t right = 0;   ///< Claims that held, up to kMostRight.
  uint32_t wrong = 0;   ///< Claims that did not.
  UnixTime judged = 0;  ///< The last time.
  auto operator<=>(const FinderRecord&) const = default;
};

/// A value; not safe for concurrent use.
class FinderStanding {
 public:
  /// Reads docs/formats/finders.md. kCorrupt, naming `path`, line and field, for what it does not
  /// allow.
  static Result<FinderStanding> Parse(std::string_view text, const std::string& path);
  [[nodiscard]] std::string ToText() const;

  [[nodiscard]] FinderRank Of(const Ed25519Key& finder) const;

  /// Call it when the server of `key` has proved it in a handshake at `now`, 1970 or later, for
  /// each word of its own that a finder claimed: `held` if its certificate carries the word. The
  /// same claim counts once, as long as this object lives and until 10,000 others were judged. Of a
  /// liar nothing more is counted. Beyond kMaxFinders the one whose last judgement is oldest is
  /// forgotten, of those that are no liars if there are any.
  void Judge(const Ed25519Key& finder, const KeyPrefix& key, std::string_view word, bool held,
             UnixTime now);
  [[nodiscard]] size_t size() const { return finders_.size(); }
  [[nodiscard]] const std::map<Ed25519Key, FinderRecord>& all() const { return finders_; }

 private:
  using Age = std::pair<bool, std::pair<UnixTime, Ed25519Key>>;  // Liars last.
  static Age AgeOf(const Ed25519Key& finder, const FinderRecord& record);
  void Keep(const Ed25519Key& finder, const FinderRecord& record);

  std::map<Ed25519Key, FinderRecord> finders_;
  std::set<Age> by_age_;
  std::set<PlainDigest> judged_;
};

/// The file at `path`; nobody is known if there is none. As ReadUserFile(), and kCorrupt as
/// Parse().
Result<FinderStanding> LoadStanding(const std::string& path);
/// As ReplaceFile().
Status SaveStanding(const std::string& path, const FinderStanding& standing);

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_FIND_FINDER_STANDING_H_
