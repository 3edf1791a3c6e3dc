// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One basis at a time: an answer of another one is never looked at again.

#include "grpc/engine/answer_cache.h"

namespace commresolve::daemon {
namespace {

constexpr size_t kMostEntries = 4'096;

/// Empty for a DNS name: which bound certificates carry it, the search index says too.
std::string KeyOf(const ResolveRequest& request) {
  std::string key;
  if (const auto* words = std::get_if<KeywordSet>(&request.name)) key = "w" + words->ToString();
  if (const auto* name = std::get_if<KeyId>(&request.name)) key = "k" + std::string(name->view());
  if (key.empty()) return key;
  const int protocol = request.protocol ? static_cast<int>(*request.protocol) : -1;
  // In front, where no word can look like them.
  return std::to_string(request.port) + ' ' + std::to_string(protocol) + ' ' + key;
}

}  // namespace

std::shared_ptr<const Resolution> AnswerCache::Find(const ResolveRequest& request,
                                                    const AnswerBasis& basis, UnixTime now) {
  const std::string key = KeyOf(request);
  const std::scoped_lock guard(lock_);
  if (key.empty() || basis != basis_) return nullptr;
  const auto found = entries_.find(key);
  if (found == entries_.end()) return nullptr;
  const Entry& entry = found->second;
  const UnixTime oldest = now - basis.config->resolver.max_age;
  if (now < entry.made_at || entry.resolution->answer->proved_at < oldest) return nullptr;
  return entry.resolution;
}

void AnswerCache::Put(const ResolveRequest& request, const AnswerBasis& basis, UnixTime now,
                      const std::shared_ptr<const Resolution>& resolution) {
  std::string key = KeyOf(request);
  if (key.empty() || !resolution->answer || resolution->answer->fresh) return;
  const std::scoped_lock guard(lock_);
  if (basis != basis_ || entries_.size() >= kMostEntries) entries_.clear();
  basis_ = basis;
  entries_[std::move(key)] = {resolution, now};
}

}  // namespace commresolve::daemon
