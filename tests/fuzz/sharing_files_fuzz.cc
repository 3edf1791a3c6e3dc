// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The files of what a user shares and of what owners said: what is read is what would be written.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "grpc/sharing/announcements.h"
#include "grpc/sharing/membership.h"
#include "grpc/sharing/rollover_book.h"
#include "grpc/sharing/rollovers.h"
#include "grpc/sharing/statement_book.h"
#include "tests/fuzz/check.h"

namespace commresolve::daemon {
namespace {

constexpr size_t kMaxInput = 16'384;

using fuzz::Check;

void CheckMembership(std::string_view text) {
  const auto read = ParseMembership(text, "fuzz");
  if (!read.ok()) {
    Check(read.error().code == Code::kCorrupt, "a refusal is kCorrupt");
    return;
  }
  Check(read->bootstrap.size() <= kMaxBootstrap, "peers are bounded");
  const auto again = ParseMembership(ToText(*read), "fuzz");
  Check(again.ok() && *again == *read, "a membership reads back");
}

void CheckAnnouncements(std::string_view text) {
  const auto read = ParseAnnouncements(text, "fuzz");
  if (!read.ok()) {
    Check(read.error().code == Code::kCorrupt, "a refusal is kCorrupt");
    return;
  }
  const auto again = ParseAnnouncements(ToText(*read), "fuzz");
  Check(again.ok() && *again == *read, "announcements read back");
}

void CheckRollovers(std::string_view text) {
  const auto read = ParseRollovers(text, "fuzz");
  if (!read.ok()) {
    Check(read.error().code == Code::kCorrupt, "a refusal is kCorrupt");
    return;
  }
  for (const RolloverStatement& one : *read) {
    Check(one.new_keys.size() <= dht::kMaxNewKeys, "new keys are bounded");
  }
  const auto again = ParseRollovers(ToText(*read), "fuzz");
  Check(again.ok() && *again == *read, "rollovers read back");
}

void CheckBook(std::string_view text) {
  const auto read = RolloverBook::Parse(text, "fuzz");
  if (!read.ok()) {
    Check(read.error().code == Code::kCorrupt, "a refusal is kCorrupt");
    return;
  }
  const auto again = RolloverBook::Parse(read->ToText(), "fuzz");
  Check(again.ok() && *again == *read, "what owners said reads back");
}

void CheckStatements(std::string_view text) {
  const auto read = StatementBook::Parse(text, "fuzz");
  if (!read.ok()) {
    Check(read.error().code == Code::kCorrupt, "a refusal is kCorrupt");
    return;
  }
  Check(read->size() <= StatementBook::kMostKeys, "keys are bounded");
  const auto again = StatementBook::Parse(read->ToText(), "fuzz");
  Check(again.ok() && *again == *read, "what servers served reads back");
}

}  // namespace
}  // namespace commresolve::daemon

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > commresolve::daemon::kMaxInput) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  commresolve::daemon::CheckMembership(text);
  commresolve::daemon::CheckAnnouncements(text);
  commresolve::daemon::CheckRollovers(text);
  commresolve::daemon::CheckBook(text);
  commresolve::daemon::CheckStatements(text);
  return 0;
}
