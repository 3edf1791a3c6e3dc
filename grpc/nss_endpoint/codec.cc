// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads requests from strangers and writes replies to them.

#include "grpc/nss_endpoint/codec.h"

#include <cstring>

#include "grpc/snapshot/record_codec.h"
#include "nss-module/wire.h"

namespace commresolve {
namespace {

static_assert(kMostNssRequest == sizeof(nss::Request) + nss::kMostName);
static_assert(static_cast<int>(NssStatus::kTryAgain) ==
              static_cast<int>(nss::ReplyStatus::kTryAgain));

Error Malformed(const char* why) { return {Code::kInvalidArgument, why}; }

/// The record as it may be sent, or an error.
Result<SnapshotRecord> Sendable(const NssRequest& request, const SnapshotRecord& record) {
  SnapshotRecord sent = record;
  COMMRESOLVE_ASSIGN(name, NormaliseRecordName(request.name, {}));
  sent.name = std::move(name);
  if (!record.canonical_name.empty()) {
    COMMRESOLVE_ASSIGN(canonical, NormaliseRecordName(record.canonical_name, {}));
    sent.canonical_name = std::move(canonical);
  }
  COMMRESOLVE_TRY(CheckAddresses(sent));
  return sent;
}

}  // namespace

Result<NssRequest> DecodeRequest(std::string_view datagram) {
  nss::Request head;
  if (datagram.size() < sizeof head) return Malformed("shorter than its head");
  std::memcpy(&head, datagram.data(), sizeof head);
  const std::string_view name = datagram.substr(sizeof head);
  if (head.size != datagram.size() || head.name_size != name.size()) {
    return Malformed("a length that is not its own");
  }
  if (head.version != nss::kVersion) return Malformed("of another version");
  if (head.operation != nss::kResolveName || head.reserved != 0) return Malformed("not understood");
  if (head.budget_ms == 0) return Malformed("without time to answer");
  char normal[nss::kMostName + 1];
  const size_t size = nss::NormaliseName(name.data(), name.size(), normal);
  if (size == 0 || std::string_view(normal, size) != name) return Malformed("not a normal name");
  if (!nss::IsOwnName(normal, size)) return Malformed("about a name that is not under our suffix");
  return NssRequest{std::string(name), std::chrono::milliseconds(head.budget_ms), head.id};
}

std::string EncodeReply(const NssRequest& request, const NssAnswer& answer) {
  nss::Reply head = {};
  std::string reply(sizeof head, '\0');
  NssStatus status = answer.status;
  if (status == NssStatus::kFound) {
    const auto record = Sendable(request, answer.record);
    if (record.ok()) {
      AppendRecord(*record, {request.id, 0}, &reply);
    } else {
      status = NssStatus::kTryAgain;
    }
  }
  head.size = static_cast<uint16_t>(reply.size());
  head.version = nss::kVersion;
  head.status = static_cast<uint8_t>(status);
  head.id = request.id;
  std::memcpy(reply.data(), &head, sizeof head);
  return reply;
}

}  // namespace commresolve
