// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Contents that come into the queue and leave it, and their sequence numbers.
//
// Every change of the queue takes one number for all contents that it changes: the time, or one
// more than the last. So the number of a stream grows with its content even after the entry was
// removed or the clock put back, and no two blocks are ever encrypted alike.

#include <algorithm>
#include <utility>

#include "dht/publish/publish_queue.h"
#include "resolver/base/byte_codec.h"

namespace commresolve::dht {
namespace {

constexpr std::string_view kSequenceRow = "sequence";
/// Contents that are changed at once: about a megabyte of full sets.
constexpr size_t kAtOnce = 256;

Result<uint32_t> NextSequence(const QueueFile::Transaction& transaction, UnixTime now) {
  COMMRESOLVE_ASSIGN(bytes, transaction.Get(QueueTable::kMeta, kSequenceRow));
  uint32_t last = 0;
  if (bytes) {
    ByteReader reader(*bytes);
    last = reader.Fixed32();
    COMMRESOLVE_TRY(reader.Finish("the last sequence number of the queue"));
  }
  const UnixTime next = std::max(now, UnixTime{last} + 1);
  COMMRESOLVE_TRY(CheckTime(next, "queue", "sequence"));
  return static_cast<uint32_t>(next);
}

Status KeepSequence(QueueFile::Transaction& transaction, uint32_t sequence) {
  ByteWriter writer;
  writer.Fixed32(sequence);
  return transaction.Put(QueueTable::kMeta, kSequenceRow, writer.bytes());
}

/// Takes an entry from the tables of what is due and of states. False if there is none.
Result<bool> Unschedule(QueueFile::Transaction& transaction, const Stream& stream) {
  const std::string row = EntryRow(stream);
  COMMRESOLVE_ASSIGN(bytes, transaction.Get(QueueTable::kStates, row));
  if (!bytes) return false;
  COMMRESOLVE_ASSIGN(state, DecodeState(*bytes));
  COMMRESOLVE_TRY(transaction.Delete(QueueTable::kDue, DueRow(stream, state.due)));
  COMMRESOLVE_TRY(transaction.Delete(QueueTable::kStates, row));
  return true;
}

/// False if the content is there already.
Result<bool> PutOne(QueueFile::Transaction& transaction, const Content& content,
                    const EntryState& state) {
  const Stream stream = content.stream();
  const std::string row = EntryRow(stream);
  const std::string bytes = content.Encode();
  COMMRESOLVE_ASSIGN(known, transaction.Get(QueueTable::kContents, row));
  if (known && *known == bytes) return false;
  COMMRESOLVE_TRY(Unschedule(transaction, stream));
  COMMRESOLVE_TRY(transaction.Put(QueueTable::kContents, row, bytes));
  COMMRESOLVE_TRY(transaction.Put(QueueTable::kStates, row, EncodeState(state)));
  COMMRESOLVE_TRY(transaction.Put(QueueTable::kDue, DueRow(stream, state.due), {}));
  return true;
}

}  // namespace

Result<size_t> PublishQueue::PutAll(std::span<const Content> contents, UnixTime now) {
  const std::scoped_lock guard(lock_);
  COMMRESOLVE_ASSIGN(transaction, file_->Write());
  COMMRESOLVE_ASSIGN(sequence, NextSequence(transaction, now));
  EntryState state;
  state.sequence = sequence;
  state.due = now;
  size_t changed = 0;
  for (const Content& content : contents) {
    COMMRESOLVE_ASSIGN(new_or_changed, PutOne(transaction, content, state));
    if (new_or_changed) ++changed;
  }
  if (changed == 0) return changed;
  COMMRESOLVE_TRY(KeepSequence(transaction, sequence));
  COMMRESOLVE_TRY(transaction.Commit());
  return changed;
}

Result<size_t> PublishQueue::RemoveAll(std::span<const Stream> streams) {
  const std::scoped_lock guard(lock_);
  COMMRESOLVE_ASSIGN(transaction, file_->Write());
  size_t removed = 0;
  for (const Stream& stream : streams) {
    COMMRESOLVE_ASSIGN(known, Unschedule(transaction, stream));
    COMMRESOLVE_TRY(transaction.Delete(QueueTable::kContents, EntryRow(stream)));
    if (known) ++removed;
  }
  COMMRESOLVE_TRY(transaction.Commit());
  return removed;
}

Result<bool> PublishQueue::Put(const Content& content, UnixTime now) {
  COMMRESOLVE_ASSIGN(changed, PutAll({&content, 1}, now));
  return changed != 0;
}

Result<bool> PublishQueue::Remove(const Stream& stream) {
  COMMRESOLVE_ASSIGN(removed, RemoveAll({&stream, 1}));
  return removed != 0;
}

std::unique_ptr<PublishQueue::Update> PublishQueue::Replace(RecordType type, UnixTime now) {
  return std::unique_ptr<Update>(new Update(*this, type, now));
}

Result<std::vector<Stream>> PublishQueue::Without(RecordType type,
                                                  const std::set<Stream>& kept) const {
  const std::scoped_lock guard(lock_);
  std::vector<Stream> others;
  COMMRESOLVE_ASSIGN(transaction, file_->Read());
  const std::string prefix = EntryPrefix(type);
  COMMRESOLVE_ASSIGN(row, transaction.Seek(QueueTable::kStates, prefix));
  while (row && row->key.starts_with(prefix)) {
    COMMRESOLVE_ASSIGN(stream, ParseEntryRow(row->key));
    if (!kept.contains(stream)) others.push_back(stream);
    COMMRESOLVE_ASSIGN(next, transaction.Next(QueueTable::kStates));
    row = next;
  }
  return others;
}

Status PublishQueue::Update::Put(Content content) {
  if (content.type() != type_) {
    return Error{Code::kInvalidArgument, "queue: a content of another type"};
  }
  put_.insert(content.stream());
  waiting_.push_back(std::move(content));
  if (waiting_.size() < kAtOnce) return {};
  return Flush();
}

Status PublishQueue::Update::Flush() {
  COMMRESOLVE_ASSIGN(changed, queue_.PutAll(waiting_, now_));
  changed_ += changed;
  waiting_.clear();
  return {};
}

Status PublishQueue::Update::Finish() {
  COMMRESOLVE_TRY(Flush());
  COMMRESOLVE_ASSIGN(others, queue_.Without(type_, put_));
  const std::span<const Stream> all(others);
  for (size_t at = 0; at < all.size(); at += kAtOnce) {
    const auto some = all.subspan(at, std::min(kAtOnce, all.size() - at));
    COMMRESOLVE_ASSIGN(removed, queue_.RemoveAll(some));
    removed_ += removed;
  }
  return {};
}

}  // namespace commresolve::dht
