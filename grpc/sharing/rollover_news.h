// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// RolloverNews: which keys may follow bound ones, as their owners said before the change.
//
// It is fetched in the background, every few hours, and never because a name is looked up: what is
// fetched after another key has answered comes too late to count. Peers that are asked learn that
// somebody looks for these keys, so the caller asks only for a user who agreed to that.

#ifndef COMMRESOLVE_GRPC_SHARING_ROLLOVER_NEWS_H_
#define COMMRESOLVE_GRPC_SHARING_ROLLOVER_NEWS_H_

#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "dht/find/getter.h"
#include "grpc/sharing/rollover_book.h"
#include "resolver/rollover_source.h"
#include "resolver/trust/known_certs.h"

namespace commresolve::daemon {

/// Safe for concurrent use, but Look(), which is for one thread.
class RolloverNews final : public RolloverSource {
 public:
  /// For the file at `path`; one that cannot be read is as good as none, and is replaced.
  explicit RolloverNews(std::string path);

  bool MayFollow(const std::vector<KeyId>& old_keys, const KeyId& new_key, UnixTime first_seen,
                 UnixTime now) override;

  /// Fetches what is due of the keys that `known` accepts: of each every 4 to 8 hours, of at most
  /// 16 at one look. Only records that the key itself signed count. Waits for the answers, at most
  /// some five seconds; `stop` is looked at meanwhile. `getter` and `clock` outlive every get.
  void Look(dht::Getter& getter, const Clock& clock, const KnownCerts& known,
            const std::atomic<bool>& stop);
  /// Writes the file, if anything was learned since. As SaveRolloverBook().
  Status Save();

 private:
  [[nodiscard]] std::vector<KeyId> TakeDue(const KnownCerts& known, UnixTime now);

  const std::string path_;
  std::map<KeyId, UnixTime> next_;  ///< When each bound key is asked about again. Of Look().
  std::mt19937_64 random_{std::random_device{}()};  // Of Look().
  std::mutex lock_;                                 // Guards what follows.
  RolloverBook book_;
  bool changed_ = false;
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SHARING_ROLLOVER_NEWS_H_
