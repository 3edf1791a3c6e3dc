// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Any bytes as a request at the daemon, and as a reply at the module.

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "grpc/nss_endpoint/codec.h"
#include "nss-module/wire.h"

namespace {

using namespace commresolve;

void Require(bool holds) {
  if (!holds) std::abort();
}

constexpr std::string_view kName = "a.cert.alt";
constexpr uint64_t kId = 0x2a;

void AsReply(const std::string& bytes) {
  nss::Record record;
  const auto status = nss::ReadReply(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size(),
                                     kId, {kName.data(), kName.size(), false}, 1000, &record);
  Require(status <= nss::ReplyStatus::kTryAgain);
  if (status != nss::ReplyStatus::kFound) return;
  Require(record.name == kName && record.head.proved_until > 1000);
  Require(std::strlen(record.canonical) == record.head.canonical_size);
  Require(record.canonical + record.head.canonical_size + 1 == bytes.data() + bytes.size());
}

/// The reply with its sum made right, so that the sum does not keep the fuzzer out.
std::string Signed(std::string bytes) {
  constexpr size_t kRecord = sizeof(nss::Reply);
  if (bytes.size() < kRecord + sizeof(nss::RecordHead)) return bytes;
  const auto sum = static_cast<uint32_t>(
      nss::SipHash({kId, 0}, bytes.data() + kRecord + 4, bytes.size() - kRecord - 4));
  std::memcpy(bytes.data() + kRecord, &sum, sizeof sum);
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const auto request = DecodeRequest(bytes);
  if (request.ok()) {
    Require(size <= kMostNssRequest && request->budget.count() > 0);
    Require(nss::IsOwnName(request->name.data(), request->name.size()));
    char normal[nss::kMostName + 1];
    Require(nss::NormaliseName(request->name.data(), request->name.size(), normal) ==
            request->name.size());
    const std::string reply =
        EncodeReply(*request, {NssStatus::kFound, {.name = request->name, .proved_until = 2000}});
    nss::Record record;
    Require(nss::ReadReply(reinterpret_cast<const uint8_t*>(reply.data()), reply.size(),
                           request->id, {request->name.data(), request->name.size(), false}, 1000,
                           &record) == nss::ReplyStatus::kFound);
  } else {
    Require(!request.error().message.empty());
  }
  AsReply(bytes);
  AsReply(Signed(bytes));
  return 0;
}
