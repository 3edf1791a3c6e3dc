// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tiers, verdicts and bindings: the words of the trust rules as types.

#ifndef COMMRESOLVE_RESOLVER_TRUST_BINDING_H_
#define COMMRESOLVE_RESOLVER_TRUST_BINDING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/base/clock.h"
#include "resolver/base/digest.h"
#include "resolver/keyword/fold.h"

namespace commresolve {

/// How well a binding is supported. Only evidence moves it, never a score. Tiers 2 (corroborated)
/// and 4 (vouched) need evidence that nothing in this version gathers, so nothing reaches them.
enum class Tier : uint8_t {
  kClaimed = 0,       ///< Somebody says so.
  kProven = 1,        ///< Our own proof only.
  kCorroborated = 2,  ///< Public chain, CT and observers agree.
  kContinued = 3,     ///< Bound by first use earlier, proved again since.
  kVouched = 4,       ///< A signer the user chose says so.
  kPinned = 5,        ///< The user bound it.
};
/// "claimed", "proven", ...
const char* TierName(Tier tier);
std::optional<Tier> ParseTier(std::string_view name);

/// The outcome of holding a presented key against what is bound. Everything but kMatch refuses.
enum class Verdict : uint8_t {
  kMatch,    ///< An accepted key.
  kNew,      ///< Nothing is bound yet.
  kChanged,  ///< Another key than bound, and nothing proves the change.
  kRevoked,  ///< A key the user rejected.
  kHold,     ///< Evidence contradicts itself; a person has to look.
};
/// "match", "new", "changed", "revoked", "hold".
const char* VerdictName(Verdict verdict);

/// Keyword set -> identity: one line of known_certs (docs/formats/known_certs.md).
struct Binding {
  /// What the user types. Empty only in a listing of a hashed line, whose words nobody can read.
  std::optional<KeywordSet> words;
  bool hashed = false;          ///< Stored as a salted hash of the words, without name and reason.
  std::vector<KeyId> accepted;  ///< The identity's keys; at least one, in the order accepted.
  std::vector<KeyId> rejected;  ///< Refused for these words only; wins over `accepted`.
  Tier tier = Tier::kProven;    ///< kProven, kContinued or kPinned.
  bool critical = false;        ///< Never accepts a changed key without proof or the user.
  bool public_chain = false;    ///< The identity had a valid public chain when it was bound.
  UnixTime since = 0;           ///< When it was bound.
  std::string name;             ///< Canonical DNS name (SNI and DNS hints); may be empty.
  std::string reason;           ///< Why it was bound, one line for people.

  bool operator==(const Binding&) const = default;
  [[nodiscard]] bool Accepts(const KeyId& key) const;
  [[nodiscard]] bool Rejects(const KeyId& key) const;
};

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_TRUST_BINDING_H_
