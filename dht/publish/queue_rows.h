// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Rows of the queue's tables: keys that sort as they are needed, and the state of an entry.

#ifndef COMMRESOLVE_DHT_PUBLISH_QUEUE_ROWS_H_
#define COMMRESOLVE_DHT_PUBLISH_QUEUE_ROWS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "dht/record/freshest.h"

namespace commresolve::dht {

/// How far one content has come. Times of 0: never.
struct EntryState {
  uint32_t sequence = 0;      ///< Grows with the content; the same for all puts of one content.
  UnixTime due = 0;           ///< To be put from then on.
  UnixTime confirmed_at = 0;  ///< When this content was last confirmed by the network.
  UnixTime expires = 0;       ///< The end of what was confirmed then.
  uint32_t replicas = 0;      ///< Nodes that said they have it, after the last put.
  uint32_t failures = 0;      ///< Puts in a row that were not confirmed.

  bool operator==(const EntryState&) const = default;
};

/// Key of a content and of its state: all of one type stand together.
std::string EntryRow(const Stream& stream);
std::string EntryPrefix(RecordType type);
/// The inverse of EntryRow(); kCorrupt.
Result<Stream> ParseEntryRow(std::string_view row);

/// Key in the table of what is due: by type, then by time.
std::string DueRow(const Stream& stream, UnixTime due);
/// Before every row of this type that is due at `due` or later.
std::string DuePrefix(RecordType type, UnixTime due);
struct DueEntry {
  Stream stream;
  UnixTime due = 0;
};
/// The inverse of DueRow(); kCorrupt.
Result<DueEntry> ParseDueRow(std::string_view row);

std::string EncodeState(const EntryState& state);
Result<EntryState> DecodeState(std::string_view bytes);

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_PUBLISH_QUEUE_ROWS_H_
