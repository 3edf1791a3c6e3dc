// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The file of the user's announcements: `<data>/dht/announcements` (docs/formats/sharing.md).

#ifndef COMMRESOLVE_GRPC_SHARING_ANNOUNCEMENTS_H_
#define COMMRESOLVE_GRPC_SHARING_ANNOUNCEMENTS_H_

#include <string>
#include <string_view>
#include <vector>

#include "dht/record/owner.h"
#include "grpc/sharing/sharing.h"

namespace commresolve::daemon {

inline constexpr size_t kMaxAnnouncements = 1'000;

/// An announcement, and since when it is so.
struct DatedAnnouncement {
  Announcement announcement;
  UnixTime since = 0;
  bool operator==(const DatedAnnouncement&) const = default;
};

/// kCorrupt, naming `path` and line, for what the format does not allow.
Result<std::vector<DatedAnnouncement>> ParseAnnouncements(std::string_view text,
                                                          const std::string& path);
std::string ToText(const std::vector<DatedAnnouncement>& announcements);

/// As ReadUserFile() and ParseAnnouncements(); none if there is no file.
Result<std::vector<DatedAnnouncement>> LoadAnnouncements(const std::string& path);
/// As ReplaceFile().
Status SaveAnnouncements(const std::string& path,
                         const std::vector<DatedAnnouncement>& announcements);

/// What is put for it. Header and publishing key are left at their defaults.
dht::OwnerRecord RecordOf(const DatedAnnouncement& dated);

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SHARING_ANNOUNCEMENTS_H_
