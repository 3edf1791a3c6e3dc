// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether a key and a certificate belong together, which gRPC would find out with the first
// connection.

#ifndef COMMRESOLVE_GRPC_DAEMON_KEY_PAIR_H_
#define COMMRESOLVE_GRPC_DAEMON_KEY_PAIR_H_

#include <string>

namespace commresolve::daemon {

/// Of two PEM texts; of the second the first certificate. False also if one of them cannot be read,
/// or the key has a passphrase.
bool KeyBelongs(const std::string& key_pem, const std::string& certificate_pem);

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_DAEMON_KEY_PAIR_H_
