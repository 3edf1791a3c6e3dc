// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The file of what the user says of keys that may follow his own: `<data>/dht/rollovers`
// (docs/formats/sharing.md).

#ifndef COMMRESOLVE_GRPC_SHARING_ROLLOVERS_H_
#define COMMRESOLVE_GRPC_SHARING_ROLLOVERS_H_

#include <string>
#include <string_view>
#include <vector>

#include "dht/record/rollover.h"
#include "grpc/sharing/sharing.h"

namespace commresolve::daemon {

inline constexpr size_t kMaxRollovers = 1'000;

/// kCorrupt, naming `path` and line, for what the format does not allow.
Result<std::vector<RolloverStatement>> ParseRollovers(std::string_view text,
                                                      const std::string& path);
std::string ToText(const std::vector<RolloverStatement>& rollovers);

/// As ReadUserFile() and ParseRollovers(); none if there is no file.
Result<std::vector<RolloverStatement>> LoadRollovers(const std::string& path);
/// As ReplaceFile().
Status SaveRollovers(const std::string& path, const std::vector<RolloverStatement>& rollovers);

/// What is put for it. Header and publishing key are left at their defaults.
dht::Rollover RecordOf(const RolloverStatement& rollover);

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SHARING_ROLLOVERS_H_
