// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Names of the enums in binding.h.

#include "resolver/trust/binding.h"

#include <algorithm>

namespace commresolve {

const char* TierName(Tier tier) {
  switch (tier) {
    case Tier::kClaimed:
      return "claimed";
    case Tier::kProven:
      return "proven";
    case Tier::kCorroborated:
      return "corroborated";
    case Tier::kContinued:
      return "continued";
    case Tier::kVouched:
      return "vouched";
    case Tier::kPinned:
      return "pinned";
  }
  return "claimed";
}

std::optional<Tier> ParseTier(std::string_view name) {
  for (const Tier tier : {Tier::kClaimed, Tier::kProven, Tier::kCorroborated, Tier::kContinued,
                          Tier::kVouched, Tier::kPinned}) {
    if (name == TierName(tier)) return tier;
  }
  return std::nullopt;
}

const char* VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kMatch:
      return "match";
    case Verdict::kNew:
      return "new";
    case Verdict::kChanged:
      return "changed";
    case Verdict::kRevoked:
      return "revoked";
    case Verdict::kHold:
      return "hold";
  }
  return "hold";
}

bool Binding::Accepts(const KeyId& key) const {
  return !Rejects(key) && std::find(accepted.begin(), accepted.end(), key) != accepted.end();
}

bool Binding::Rejects(const KeyId& key) const {
  return std::find(rejected.begin(), rejected.end(), key) != rejected.end();
}

}  // namespace commresolve
