// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// StatementNews: fetches the statements by which keys let publishing keys speak for them, from
// servers that have just proved these keys, and remembers them.
//
// It works beside look-ups and never because somebody connects or uses a name. No peer is asked: it
// is a connection to a server that this machine knows to hold the key.

#ifndef COMMRESOLVE_GRPC_SHARING_STATEMENT_NEWS_H_
#define COMMRESOLVE_GRPC_SHARING_STATEMENT_NEWS_H_

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "dht/find/places.h"
#include "grpc/sharing/statement_book.h"
#include "resolver/trust/known_certs.h"

namespace commresolve::daemon {

/// Safe for concurrent use, but Look(), which is for one thread.
class StatementNews {
 public:
  /// One fetch of a key's statement in so many seconds, whatever came of it.
  static constexpr int64_t kBetweenFetches = 6LL * 3'600;
  /// A statement that was heard so long ago is fetched anew when its key proves itself again.
  static constexpr int64_t kOld = 86'400;
  /// That of a bound key also when no more than this, and no more than a quarter of its time, is
  /// left.
  static constexpr int64_t kNearEnd = 30LL * 86'400;
  static constexpr size_t kMostWaiting = 64;

  /// As FetchStatement() with a patience of some seconds.
  using Fetch = std::function<Result<std::string>(const KeyId& key, const Endpoint& endpoint,
                                                  const std::atomic<bool>& stop)>;
  /// For the file at `path`; one that cannot be read is as good as none, and is replaced.
  explicit StatementNews(std::string path);
  StatementNews(std::string path, Fetch fetch);

  /// For dht::Acquaintances: the statement of `subject`, if one was fetched and holds at `now`.
  [[nodiscard]] std::optional<dht::Delegation> Of(const KeyId& subject, UnixTime now) const;

  /// A handshake of our own has proved `key` at `endpoint`, which `speaker` had named. Notes what
  /// Look() has to fetch: where a publishing key spoke, and where an owner did of whom there is a
  /// statement that is old. Other protocols than plain TLS are left out.
  void Proved(const KeyId& key, const Endpoint& endpoint, dht::Speaker speaker, UnixTime now);

  /// Fetches one statement, if one is due, and waits for it: some seconds at most; `stop` is looked
  /// at meanwhile. Of the keys that `known` accepts also those whose statement is near its end.
  void Look(const KnownCerts& known, UnixTime now, const std::atomic<bool>& stop);
  /// Writes the file, if anything was learned since. As SaveStatementBook().
  Status Save();

 private:
  [[nodiscard]] bool MayFetch(const KeyId& key, UnixTime now) const;
  void NoteBound(const KnownCerts& known, UnixTime now);
  std::optional<std::pair<KeyId, Endpoint>> TakeDue(const KnownCerts& known, UnixTime now);

  const std::string path_;
  const Fetch fetch_;
  mutable std::mutex lock_;  // Guards what follows.
  StatementBook book_;
  bool changed_ = false;
  std::map<KeyId, Endpoint> waiting_;
  std::map<KeyId, UnixTime> fetched_;  ///< When each key was last asked, for kBetweenFetches.
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SHARING_STATEMENT_NEWS_H_
