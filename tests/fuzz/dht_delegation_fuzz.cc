// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Delegations on any bytes: kind 0 as they are served; kind 1 unsigned, and signed here.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "resolver/base/byte_codec.h"
#include "tests/dht/record/samples.h"

namespace {

using namespace commresolve;
using namespace commresolve::dht;

const SigningKey& FuzzKey() {
  static const SigningKey key = SeedKey(3);
  return key;
}

std::string Signed(std::string_view statement) {
  const std::string context = "commresolve dht delegation v1";
  std::string message = context + '\0';
  message += statement;
  return std::string(statement) + *FuzzKey().Sign(message);
}

/// The key that the statement says it is signed with, whosever it is.
KeyId SignerOf(const std::string& statement) {
  constexpr size_t kSizeAt = 46;
  ByteReader reader(std::string_view(statement).substr(std::min(kSizeAt, statement.size())));
  return KeyId{Sha256(reader.Raw(reader.Fixed16()))};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string statement = (data[0] & 1) == 0 ? std::string(rest) : Signed(rest);
  const KeyId signer = SignerOf(statement);
  const auto delegation = ReadDelegation(signer, statement, kNow);
  if (!delegation.ok() || signer != FuzzKey().id()) return 0;
  // What is taken is, written again, the same bytes.
  const auto again = WriteDelegation(*delegation, FuzzKey());
  if (!again.ok() || *again != statement) std::abort();
  return 0;
}
