// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Opening the queue, what is due, and what became of it. Contents come in by queue_update.cc.

#include "dht/publish/publish_queue.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "resolver/base/byte_codec.h"

namespace commresolve::dht {
namespace {

constexpr std::string_view kFormatRow = "format";
constexpr uint32_t kQueueFormat = 1;

size_t PlaceOf(RecordType type) {
  return static_cast<size_t>(type) - static_cast<size_t>(RecordKinds().front().type);
}

Result<EntryState> StateOf(const QueueFile::Transaction& transaction, const Stream& stream) {
  COMMRESOLVE_ASSIGN(bytes, transaction.Get(QueueTable::kStates, EntryRow(stream)));
  if (!bytes) return Error{Code::kCorrupt, "an entry of the queue has lost its state"};
  return DecodeState(*bytes);
}

Status Move(QueueFile::Transaction& transaction, const Stream& stream, UnixTime was,
            const EntryState& state) {
  COMMRESOLVE_TRY(transaction.Delete(QueueTable::kDue, DueRow(stream, was)));
  COMMRESOLVE_TRY(transaction.Put(QueueTable::kDue, DueRow(stream, state.due), {}));
  return transaction.Put(QueueTable::kStates, EntryRow(stream), EncodeState(state));
}

void Count(RecordType type, const EntryState& state, UnixTime now, QueueCounts* counts) {
  const UnixTime kept = std::min(state.expires, state.confirmed_at + KindOf(type).stored_for);
  ++counts->entries;
  if (state.due <= now) ++counts->due;
  if (state.confirmed_at == 0) ++counts->unpublished;
  if (state.confirmed_at != 0 && kept <= now) ++counts->overdue;
  if (state.failures != 0) ++counts->failing;
  counts->replicas += state.replicas;
}

Error Inconsistent(const char* why) { return {Code::kCorrupt, std::string("the queue: ") + why}; }

}  // namespace

Result<std::unique_ptr<PublishQueue>> PublishQueue::Open(const std::string& folder, UnixTime now,
                                                         const QueueOptions& options) {
  COMMRESOLVE_ASSIGN(file, QueueFile::Open(folder, options.max_bytes));
  const uint64_t seed = options.seed != 0 ? options.seed : std::random_device{}();
  std::unique_ptr<PublishQueue> queue(new PublishQueue(std::move(file), seed));
  COMMRESOLVE_TRY(queue->OpenFormat());
  COMMRESOLVE_TRY(queue->PullBack(now));
  return queue;
}

Status PublishQueue::OpenFormat() {
  COMMRESOLVE_ASSIGN(transaction, file_->Write());
  COMMRESOLVE_ASSIGN(format, transaction.Get(QueueTable::kMeta, kFormatRow));
  ByteWriter wanted;
  wanted.Fixed32(kQueueFormat);
  if (format) {
    if (*format == wanted.bytes()) return {};
    return Error{Code::kCorrupt, "the queue was written by another version of this program",
                 "move the folder away; what is published is queued anew"};
  }
  COMMRESOLVE_TRY(transaction.Put(QueueTable::kMeta, kFormatRow, wanted.bytes()));
  return transaction.Commit();
}

Result<std::vector<DueContent>> PublishQueue::Due(RecordType type, UnixTime now, size_t limit,
                                                  const std::set<Stream>& without) const {
  const std::scoped_lock guard(lock_);
  std::vector<DueContent> due;
  COMMRESOLVE_ASSIGN(transaction, file_->Read());
  const std::string end = DuePrefix(type, now + 1);
  COMMRESOLVE_ASSIGN(row, transaction.Seek(QueueTable::kDue, DuePrefix(type, 0)));
  while (row && row->key < end && due.size() < limit) {
    COMMRESOLVE_ASSIGN(entry, ParseDueRow(row->key));
    if (!without.contains(entry.stream)) {
      COMMRESOLVE_ASSIGN(state, StateOf(transaction, entry.stream));
      const std::string key = EntryRow(entry.stream);
      COMMRESOLVE_ASSIGN(bytes, transaction.Get(QueueTable::kContents, key));
      if (!bytes) return Inconsistent("an entry has lost its content");
      COMMRESOLVE_ASSIGN(content, Content::Decode(type, *bytes));
      due.push_back({std::move(content), state.sequence});
    }
    COMMRESOLVE_ASSIGN(next, transaction.Next(QueueTable::kDue));
    row = next;
  }
  return due;
}

Status PublishQueue::Record(std::span<const PutOutcome> outcomes, UnixTime now) {
  const std::scoped_lock guard(lock_);
  COMMRESOLVE_ASSIGN(transaction, file_->Write());
  for (const PutOutcome& outcome : outcomes) {
    const Stream& stream = outcome.stream;
    COMMRESOLVE_ASSIGN(bytes, transaction.Get(QueueTable::kStates, EntryRow(stream)));
    if (!bytes) continue;
    COMMRESOLVE_ASSIGN(state, DecodeState(*bytes));
    if (state.sequence != outcome.sequence) continue;
    const UnixTime was = state.due;
    constexpr size_t kMost = std::numeric_limits<uint32_t>::max();
    state.replicas = static_cast<uint32_t>(std::min(outcome.replicas, kMost));
    if (outcome.confirmed) {
      state.confirmed_at = now;
      state.expires = outcome.expires;
      state.failures = 0;
      state.due = AfterSuccess(stream.type, now, random_);
    } else {
      if (state.failures < kMost) ++state.failures;
      state.due = AfterFailure(state.failures, now, random_);
    }
    COMMRESOLVE_TRY(Move(transaction, stream, was, state));
  }
  return transaction.Commit();
}

Status PublishQueue::MakeDue(UnixTime now, const std::function<bool(const DueEntry&)>& wanted) {
  const std::scoped_lock guard(lock_);
  COMMRESOLVE_ASSIGN(transaction, file_->Write());
  std::vector<DueEntry> moving;
  COMMRESOLVE_ASSIGN(row, transaction.Seek(QueueTable::kDue, {}));
  while (row) {
    COMMRESOLVE_ASSIGN(entry, ParseDueRow(row->key));
    if (wanted(entry)) moving.push_back(entry);
    COMMRESOLVE_ASSIGN(next, transaction.Next(QueueTable::kDue));
    row = next;
  }
  for (const DueEntry& entry : moving) {
    COMMRESOLVE_ASSIGN(state, StateOf(transaction, entry.stream));
    state.due = now;
    COMMRESOLVE_TRY(Move(transaction, entry.stream, entry.due, state));
  }
  return transaction.Commit();
}

Status PublishQueue::AllDue(UnixTime now) {
  return MakeDue(now, [now](const DueEntry& entry) { return entry.due > now; });
}

Status PublishQueue::PullBack(UnixTime now) {
  return MakeDue(now, [now](const DueEntry& entry) {
    return entry.due > now + IntervalOf(entry.stream.type).most;
  });
}

Result<CountsByType> PublishQueue::Counts(UnixTime now) const {
  const std::scoped_lock guard(lock_);
  CountsByType counts{};
  COMMRESOLVE_ASSIGN(transaction, file_->Read());
  COMMRESOLVE_ASSIGN(row, transaction.Seek(QueueTable::kStates, {}));
  while (row) {
    COMMRESOLVE_ASSIGN(stream, ParseEntryRow(row->key));
    COMMRESOLVE_ASSIGN(state, DecodeState(row->value));
    Count(stream.type, state, now, &counts[PlaceOf(stream.type)]);
    COMMRESOLVE_ASSIGN(next, transaction.Next(QueueTable::kStates));
    row = next;
  }
  return counts;
}

Result<std::optional<EntryState>> PublishQueue::Find(const Stream& stream) const {
  const std::scoped_lock guard(lock_);
  COMMRESOLVE_ASSIGN(transaction, file_->Read());
  COMMRESOLVE_ASSIGN(bytes, transaction.Get(QueueTable::kStates, EntryRow(stream)));
  if (!bytes) return std::optional<EntryState>();
  COMMRESOLVE_ASSIGN(state, DecodeState(*bytes));
  return std::optional<EntryState>(state);
}

Status PublishQueue::Check() const {
  const std::scoped_lock guard(lock_);
  COMMRESOLVE_ASSIGN(transaction, file_->Read());
  std::array<size_t, kQueueTables> rows{};
  for (const QueueTable table : {QueueTable::kContents, QueueTable::kStates, QueueTable::kDue}) {
    COMMRESOLVE_ASSIGN(row, transaction.Seek(table, {}));
    while (row) {
      ++rows[static_cast<size_t>(table)];
      if (table == QueueTable::kContents) {
        COMMRESOLVE_ASSIGN(stream, ParseEntryRow(row->key));
        COMMRESOLVE_ASSIGN(content, Content::Decode(stream.type, row->value));
        if (content.stream() != stream) return Inconsistent("a content stands in a wrong place");
        COMMRESOLVE_ASSIGN(state, StateOf(transaction, stream));
        COMMRESOLVE_ASSIGN(due, transaction.Get(QueueTable::kDue, DueRow(stream, state.due)));
        if (!due) return Inconsistent("an entry is never due");
      }
      COMMRESOLVE_ASSIGN(next, transaction.Next(table));
      row = next;
    }
  }
  const size_t contents = rows[static_cast<size_t>(QueueTable::kContents)];
  const bool equal = contents == rows[static_cast<size_t>(QueueTable::kStates)] &&
                     contents == rows[static_cast<size_t>(QueueTable::kDue)];
  if (!equal) return Inconsistent("an entry stands in one table only");
  return {};
}

}  // namespace commresolve::dht
