// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// CertificateCache: certificates that were parsed lately, so that one which is looked at again and
// again is parsed once.

#ifndef COMMRESOLVE_INDEX_CERTIFICATE_CERTIFICATE_CACHE_H_
#define COMMRESOLVE_INDEX_CERTIFICATE_CERTIFICATE_CACHE_H_

#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>

#include "index/certificate/certificate.h"
#include "resolver/base/digest.h"

namespace commresolve::index {

/// Safe for concurrent use.
class CertificateCache {
 public:
  /// Keeps the certificates used last, at most `max_bytes` of DER in all.
  explicit CertificateCache(size_t max_bytes = size_t{2} << 20) : max_bytes_(max_bytes) {}

  /// ParseCertificate(der). What does not parse is not kept.
  Result<std::shared_ptr<const ParsedCertificate>> Parse(std::string_view der);

 private:
  struct Entry {
    PlainDigest digest;  ///< Of all the bytes given, also of those after the certificate.
    size_t bytes = 0;
    std::shared_ptr<const ParsedCertificate> parsed;
  };
  using Entries = std::list<Entry>;

  std::shared_ptr<const ParsedCertificate> Find(const PlainDigest& digest);
  void Keep(Entry entry);

  const size_t max_bytes_;
  std::mutex lock_;  // Guards what follows.
  size_t bytes_ = 0;
  Entries entries_;  // Used last at the front.
  std::map<PlainDigest, Entries::iterator> by_digest_;
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_CERTIFICATE_CERTIFICATE_CACHE_H_
