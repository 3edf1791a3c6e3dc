// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Least recently used goes first.

#include "index/certificate/certificate_cache.h"

namespace commresolve::index {

Result<std::shared_ptr<const ParsedCertificate>> CertificateCache::Parse(std::string_view der) {
  const PlainDigest digest{Sha256(der)};
  if (auto parsed = Find(digest)) return parsed;
  COMMRESOLVE_ASSIGN(certificate, ParseCertificate(der));
  auto parsed = std::make_shared<const ParsedCertificate>(std::move(certificate));
  Keep({digest, der.size(), parsed});
  return parsed;
}

std::shared_ptr<const ParsedCertificate> CertificateCache::Find(const PlainDigest& digest) {
  const std::scoped_lock guard(lock_);
  const auto found = by_digest_.find(digest);
  if (found == by_digest_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->parsed;
}

void CertificateCache::Keep(Entry entry) {
  const std::scoped_lock guard(lock_);
  if (entry.bytes > max_bytes_ || by_digest_.contains(entry.digest)) return;
  while (bytes_ + entry.bytes > max_bytes_) {
    bytes_ -= entries_.back().bytes;
    by_digest_.erase(entries_.back().digest);
    entries_.pop_back();
  }
  bytes_ += entry.bytes;
  entries_.push_front(std::move(entry));
  by_digest_.emplace(entries_.front().digest, entries_.begin());
}

}  // namespace commresolve::index
