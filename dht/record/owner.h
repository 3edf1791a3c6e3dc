// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Owner record: where a key lives, said by its owner.
//
// It lies at SubjectKey(RecordType::kOwner, subject). It is a hint like any other: an endpoint of
// it is an answer only after a handshake proved the key there.

#ifndef COMMRESOLVE_DHT_RECORD_OWNER_H_
#define COMMRESOLVE_DHT_RECORD_OWNER_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dht/record/envelope.h"
#include "resolver/endpoint.h"

namespace commresolve::dht {

inline constexpr size_t kMaxOwnerEndpoints = 8;
inline constexpr size_t kMaxOwnerNames = 8;

struct OwnerRecord {
  KeyId subject;  ///< The key that it is about.
  Header header;
  /// The Ed25519 key that signed in the name of `subject`; empty if `subject` signed itself. Such a
  /// record is the owner's only if a Delegation of his names this key: ask Speaks() in
  /// delegation.h.
  std::optional<Ed25519Key> publishing_key;
  UnixTime valid_from = 0;  ///< The endpoints hold from then on until header.expires.
  /// Best first, at most kMaxOwnerEndpoints, distinct, with global addresses. A server name is one
  /// of `names` or empty. Without endpoints the record says that the key lives nowhere now.
  std::vector<Endpoint> endpoints;
  /// Host names in normal form, the canonical one first, at most kMaxOwnerNames, distinct.
  std::vector<std::string> names;

  bool operator==(const OwnerRecord&) const = default;
};

/// The signed payload. `signer` is the subject itself or a publishing key; publishing_key is not
/// looked at. kInvalidArgument, naming the field, if the record breaks a limit above, is longer
/// than kMaxRecordBytes, or `signer` can not sign it.
Result<std::string> WriteOwner(const OwnerRecord& record, const SigningKey& signer);

/// Reads a payload that was found under `key`, and checks everything that can be checked without
/// asking anybody: form, limits, expiry at `now`, key and signature. kInvalidArgument, naming the
/// field, otherwise. There is one payload for one record and signature.
Result<OwnerRecord> ReadOwner(const DhtKey& key, std::string_view payload, UnixTime now);

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_RECORD_OWNER_H_
