// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The rows of the key-change table, each a function that either decides or passes on.

#include "resolver/trust/key_change.h"

#include <optional>

namespace commresolve {
namespace {

using Outcome = std::optional<KeyChangeOutcome>;

KeyChangeOutcome Known(const char* row, const char* reason) {
  return {Verdict::kMatch, false, false, row, reason};
}
KeyChangeOutcome Add(const char* row, const char* reason) {
  return {Verdict::kMatch, true, false, row, reason};
}
KeyChangeOutcome AddWithNotice(const char* row, const char* reason) {
  return {Verdict::kMatch, true, true, row, reason};
}
KeyChangeOutcome Hold(const char* row, const char* reason) {
  return {Verdict::kHold, false, false, row, reason};
}

/// The renewal that the owner of the old certificate had to make about now.
bool IsRoutine(const KeyChangeInput& in) {
  return in.same_issuer_organization && RenewalIsDue(in.old_not_before, in.old_not_after, in.now);
}

Outcome ConfirmedRenewal(const KeyChangeInput& in) {
  if (in.observers != ObserverView::kEveryoneNewKey || !in.new_chain_for_name ||
      in.new_ct != CtEvidence::kLogged) {
    return std::nullopt;
  }
  if (IsRoutine(in)) return Add("6", "renewed when due by the same issuer, and everyone sees it");
  if (in.critical) return Hold("6", "renewed early or by another issuer, and this one is critical");
  return AddWithNotice("6", "renewed early or by another issuer, and everyone sees it");
}

Outcome SeveralKeys(const KeyChangeInput& in) {
  if (!in.both_live_for_7_days || !in.new_chain_for_name || !in.binding_had_public_chain) {
    return std::nullopt;
  }
  const bool unconfirmed = in.observers == ObserverView::kNobodyToAsk;
  if (in.critical) return Hold("7", "a second key beside the bound one, and this one is critical");
  if (unconfirmed && in.renewal == RenewalPolicy::kHold) {
    return Hold("7", "a second key beside the bound one that nobody else confirms");
  }
  return AddWithNotice("7", "both keys answer at different endpoints for 7 days: one identity");
}

Outcome UnconfirmedRenewal(const KeyChangeInput& in) {
  if (in.observers != ObserverView::kNobodyToAsk || !in.new_chain_for_name ||
      in.new_ct == CtEvidence::kNone) {
    return std::nullopt;
  }
  if (in.critical) return Hold("6b", "renewed, but nobody confirms it and this one is critical");
  if (!in.binding_had_public_chain) {
    return Hold("6b", "a public certificate now, but it was bound without one");
  }
  if (!IsRoutine(in)) {
    return Hold("6b", "renewed early or by another issuer, and nobody confirms it");
  }
  if (in.renewal == RenewalPolicy::kHold) {
    return Hold("6b", "renewed when due by the same issuer, but renewal = hold");
  }
  return AddWithNotice("6b", "renewed when due by the same issuer");
}

}  // namespace

KeyChangeOutcome DecideKeyChange(const KeyChangeInput& input) {
  if (input.in_rejected) return {Verdict::kRevoked, false, false, "1", "this key was rejected"};
  if (input.in_accepted) return Known("2", "an accepted key");
  if (input.in_rollover) return Add("3", "announced by a key that was accepted already");
  if (input.in_signer_pins) return Add("4", "listed by the signer bound to it");
  if (input.observers == ObserverView::kOnlyOldKey) {
    return Hold("5", "only you see this key: everyone else still sees the old one");
  }
  if (auto outcome = ConfirmedRenewal(input)) return *outcome;
  if (auto outcome = SeveralKeys(input)) return *outcome;
  if (auto outcome = UnconfirmedRenewal(input)) return *outcome;
  if (input.observers == ObserverView::kEveryoneNewKey) {
    return Hold("8", "everyone sees the new key, but nothing proves the change");
  }
  return {Verdict::kChanged, false, false, "none", "another key than bound, and nothing proves it"};
}

bool RenewalIsDue(UnixTime not_before, UnixTime not_after, UnixTime now) {
  if (not_after <= not_before) return false;
  if (now > not_after) return true;
  // Unsigned, because differences of any two int64_t fit there.
  const uint64_t lifetime = static_cast<uint64_t>(not_after) - static_cast<uint64_t>(not_before);
  const uint64_t rest = static_cast<uint64_t>(not_after) - static_cast<uint64_t>(now);
  return rest <= lifetime / 3;
}

}  // namespace commresolve
