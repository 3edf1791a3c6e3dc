// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Fuzzes the dialogues before TLS. First byte: the protocol; second: into how large pieces the rest
// is cut. However it is cut, the outcome must be the same.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <string>
#include <string_view>

#include "resolver/net/starttls.h"

namespace {

using commresolve::StartTlsStep;

constexpr size_t kMaxReason = 200;

void Check(bool good) {
  if (!good) std::abort();
}

StartTlsStep Play(commresolve::Protocol protocol, std::string_view said, size_t piece) {
  const auto dialogue = commresolve::MakeStartTls(protocol, "im.example");
  StartTlsStep step = dialogue->Feed("");
  while (!said.empty() && step.kind == StartTlsStep::Kind::kContinue) {
    step = dialogue->Feed(said.substr(0, piece));
    said.remove_prefix(std::min(said.size(), piece));
  }
  // Whether bytes stand behind the go-ahead depends on the cut alone.
  if (step.kind == StartTlsStep::Kind::kReady && !said.empty()) {
    step.kind = StartTlsStep::Kind::kFailed;
  }
  return step;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  constexpr commresolve::Protocol kProtocols[] = {
      commresolve::Protocol::kSmtp,       commresolve::Protocol::kImap,
      commresolve::Protocol::kPop3,       commresolve::Protocol::kFtp,
      commresolve::Protocol::kXmppClient, commresolve::Protocol::kXmppServer,
      commresolve::Protocol::kLdap,       commresolve::Protocol::kPostgres};
  const commresolve::Protocol protocol = kProtocols[data[0] % std::size(kProtocols)];
  const size_t piece = data[1] % 64 + 1;
  const std::string_view said(reinterpret_cast<const char*>(data) + 2, size - 2);
  const StartTlsStep whole = Play(protocol, said, std::max<size_t>(said.size(), 1));
  const StartTlsStep cut = Play(protocol, said, piece);
  for (const StartTlsStep& step : {whole, cut}) {
    Check(step.reason.size() <= kMaxReason);
    Check(step.reason.find_first_not_of(
              " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_"
              "`abcdefghijklmnopqrstuvwxyz{|}~") == std::string::npos);
    Check(step.reason.empty() || step.kind == StartTlsStep::Kind::kFailed);
  }
  if (said.size() <= commresolve::StartTls::kMaxPiece) Check(whole.kind == cut.kind);
  return 0;
}
