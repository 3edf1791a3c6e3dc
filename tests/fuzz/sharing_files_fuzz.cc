// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The two files of what a user shares: what is read is what would be written.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "grpc/sharing/announcements.h"
#include "grpc/sharing/membership.h"
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

}  // namespace
}  // namespace commresolve::daemon

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > commresolve::daemon::kMaxInput) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  commresolve::daemon::CheckMembership(text);
  commresolve::daemon::CheckAnnouncements(text);
  return 0;
}
