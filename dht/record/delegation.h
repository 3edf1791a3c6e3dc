// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Delegation: a certificate's key says that an Ed25519 publishing key may sign its records.
//
// It is for keys that are too large to sign records (RSA), and for owners who do not want to keep
// the certificate's key where records are made. It is no record: the owner's server serves it under
// kDelegationPath, and it is longer than one packet.

#ifndef COMMRESOLVE_DHT_RECORD_DELEGATION_H_
#define COMMRESOLVE_DHT_RECORD_DELEGATION_H_

#include <optional>
#include <string>
#include <string_view>

#include "dht/record/ids.h"
#include "dht/record/signature.h"

namespace commresolve::dht {

inline constexpr char kDelegationPath[] = "/.well-known/commresolve-publishing-key";
/// Longer ones are refused; so much is enough to fetch.
inline constexpr size_t kMaxDelegationBytes = 4'096;
/// From valid_from to valid_until at most 400 days.
inline constexpr int64_t kLongestDelegation = 400LL * 86'400;

struct Delegation {
  KeyId subject;  ///< The certificate's key, which signed.
  Ed25519Key publishing_key{};
  uint32_t sequence = 0;  ///< A greater one replaces this one.
  UnixTime valid_from = 0;
  UnixTime valid_until = 0;  ///< No longer valid then.

  bool operator==(const Delegation&) const = default;
};

/// The signed statement; `subject` is not looked at, it is `signer`. kInvalidArgument, naming the
/// field, if the times break a limit above or do not lie between 1970 and 2106.
Result<std::string> WriteDelegation(const Delegation& delegation, const SigningKey& signer);

/// The key that a statement names as its signer, which nobody has checked; nothing if `statement`
/// is malformed.
std::optional<KeyId> ClaimedSubject(std::string_view statement);

/// Reads a statement and checks its signature. kInvalidArgument, naming the field, if it is
/// malformed, is not signed by `subject`, is not valid at `now` (kClockSkew of tolerance), or is
/// longer than kMaxDelegationBytes.
Result<Delegation> ReadDelegation(const KeyId& subject, std::string_view statement, UnixTime now);

/// True if the signer of an owner's record speaks for its subject at `now`: it is the subject
/// itself (no `publishing_key`), or the one that `delegation`, of the same subject, names.
bool Speaks(const KeyId& subject, const std::optional<Ed25519Key>& publishing_key,
            const std::optional<Delegation>& delegation, UnixTime now);

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_RECORD_DELEGATION_H_
