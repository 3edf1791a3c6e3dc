// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The datagrams of the NSS socket, as the daemon sees them (docs/formats/nss-wire.md).

#ifndef COMMRESOLVE_GRPC_NSS_ENDPOINT_CODEC_H_
#define COMMRESOLVE_GRPC_NSS_ENDPOINT_CODEC_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "grpc/snapshot/snapshot.h"
#include "resolver/base/result.h"

namespace commresolve {

/// No request is longer.
inline constexpr size_t kMostNssRequest = 16 + 253;

/// What a program wants to know.
struct NssRequest {
  std::string name;                     ///< In normal form, under our suffix.
  std::chrono::milliseconds budget{0};  ///< After which it has given up; 1 ms or more.
  uint64_t id = 0;
};

/// The numbers go over the wire.
enum class NssStatus : uint8_t {
  kFound = 0,       ///< Proved: the record says where, and until when.
  kNoSuchName = 1,  ///< Nobody has bound it; asking again gives the same answer.
  kNoAddress = 2,   ///< Bound, and known to have no address.
  kTryAgain = 3,    ///< Not known now: being proved, on hold, unreachable.
};

struct NssAnswer {
  NssStatus status = NssStatus::kTryAgain;
  SnapshotRecord record = {};  ///< With kFound only; its name is taken from the request.
};

/// Reads one datagram. kInvalidArgument if it is anything but a well-formed request.
Result<NssRequest> DecodeRequest(std::string_view datagram);

/// The reply to `request`. A record that must not be written (BuildSnapshot() tells which) becomes
/// kTryAgain.
std::string EncodeReply(const NssRequest& request, const NssAnswer& answer);

}  // namespace commresolve

#endif  // COMMRESOLVE_GRPC_NSS_ENDPOINT_CODEC_H_
