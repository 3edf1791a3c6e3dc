// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Evidence classes per word, and labels made up of words.

#include "resolver/trust/coverage.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstdint>
#include <optional>

namespace commresolve {
namespace {

using Evidence = std::bitset<8>;  // Indexed by EvidenceClass.

bool Has(Evidence evidence, EvidenceClass wanted) {
  return evidence.test(static_cast<size_t>(wanted));
}

bool IsValidated(Evidence evidence) {
  return Has(evidence, EvidenceClass::kRegistrableLabel) ||
         Has(evidence, EvidenceClass::kSubLabel) || Has(evidence, EvidenceClass::kOrganization) ||
         Has(evidence, EvidenceClass::kVouched);
}

/// True if `label` is all of `words`, each once, in any order, with at most one hyphen between two.
/// Which words were used tells how far the label was read, so 2^8 states cover all 8! orders.
bool MadeUpOf(std::string_view label, const std::vector<std::string>& words) {
  const size_t everything = (size_t{1} << words.size()) - 1;
  std::array<std::optional<size_t>, size_t{1} << kMaxTypedWords> read{};
  read[0] = 0;
  for (size_t used = 0; used < everything; ++used) {
    if (!read[used]) continue;
    size_t at = *read[used];
    if (used != 0 && at < label.size() && label[at] == '-') ++at;
    for (size_t i = 0; i < words.size(); ++i) {
      const size_t bit = size_t{1} << i;
      if ((used & bit) == 0 && label.substr(at).starts_with(words[i])) {
        read[used | bit] = at + words[i].size();
      }
    }
  }
  return read[everything] == label.size();
}

}  // namespace

bool IsDecidingLabel(const KeywordSet& words, std::string_view label) {
  const auto& list = words.words();
  return std::find(list.begin(), list.end(), label) != list.end() || MadeUpOf(label, list);
}

Coverage Cover(const KeywordSet& words, const std::vector<Keyword>& keywords) {
  const auto& list = words.words();
  std::array<Evidence, kMaxTypedWords> evidence{};
  for (const Keyword& keyword : keywords) {
    if (keyword.evidence == EvidenceClass::kRegistrableLabel && MadeUpOf(keyword.word, list)) {
      return {true, true, {}};
    }
    for (size_t i = 0; i < list.size(); ++i) {
      if (keyword.word == list[i]) evidence[i].set(static_cast<size_t>(keyword.evidence));
    }
  }
  Coverage coverage{true, true, {}};
  bool anchored = false;
  for (size_t i = 0; i < list.size(); ++i) {
    if (evidence[i].none()) coverage.all = false;
    if (!IsValidated(evidence[i])) coverage.decisive = false;
    if (evidence[i].any() && !IsValidated(evidence[i])) coverage.self_claimed.push_back(list[i]);
    anchored = anchored || Has(evidence[i], EvidenceClass::kRegistrableLabel) ||
               Has(evidence[i], EvidenceClass::kVouched);
  }
  coverage.decisive = coverage.decisive && anchored;
  return coverage;
}

}  // namespace commresolve
