// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Rollover record: which keys may follow a key, said by the old key's owner before he changes it.
//
// It lies at SubjectKey(RecordType::kRollover, old_key). Whoever stole the old key can make one as
// well, so what it is worth depends on how long it has been known before the change.

#ifndef COMMRESOLVE_DHT_RECORD_ROLLOVER_H_
#define COMMRESOLVE_DHT_RECORD_ROLLOVER_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dht/record/envelope.h"

namespace commresolve::dht {

inline constexpr size_t kMaxNewKeys = 8;

struct Rollover {
  KeyId old_key;
  Header header;
  /// As in OwnerRecord.
  std::optional<Ed25519Key> publishing_key;
  UnixTime valid_from = 0;  ///< The new keys are to be accepted from then on.
  /// At most kMaxNewKeys, ascending, distinct, without the old key. None takes back what was said.
  std::vector<KeyId> new_keys;

  bool operator==(const Rollover&) const = default;
};

/// The signed payload. `signer` is the old key itself or a publishing key; publishing_key is not
/// looked at. kInvalidArgument, naming the field, if the record breaks a limit above, is longer
/// than kMaxRecordBytes, or `signer` can not sign it.
Result<std::string> WriteRollover(const Rollover& record, const SigningKey& signer);

/// As ReadOwner().
Result<Rollover> ReadRollover(const DhtKey& key, std::string_view payload, UnixTime now);

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_RECORD_ROLLOVER_H_
