// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// TLS to a server that is known by its key: neither names nor dates nor issuers of its certificate
// count.

#ifndef COMMRESOLVE_GRPC_CLIENT_PINNED_KEY_H_
#define COMMRESOLVE_GRPC_CLIENT_PINNED_KEY_H_

#include <grpcpp/security/credentials.h>

#include <atomic>
#include <memory>
#include <string>

#include "resolver/base/digest.h"

namespace commresolve::daemon {

/// What a client shows of itself: PEM texts.
struct ClientIdentity {
  std::string certificate;
  std::string key;
};

/// How far the last connection to a server came.
enum class Meeting : uint8_t {
  kNone,      ///< Nobody has proved a key yet.
  kWrongKey,  ///< It proved another key, and was left.
  kRightKey,  ///< It proved the key, and has not answered yet.
  kAnswered,  ///< It has answered since.
};

/// Credentials for a server that proves `key`. `meeting` learns of every handshake, on gRPC's
/// threads.
std::shared_ptr<grpc::ChannelCredentials> PinnedKeyCredentials(
    const KeyId& key, const ClientIdentity& identity,
    std::shared_ptr<std::atomic<Meeting>> meeting);

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_CLIENT_PINNED_KEY_H_
