// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keys that a person names by a file.

#ifndef COMMRESOLVE_CLI_KEY_FILE_H_
#define COMMRESOLVE_CLI_KEY_FILE_H_

#include <string>

#include "resolver/base/digest.h"
#include "resolver/base/result.h"

namespace commresolve::cli {

/// `path` without "." and "..", from the root on, as the daemon needs it.
std::string AbsolutePath(const std::string& path);

/// The key that `text` is (see ParseKey()), or that the PEM file of this name holds: of its first
/// certificate, else its public key, else its private key without passphrase. kInvalidArgument if
/// it holds none of these; as ReadFile() if it cannot be read.
Result<KeyId> KeyOrKeyOfFile(const std::string& text);

}  // namespace commresolve::cli

#endif  // COMMRESOLVE_CLI_KEY_FILE_H_
