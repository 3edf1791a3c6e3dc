// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The file of observers: what is read can be written, read again as the same, and edited.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "resolver/trust/observers.h"
#include "tests/fuzz/check.h"

namespace commresolve {
namespace {

constexpr size_t kMaxInput = 8'192;

using fuzz::Check;

void CheckAll(std::string_view text) {
  const auto observers = Observers::Parse(text, "fuzz");
  if (!observers.ok()) {
    Check(observers.error().code == Code::kCorrupt, "a refusal is kCorrupt");
    return;
  }
  const std::string written = observers->ToText();
  Check(written == text || written == std::string(text) + "\n", "what was not changed stays");
  Observers edited = *observers;
  for (const NamedObserver& observer : observers->list()) {
    Check(observer.trust >= 1 && observer.trust <= kFullTrust, "trust is in its range");
    Check(observers->Find(ObserverText(observer.id)) == observer, "found by key");
    if (!observer.name.empty()) Check(observers->Find(observer.name) == observer, "and by name");
    NamedObserver other = observer;
    other.trust = kFullTrust + 1 - observer.trust;
    Check(edited.Put(other).ok(), "what was read can be put");
    const auto again = Observers::Parse(edited.ToText(), "fuzz");
    Check(again.ok() && again->list() == edited.list(), "and reads back");
    Check(edited.Remove(observer.id) && !edited.Find(ObserverText(observer.id)), "and removed");
  }
}

}  // namespace
}  // namespace commresolve

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > commresolve::kMaxInput) return 0;
  commresolve::CheckAll({reinterpret_cast<const char*>(data), size});
  return 0;
}
