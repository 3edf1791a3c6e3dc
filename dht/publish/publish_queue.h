// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// PublishQueue: what this user publishes, and when each of it is to be put again. Durable.
//
// Records live for a day or a few in the network, and only because their publisher puts them again.
// So an entry stays in the queue until it is removed, and its due time moves on with each put.
// Nothing is taken out to be worked on: a crash at any instant leaves every entry with its last due
// time, and what was under way is put once more, as the same bytes (ExpiryAt() in schedule.h).
//
// It holds the words of the user's index in plain, in files of mode 0600.

#ifndef COMMRESOLVE_DHT_PUBLISH_PUBLISH_QUEUE_H_
#define COMMRESOLVE_DHT_PUBLISH_PUBLISH_QUEUE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "dht/publish/content.h"
#include "dht/publish/queue_file.h"
#include "dht/publish/queue_rows.h"
#include "dht/publish/schedule.h"

namespace commresolve::dht {

struct QueueOptions {
  /// The largest size of the file; 100,000 full sets take about 600 MB.
  size_t max_bytes = sizeof(void*) > 4 ? size_t{16} << 30 : size_t{512} << 20;
  /// What the jitter begins with; 0 for any.
  uint64_t seed = 0;
};

/// An entry whose time has come.
struct DueContent {
  Content content;
  uint32_t sequence = 0;
};

/// What became of the put of one content.
struct PutOutcome {
  Stream stream;
  uint32_t sequence =
      0;  ///< Of the content that was put; if it has another by now, nothing counts.
  bool confirmed = false;
  size_t replicas = 0;
  UnixTime expires = 0;  ///< The end of what was put.
};

/// Of the entries of one type.
struct QueueCounts {
  size_t entries = 0;
  size_t due = 0;          ///< To be put now.
  size_t overdue = 0;      ///< Was confirmed once, but no node keeps that any longer.
  size_t unpublished = 0;  ///< Never confirmed with this content.
  size_t failing = 0;      ///< The last put was not confirmed.
  size_t replicas = 0;     ///< Of all entries together, after the last put of each.

  bool operator==(const QueueCounts&) const = default;
};
/// In the order of RecordKinds().
using CountsByType = std::array<QueueCounts, 4>;

/// Safe for concurrent use. Everything returns kUnavailable if the disk refuses, and kCorrupt if a
/// row is not what was written; what was to be written is then undone.
class PublishQueue {
 public:
  /// Opens or creates the queue in `folder`. As QueueFile::Open(); kCorrupt also for a queue of a
  /// later version of this program. Entries that a clock which was ahead has made due later than
  /// any interval are due at `now`.
  static Result<std::unique_ptr<PublishQueue>> Open(const std::string& folder, UnixTime now,
                                                    const QueueOptions& options = {});

  /// Adds `content`, or replaces the one of the same stream, and makes it due at once. False, and
  /// nothing changes, if it is there already. Durable when it returns.
  Result<bool> Put(const Content& content, UnixTime now);
  /// No longer publishes it; what is out there expires. False if there is none.
  Result<bool> Remove(const Stream& stream);

  /// Replaces all contents of one type by others, few at a time. Ends before its queue.
  class Update {
   public:
    /// As PublishQueue::Put(), but durable at the latest when Finish() returns. kInvalidArgument
    /// for a content of another type.
    Status Put(Content content);
    /// Removes what was not put since the beginning. Without it everything else stays.
    Status Finish();
    /// Of those that were put, and are durable, how many were new or changed; and how many were
    /// removed.
    [[nodiscard]] size_t changed() const { return changed_; }
    [[nodiscard]] size_t removed() const { return removed_; }

   private:
    friend class PublishQueue;
    Update(PublishQueue& queue, RecordType type, UnixTime now)
        : queue_(queue), type_(type), now_(now) {}
    Status Flush();

    PublishQueue& queue_;
    const RecordType type_;
    const UnixTime now_;
    std::vector<Content> waiting_;
    std::set<Stream> put_;  ///< Some 100 bytes each.
    size_t changed_ = 0;
    size_t removed_ = 0;
  };
  std::unique_ptr<Update> Replace(RecordType type, UnixTime now);

  /// At most `limit` entries of `type` that are due at `now`, the longest due first, without those
  /// of the streams `without`. They stay due until Record().
  Result<std::vector<DueContent>> Due(RecordType type, UnixTime now, size_t limit,
                                      const std::set<Stream>& without) const;
  /// Notes what became of puts, and when each is due again. All or nothing.
  Status Record(std::span<const PutOutcome> outcomes, UnixTime now);
  /// Makes everything due at `now`, for after the network was away.
  Status AllDue(UnixTime now);
  /// What a clock that was ahead has made due too late is due at `now`.
  Status PullBack(UnixTime now);

  /// Looks at every entry: some 100 ms for 100,000.
  [[nodiscard]] Result<CountsByType> Counts(UnixTime now) const;
  /// The state of one entry; empty if there is none.
  [[nodiscard]] Result<std::optional<EntryState>> Find(const Stream& stream) const;
  /// kCorrupt unless every content decodes, has one state and stands once among what is due.
  [[nodiscard]] Status Check() const;

 private:
  PublishQueue(std::unique_ptr<QueueFile> file, uint64_t seed)
      : random_(seed), file_(std::move(file)) {}
  using Transaction = QueueFile::Transaction;

  Status OpenFormat();
  Result<size_t> PutAll(std::span<const Content> contents, UnixTime now);
  Result<size_t> RemoveAll(std::span<const Stream> streams);
  Result<std::vector<Stream>> Without(RecordType type, const std::set<Stream>& kept) const;
  Status MakeDue(UnixTime now, const std::function<bool(const DueEntry&)>& wanted);

  mutable std::mutex lock_;  // Guards what follows.
  Random random_;
  std::unique_ptr<QueueFile> file_;
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_PUBLISH_PUBLISH_QUEUE_H_
