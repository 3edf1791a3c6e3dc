// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reading certificates and what is known about a key.

#include <algorithm>
#include <cctype>
#include <set>
#include <unordered_set>

#include "index/ledger/endpoint_collector.h"
#include "index/ledger/ledger.h"
#include "index/ledger/row_key.h"
#include "index/ledger/rows.h"
#include "index/ledger/transaction.h"

namespace commresolve::index {
namespace {

constexpr size_t kMinPrefix = 4;
constexpr size_t kMaxPrefix = 52;

/// The certificate that stands for the key. OpenSSL, which takes fifty times as long, has to read
/// it in the handshake anyway.
Status ReadBest(const Transaction& txn, KeyNo key, Candidate& candidate) {
  COMMRESOLVE_ASSIGN(record, ReadRow(txn, Table::kKeys, key, DecodeKey));
  COMMRESOLVE_ASSIGN(row, ReadRow(txn, Table::kCertificates, record.best, DecodeCertificate));
  COMMRESOLVE_ASSIGN(der, txn.environment()->ders.Read(row));
  const auto parsed = ParseInBulk(der);
  if (!parsed.ok()) {
    return Error{Code::kCorrupt,
                 "certificate " + Hex(row.id.view()) + " of the ledger: " + parsed.error().message};
  }
  const PublicChain chain = row.chain.value_or(PublicChain{});
  candidate.keywords = ExtractKeywords(*parsed, chain.valid, nullptr);
  candidate.certificate = parsed->facts;
  candidate.certificate.public_chain = chain;
  return {};
}

Status ReadSightings(const Transaction& txn, KeyNo key, Candidate& candidate) {
  const std::string prefix = NumberPrefix(key);
  EndpointCollector endpoints;
  std::set<SourceNo> sources;
  COMMRESOLVE_ASSIGN(cursor, txn.Walk(Table::kSightings));
  COMMRESOLVE_ASSIGN(first, cursor.Seek(prefix));
  bool any = false;
  for (bool more = first; more && cursor.key().starts_with(prefix);) {
    COMMRESOLVE_ASSIGN(row, DecodeSightingKey(cursor.key()));
    COMMRESOLVE_ASSIGN(sighting, DecodeSighting(cursor.value()));
    candidate.first_seen =
        any ? std::min(candidate.first_seen, sighting.first_seen) : sighting.first_seen;
    candidate.last_seen =
        any ? std::max(candidate.last_seen, sighting.last_seen) : sighting.last_seen;
    any = true;
    sources.insert(sighting.sources.begin(), sighting.sources.end());
    COMMRESOLVE_TRY(endpoints.Add(row.endpoint, sighting));
    COMMRESOLVE_ASSIGN(next, cursor.Next());
    more = next;
  }
  COMMRESOLVE_ASSIGN(best, endpoints.Take(key, [&txn](const std::string& endpoint) {
    return FindRow(txn, Table::kProofs, endpoint, DecodeProof);
  }));
  candidate.endpoints = std::move(best);
  for (const SourceNo source : sources) {
    COMMRESOLVE_ASSIGN(name, ReadRow(txn, Table::kSourceNames, source, DecodeText));
    candidate.sources.push_back(name);
  }
  return {};
}

// The first bytes of every digest whose base32 begins with `prefix`; spare bits are dropped.
std::string WholeBytes(const std::string& prefix) {
  constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";
  std::string bytes;
  uint32_t bits = 0;
  int count = 0;
  for (const char c : prefix) {
    bits = bits << 5 | static_cast<uint32_t>(kAlphabet.find(c));
    count += 5;
    if (count >= 8) bytes.push_back(static_cast<char>(bits >> (count - 8)));
    if (count >= 8) count -= 8;
  }
  return bytes;
}

}  // namespace

Result<std::string> Ledger::Certificate(const CertId& id) const {
  COMMRESOLVE_ASSIGN(txn, Transaction::Read(environment_));
  COMMRESOLVE_ASSIGN(number, FindNumber(txn, Table::kCertificateIds, id.view()));
  if (!number) return Error{Code::kNotFound, "no certificate " + Hex(id.view())};
  return ReadDer(txn, *number);
}

Result<std::optional<Candidate>> Ledger::FindKey(const KeyId& key) const {
  COMMRESOLVE_ASSIGN(txn, Transaction::Read(environment_));
  COMMRESOLVE_ASSIGN(number, FindNumber(txn, Table::kKeyIds, key.view()));
  if (!number) return std::optional<Candidate>();
  Candidate candidate;
  COMMRESOLVE_TRY(ReadBest(txn, *number, candidate));
  COMMRESOLVE_TRY(ReadSightings(txn, *number, candidate));
  return std::optional<Candidate>(std::move(candidate));
}

Result<std::vector<KeyId>> Ledger::KeysByPrefix(const std::string& prefix, size_t limit) const {
  std::string wanted = prefix;
  for (char& c : wanted) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (wanted.size() < kMinPrefix || wanted.size() > kMaxPrefix ||
      wanted.find_first_not_of("abcdefghijklmnopqrstuvwxyz234567") != std::string::npos) {
    return Error{Code::kInvalidArgument, "the beginning of a key has 4 to 52 letters and digits"};
  }
  COMMRESOLVE_ASSIGN(txn, Transaction::Read(environment_));
  COMMRESOLVE_ASSIGN(cursor, txn.Walk(Table::kKeyIds));
  const std::string bytes = WholeBytes(wanted);
  std::vector<KeyId> keys;
  COMMRESOLVE_ASSIGN(first, cursor.Seek(bytes));
  for (bool more = first; more && keys.size() < limit && cursor.key().starts_with(bytes);) {
    COMMRESOLVE_ASSIGN(key, DigestFromBytes<KeyId>(cursor.key()));
    if (KeyText(key).starts_with(wanted)) keys.push_back(key);
    COMMRESOLVE_ASSIGN(next, cursor.Next());
    more = next;
  }
  return keys;
}

Result<std::vector<KeyId>> Ledger::KeysAt(const IpAddress& ip, uint16_t port, size_t limit) const {
  COMMRESOLVE_ASSIGN(txn, Transaction::Read(environment_));
  COMMRESOLVE_ASSIGN(cursor, txn.Walk(Table::kPlaces));
  const std::string prefix = AddressPrefix(ip, port);
  std::vector<KeyId> keys;
  std::unordered_set<KeyNo> seen;
  COMMRESOLVE_ASSIGN(first, cursor.Seek(prefix));
  for (bool more = first; more && keys.size() < limit && cursor.key().starts_with(prefix);) {
    COMMRESOLVE_ASSIGN(place, DecodePlaceKey(cursor.key()));
    if (seen.insert(place.key).second) {
      COMMRESOLVE_ASSIGN(record, ReadRow(txn, Table::kKeys, place.key, DecodeKey));
      keys.push_back(record.id);
    }
    COMMRESOLVE_ASSIGN(next, cursor.Next());
    more = next;
  }
  return keys;
}

Result<std::vector<ListingId>> Ledger::ListingsOf(const KeyId& key) const {
  COMMRESOLVE_ASSIGN(txn, Transaction::Read(environment_));
  std::vector<ListingId> listings;
  COMMRESOLVE_ASSIGN(number, FindNumber(txn, Table::kKeyIds, key.view()));
  if (!number) return listings;
  const std::string prefix = NumberPrefix(*number);
  COMMRESOLVE_ASSIGN(cursor, txn.Walk(Table::kKeyListings));
  COMMRESOLVE_ASSIGN(first, cursor.Seek(prefix));
  for (bool more = first; more && cursor.key().starts_with(prefix);) {
    COMMRESOLVE_ASSIGN(row, DecodeKeyListingKey(cursor.key()));
    listings.push_back(row.listing);
    COMMRESOLVE_ASSIGN(next, cursor.Next());
    more = next;
  }
  return listings;
}

}  // namespace commresolve::index
