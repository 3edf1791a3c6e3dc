// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Frequencies of terms, asked once.

#include "index/search/frequencies.h"

#include "index/search/terms.h"

namespace commresolve::index {

TermCount Frequencies::Of(const std::string& term, const Xapian::Database& live) {
  const Xapian::rev revision = live.get_revision();
  const auto known = kept_.find(term);
  if (known == kept_.end()) {
    const size_t sealed = IsExact(term) ? exact_->Frequency(term) : sealed_.get_termfreq(term);
    const TermCount count{static_cast<uint32_t>(sealed), live.get_termfreq(term)};
    if (kept_.size() >= kMaxTerms) kept_.clear();
    kept_.emplace(term, Kept{count, revision});
    return count;
  }
  Kept& kept = known->second;
  if (kept.revision != revision) {
    kept.count.live = live.get_termfreq(term);
    kept.revision = revision;
  }
  return kept.count;
}

}  // namespace commresolve::index
