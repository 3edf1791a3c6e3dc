// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The key-change table: given a key that answered and what is known about it, which verdict?
//
// A pure function, first match wins, one row per rule of docs/trust-model.md, asked in the order 1,
// 2, 3, 4, 5, 6, 7, 6b, 8. (6b comes after 7, because it holds where 7 has an answer.) Golden
// vectors for every row are in tests/resolver/trust/testdata/key_change.txt.
//
// Evidence that this version cannot gather (OpenPGP pins, DNSSEC, verified CT inclusion) is part of
// the input, so that the rows exist and are tested. Every default below means "unknown", and what
// is unknown never makes a row match.

#ifndef COMMRESOLVE_RESOLVER_TRUST_KEY_CHANGE_H_
#define COMMRESOLVE_RESOLVER_TRUST_KEY_CHANGE_H_

#include <cstdint>
#include <string>

#include "resolver/base/clock.h"
#include "resolver/trust/binding.h"

namespace commresolve {

/// What the observers the user trusts say.
enum class ObserverView : uint8_t {
  kNobodyToAsk,     ///< No trusted observer, or no answer.
  kOnlyOldKey,      ///< They still see only the old key.
  kEveryoneNewKey,  ///< They see the new key too.
};

/// Whether the new certificate is known to be in Certificate Transparency logs.
enum class CtEvidence : uint8_t {
  kNone,      ///< No sign of it.
  kEmbedded,  ///< SCTs inside the part the CA signed; their own signatures were not checked.
  kLogged,    ///< Inclusion was verified.
};

/// Setting `renewal`: what to do with a public certificate that nobody else can confirm (row 6b
/// and, without observers, row 7).
enum class RenewalPolicy : uint8_t { kAccept, kHold };

struct KeyChangeInput {
  bool in_rejected = false;  ///< The key is revoked, for all words or for these.
  bool in_accepted = false;
  bool in_rollover = false;     ///< MayFollow() in rollover.h, or DNSSEC-validated TLSA.
  bool in_signer_pins = false;  ///< Listed in the bound OpenPGP signer's pin set.
  ObserverView observers = ObserverView::kNobodyToAsk;
  /// Old and new key answer at different endpoints, 7 days. Alone this proves patience only: row 7
  /// asks for new_chain_for_name and binding_had_public_chain too.
  bool both_live_for_7_days = false;

  /// The new certificate has a valid public chain now AND stands for the binding's canonical name.
  /// A chain for any other name is no evidence here: everyone can get one for his own. Rows 6, 6b
  /// and 7 match only with it; a binding without canonical name therefore never matches them.
  bool new_chain_for_name = false;
  CtEvidence new_ct = CtEvidence::kNone;
  bool same_issuer_organization = false;  ///< Of the new and the old certificate.
  /// Validity of the old certificate: the newest one around an accepted key that had a valid public
  /// chain itself. (Anybody can make a certificate around a public key; a forged one must not make
  /// a renewal look due.) Both 0 if there is none; the renewal then counts as early.
  UnixTime old_not_before = 0;
  UnixTime old_not_after = 0;
  UnixTime now = 0;

  bool critical = false;  ///< Of the binding.
  bool binding_had_public_chain = false;
  RenewalPolicy renewal = RenewalPolicy::kAccept;
};

struct KeyChangeOutcome {
  Verdict verdict = Verdict::kChanged;
  bool add_key = false;  ///< The caller adds the key to the accepted set.
  bool notice = false;   ///< The user is told although it matches.
  const char* row = "";  ///< "1", ..., "6b", "8", "none": the row of docs/trust-model.md.
  std::string reason;    ///< One line for people.
};

/// Pure and total.
KeyChangeOutcome DecideKeyChange(const KeyChangeInput& input);

/// True if at `now` the certificate is expired or in the last third of its own lifetime.
bool RenewalIsDue(UnixTime not_before, UnixTime not_after, UnixTime now);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_TRUST_KEY_CHANGE_H_
