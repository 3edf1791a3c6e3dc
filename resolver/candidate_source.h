// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// CandidateSource: the one interface through which the resolver asks "which keys carry these
// words?". The local index implements it, and so does the DHT. It nominates; it never decides.

#ifndef COMMRESOLVE_RESOLVER_CANDIDATE_SOURCE_H_
#define COMMRESOLVE_RESOLVER_CANDIDATE_SOURCE_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "resolver/base/result.h"
#include "resolver/candidate.h"
#include "resolver/keyword/fold.h"

namespace commresolve {

/// What Find() found.
struct Candidates {
  std::vector<Candidate> list;  ///< One per key, those with a valid public chain first.
  bool complete = true;         ///< False if more keys carry the words than were asked for.
};

/// Implementations are used by one thread at a time.
class CandidateSource {
 public:
  virtual ~CandidateSource() = default;

  /// The keys whose certificate (see Candidate) carries every word of `words`, in any evidence
  /// class, at most `limit` of them. A key with a valid public chain is never left out in favour of
  /// one without: forged text must not be able to hide evidence. An empty list is success. kCorrupt
  /// or kUnavailable if the index cannot be read.
  virtual Result<Candidates> Find(const KeywordSet& words, size_t limit) = 0;

  /// Everything known about `key`, or nothing. kCorrupt or kUnavailable likewise.
  virtual Result<std::optional<Candidate>> FindKey(const KeyId& key) = 0;

  /// The keys that were seen at this address and port, at most 64. kCorrupt or kUnavailable
  /// likewise.
  virtual Result<std::vector<KeyId>> KeysSeenAt(const IpAddress& ip, uint16_t port) = 0;
};

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_CANDIDATE_SOURCE_H_
