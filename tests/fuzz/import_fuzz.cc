// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Any bytes as a file to import: what comes out is whole, bounded and the same each time.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "index/certificate/certificate.h"
#include "index/sources/reader.h"

namespace {

using namespace commresolve;
using namespace commresolve::index;

void Require(bool holds) {
  if (!holds) std::abort();
}

void RequireObservation(const Observation& observation) {
  Require(!observation.chain.empty() && observation.chain.size() <= kMaxChainLength);
  for (const std::string& der : observation.chain) Require(ParseInBulk(der).ok());
  Require(observation.source == "import" && !observation.proof);
  if (!observation.endpoint) return;
  Require(observation.endpoint->port != 0);
  Require(observation.endpoint->server_name.find('\0') == std::string::npos);
}

struct Counts {
  size_t observed = 0;
  size_t refused = 0;
  size_t left_out = 0;
  bool operator==(const Counts&) const = default;
};

Counts Import(std::string_view input) {
  Counts counts;
  ReaderSink sink;
  sink.on_observation = [&](const Observation& observation) {
    RequireObservation(observation);
    ++counts.observed;
    return true;
  };
  sink.on_refusal = [&](const Refusal& refusal) {
    Require(!refusal.reason.empty());
    ++counts.refused;
  };
  sink.on_left_out = [&](const CertId& /*id*/, LeftOut /*why*/) { ++counts.left_out; };
  Require(ReadContent(input, "file", 0, sink).ok());
  return counts;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  Require(Import(input) == Import(input));
  return 0;
}
