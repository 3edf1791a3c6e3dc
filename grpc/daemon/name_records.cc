// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From bindings to records.

#include "grpc/daemon/name_records.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "resolver/keyword/host_name.h"
#include "resolver/keyword/typed_name.h"

namespace commresolve::daemon {
namespace {

constexpr size_t kMaxPermuted = 3;

struct Proved {
  IpAddress ip;
  bool tls_at_once = false;
  UnixTime at = 0;
};

bool Better(const Proved& a, const Proved& b) {
  return std::tuple(a.tls_at_once, a.at) > std::tuple(b.tls_at_once, b.at);
}

std::vector<KeyId> UsableKeys(const KnownCerts& known, const Binding& binding) {
  std::vector<KeyId> keys;
  for (const KeyId& key : binding.accepted) {
    if (!known.IsRevoked(key) && !binding.Rejects(key)) keys.push_back(key);
  }
  return keys;
}

/// "bugs-debian" and "debian-bugs"; nothing if the words make no label.
std::vector<std::string> Labels(const KeywordSet& words, const std::string& suffix) {
  std::vector<std::string> order = words.words();
  std::vector<std::string> labels;
  do {
    std::string text;
    for (const std::string& word : order) text += (text.empty() ? "" : "-") + word;
    // Also turns words outside ASCII into an A-label.
    const auto host = NormaliseHostName(text + "." + suffix);
    if (host.ok()) labels.push_back(host->substr(0, host->size() - suffix.size() - 1));
  } while (order.size() <= kMaxPermuted && std::ranges::next_permutation(order).found);
  return labels;
}

/// The DNS names of a binding: its own, and those of its certificates with a public chain.
Result<std::vector<std::string>> DnsNames(const Binding& binding, const std::vector<KeyId>& keys,
                                          const KeyLookup& find_key) {
  std::vector<std::string> names;
  if (!binding.name.empty()) names.push_back(binding.name);
  for (const KeyId& key : keys) {
    COMMRESOLVE_ASSIGN(candidate, find_key(key));
    if (!candidate || !candidate->certificate.public_chain.valid) continue;
    for (const std::string& name : candidate->certificate.names) {
      if (!name.starts_with("*.")) names.push_back(name);
    }
  }
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

/// Collects records; of a DNS name that two identities claim, none.
class Collector {
 public:
  void Add(const SnapshotRecord& proved, std::string name, RecordKind kind) {
    SnapshotRecord record = proved;
    record.name = std::move(name);
    record.kind = kind;
    records_.push_back(std::move(record));
  }
  void Claim(const SnapshotRecord& proved, const std::string& name,
             const std::vector<KeyId>& keys) {
    const auto [claim, first] = claims_.try_emplace(name, Claimed{proved, keys, false});
    if (!first && claim->second.keys != keys) claim->second.disputed = true;
  }
  std::vector<SnapshotRecord> Take() {
    for (auto& [name, claim] : claims_) {
      if (!claim.disputed) Add(claim.proved, name, RecordKind::kDnsName);
    }
    return std::move(records_);
  }

 private:
  struct Claimed {
    SnapshotRecord proved;
    std::vector<KeyId> keys;
    bool disputed;
  };
  std::vector<SnapshotRecord> records_;
  std::map<std::string, Claimed> claims_;
};

}  // namespace

Result<SnapshotRecord> ProvedAddresses(const std::vector<KeyId>& keys, const Config& config,
                                       UnixTime now, const KeyLookup& find_key) {
  const int64_t max_age = config.resolver.max_age;
  std::optional<Proved> best[2];
  for (const KeyId& key : keys) {
    COMMRESOLVE_ASSIGN(candidate, find_key(key));
    if (!candidate) continue;
    for (const SeenEndpoint& seen : candidate->endpoints) {
      if (!seen.proved_at || seen.wrong_at) continue;
      if (*seen.proved_at > now || *seen.proved_at + max_age <= now) continue;
      const Proved proved{seen.endpoint.ip, seen.endpoint.protocol == Protocol::kTls,
                          *seen.proved_at};
      std::optional<Proved>& of_family = best[proved.ip.is_v6() ? 1 : 0];
      if (!of_family || Better(proved, *of_family)) of_family = proved;
    }
  }
  SnapshotRecord record;
  for (const auto& proved : best) {
    if (!proved) continue;
    const UnixTime until = proved->at + max_age;
    record.proved_until = record.addresses.empty() ? until : std::min(record.proved_until, until);
    record.addresses.push_back(proved->ip);
  }
  return record;
}

Result<std::vector<SnapshotRecord>> NameRecords(const KnownCerts& known, const Config& config,
                                                UnixTime now, const KeyLookup& find_key) {
  const std::string& suffix = config.resolver.suffix;
  Collector collector;
  for (const Binding& binding : known.bindings()) {
    const std::vector<KeyId> keys = UsableKeys(known, binding);
    COMMRESOLVE_ASSIGN(proved, ProvedAddresses(keys, config, now, find_key));
    COMMRESOLVE_ASSIGN(names, DnsNames(binding, keys, find_key));
    // A disputed name stays disputed while one of the two cannot be reached.
    if (config.resolver.dns_names) {
      for (const std::string& name : names) collector.Claim(proved, name, keys);
    }
    if (proved.addresses.empty()) continue;
    if (binding.words) {
      for (const std::string& label : Labels(*binding.words, suffix)) {
        std::string full = label;
        full.append(".").append(suffix);
        collector.Add(proved, std::move(full), RecordKind::kBoundWords);
        if (config.bare_names) collector.Add(proved, label, RecordKind::kBareName);
      }
    }
    for (const KeyId& key : keys) {
      COMMRESOLVE_ASSIGN(own, ProvedAddresses({key}, config, now, find_key));
      if (!own.addresses.empty()) collector.Add(own, NameOfKey(key, suffix), RecordKind::kKeyName);
    }
  }
  std::vector<SnapshotRecord> records = collector.Take();
  std::erase_if(records, [](const SnapshotRecord& record) { return record.addresses.empty(); });
  return records;
}

bool SameAnswers(const std::vector<SnapshotRecord>& before,
                 const std::vector<SnapshotRecord>& now) {
  return std::ranges::equal(before, now, [](const SnapshotRecord& a, const SnapshotRecord& b) {
    return a.name == b.name && a.canonical_name == b.canonical_name && a.addresses == b.addresses;
  });
}

}  // namespace commresolve::daemon
