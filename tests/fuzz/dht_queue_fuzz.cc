// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Rows of the queue of what is published, on any bytes: contents have one encoding, and whatever is
// taken can be sealed or is refused.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "dht/publish/content.h"
#include "dht/publish/queue_rows.h"

namespace {

using namespace commresolve;
using namespace commresolve::dht;

void FuzzContent(RecordType type, std::string_view input) {
  static const SigningKey kKey = SigningKey::FromSeed({}).value();
  const auto content = Content::Decode(type, input);
  if (!content.ok()) return;
  if (content->Encode() != input || content->type() != type) std::abort();
  if (content->stream().type != type) std::abort();
  const auto payloads = content->Seal({1, UINT32_MAX}, kKey);
  if (!payloads.ok()) return;
  for (const std::string& payload : *payloads) {
    if (payload.size() > kMaxRecordBytes) std::abort();
  }
}

void FuzzState(std::string_view input) {
  const auto state = DecodeState(input);
  if (!state.ok()) return;
  const auto again = DecodeState(EncodeState(*state));
  if (!again.ok() || EncodeState(*again) != EncodeState(*state)) std::abort();
}

void FuzzKeys(std::string_view input) {
  const auto entry = ParseEntryRow(input);
  if (entry.ok() && EntryRow(*entry) != input) std::abort();
  const auto due = ParseDueRow(input);
  if (due.ok() && due->due >= 0 && DueRow(due->stream, due->due) != input) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 6) {
    case 4:
      FuzzState(input);
      break;
    case 5:
      FuzzKeys(input);
      break;
    default:
      FuzzContent(RecordKinds()[data[0] % 6].type, input);
  }
  return 0;
}
