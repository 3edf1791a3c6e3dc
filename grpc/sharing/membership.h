// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The file that remembers what the user chose: `<data>/dht/membership` (docs/formats/sharing.md).

#ifndef COMMRESOLVE_GRPC_SHARING_MEMBERSHIP_H_
#define COMMRESOLVE_GRPC_SHARING_MEMBERSHIP_H_

#include <string>
#include <string_view>

#include "grpc/sharing/sharing.h"

namespace commresolve::daemon {

inline constexpr size_t kMaxBootstrap = 32;

/// kCorrupt, naming `path` and line, for what the format does not allow.
Result<Membership> ParseMembership(std::string_view text, const std::string& path);
std::string ToText(const Membership& membership);

/// As ReadUserFile() and ParseMembership(); nothing is chosen if there is no file.
Result<Membership> LoadMembership(const std::string& path);
/// As ReplaceFile().
Status SaveMembership(const std::string& path, const Membership& membership);

/// Adds what it does not have yet. kInvalidArgument, with nothing changed, for what is no HOST:PORT
/// and for more than kMaxBootstrap.
Status AddBootstrap(const std::vector<std::string>& more, Membership& membership);

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SHARING_MEMBERSHIP_H_
