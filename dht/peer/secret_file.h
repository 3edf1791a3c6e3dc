// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The secret that pseudonyms are made of: 32 random bytes in a file of mode 0600.

#ifndef COMMRESOLVE_DHT_PEER_SECRET_FILE_H_
#define COMMRESOLVE_DHT_PEER_SECRET_FILE_H_

#include <array>
#include <cstdint>
#include <string>

#include "resolver/base/result.h"

namespace commresolve::dht {

using Secret = std::array<uint8_t, 32>;

/// The secret in the file at `path`, a hexadecimal line; made from OpenSSL's random numbers if
/// there is no file. As ReadUserFile(); kCorrupt if it is anything else; kUnavailable if it cannot
/// be written; kInternal if there are no random numbers.
Result<Secret> LoadOrMakeSecret(const std::string& path);

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_PEER_SECRET_FILE_H_
