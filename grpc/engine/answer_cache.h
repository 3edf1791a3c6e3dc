// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// AnswerCache: answers from recorded proofs, for as long as nothing they were made of has changed.

#ifndef COMMRESOLVE_GRPC_ENGINE_ANSWER_CACHE_H_
#define COMMRESOLVE_GRPC_ENGINE_ANSWER_CACHE_H_

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "resolver/config/config.h"
#include "resolver/resolution.h"
#include "resolver/trust/known_certs.h"

namespace commresolve::daemon {

/// Everything that an answer from the record depends on, but the time. Two that are equal give the
/// same answer.
struct AnswerBasis {
  std::shared_ptr<const KnownCerts> known;
  std::shared_ptr<const Config> config;
  uint64_t ledger = 0;  ///< Ledger::LastChange().
  bool operator==(const AnswerBasis&) const = default;
};

/// Safe for concurrent use.
class AnswerCache {
 public:
  /// What was put for an equal request and basis, unless its proof is older than max_age by now or
  /// the clock was set back; null otherwise.
  std::shared_ptr<const Resolution> Find(const ResolveRequest& request, const AnswerBasis& basis,
                                         UnixTime now);
  /// Keeps an answer of words or a key that was made at `now` from what is on record; anything else
  /// is not kept. At most a few thousand, of the newest basis.
  void Put(const ResolveRequest& request, const AnswerBasis& basis, UnixTime now,
           const std::shared_ptr<const Resolution>& resolution);

 private:
  struct Entry {
    std::shared_ptr<const Resolution> resolution;
    UnixTime made_at = 0;
  };
  std::mutex lock_;  // Guards what follows.
  AnswerBasis basis_;
  std::unordered_map<std::string, Entry> entries_;
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_ENGINE_ANSWER_CACHE_H_
