// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// known_certs: what is read is written back byte for byte, and every binding survives being put,
// hashed and removed.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "resolver/trust/known_certs.h"
#include "tests/fuzz/check.h"

namespace commresolve {
namespace {

constexpr size_t kMaxInput = 8'192;

using fuzz::Check;

KnownCerts MustParse(const std::string& text) {
  auto known = KnownCerts::Parse(text, "fuzz");
  Check(known.ok(), "own text is readable");
  return *std::move(known);
}

void CheckReadingBack(const KnownCerts& known, std::string_view text) {
  Check(known.ToText() == text, "text that was not changed stays");
  const KnownCerts again = MustParse(known.ToText());
  Check(again.bindings() == known.bindings(), "bindings read back");
  Check(again.revoked() == known.revoked(), "revoked keys read back");
}

void CheckBinding(const KnownCerts& known, const Binding& binding) {
  Check(!binding.accepted.empty(), "a binding has a key");
  const auto by_key = known.FindByKey(binding.accepted[0]);
  Check(std::find(by_key.begin(), by_key.end(), binding) != by_key.end(), "found by key");
  if (!binding.words) return;
  Check(known.Find(*binding.words) == binding, "found by words");

  KnownCerts edited = known;
  Check(edited.Put(binding).ok(), "what was read can be put");
  Check(edited.Find(*binding.words) == binding, "and stays what it was");
  Binding hashed = binding;
  hashed.hashed = true;
  Check(edited.Put(hashed).ok(), "it can be hashed");
  const KnownCerts again = MustParse(edited.ToText());
  hashed.name.clear();
  hashed.reason.clear();
  Check(again.Find(*binding.words) == hashed, "found by its hash");
  Check(edited.Remove(*binding.words), "it can be removed");
  Check(!edited.Find(*binding.words), "and is gone then");
  MustParse(edited.ToText());
}

void CheckAll(std::string_view text) {
  const auto known = KnownCerts::Parse(text, "fuzz");
  if (!known.ok()) {
    Check(known.error().code == Code::kCorrupt, "a refusal is kCorrupt");
    return;
  }
  CheckReadingBack(*known, text);
  for (const Binding& binding : known->bindings()) CheckBinding(*known, binding);
  KnownCerts edited = *known;
  for (const RevokedKey& revoked : known->revoked()) {
    Check(known->IsRevoked(revoked.key), "a revoked key is revoked");
    edited.Unrevoke(revoked.key);
    Check(!edited.IsRevoked(revoked.key), "and can be taken back");
    Check(edited.Revoke(revoked).ok(), "and revoked again");
  }
  MustParse(edited.ToText());
}

}  // namespace
}  // namespace commresolve

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > commresolve::kMaxInput) return 0;
  commresolve::CheckAll({reinterpret_cast<const char*>(data), size});
  return 0;
}
