// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What differs between the certificates of one identity: dates, key, issuer; and where they are.

#include "tests/bench/generator.h"

#include <array>

#include "tests/bench/certificate_der.h"
#include "tests/bench/issuers.h"
#include "tests/bench/random.h"

namespace commresolve::bench {
namespace {

constexpr UnixTime kDay = 86'400;
constexpr uint64_t kRsaKeys = 100;   // Of 1,000.
constexpr uint64_t kKeptKeys = 500;  // Of 1,000 renewals.
constexpr uint64_t kSeen = 400;      // Of 1,000 certificates.
constexpr std::array<int64_t, 3> kDeviceDays = {825, 3'650, 10'950};

constexpr std::array<uint16_t, 24> kPorts = {443, 443, 443,  443,  443,  443,  443,  443,
                                             443, 443, 443,  443,  443,  8443, 8443, 993,
                                             465, 25,  5222, 5222, 5269, 5061, 8448, 6697};

/// Null for a device, which signs for itself.
const Issuer* AnyIssuer(const Identity& identity, Random& random) {
  switch (identity.kind) {
    case Kind::kDevice:
      return nullptr;
    case Kind::kPerson:
      return &kIssuers[kPersonIssuer];
    case Kind::kOrganization:
      return &kIssuers[kFirstBusinessIssuer +
                       random.Skewed(kLastBusinessIssuer - kFirstBusinessIssuer + 1)];
    default:
      break;
  }
  uint64_t share = random.Below(1'000);
  for (const Issuer& issuer : kIssuers) {
    if (share < issuer.share) return &issuer;
    share -= issuer.share;
  }
  return &kIssuers[0];
}

/// Addresses of RFC 2544 and RFC 3849, which belong to nobody.
IpAddress AnyAddress(Random& random) {
  std::string bytes = random.Bytes(4);
  if (random.Chance(150)) {
    bytes = std::string("\x20\x01\x0d\xb8", 4) + random.Bytes(12);
  } else {
    bytes[0] = static_cast<char>(198);
    bytes[1] = static_cast<char>(18 + (bytes[1] & 1));
  }
  auto address = IpAddress::FromBytes(bytes);
  return address.ok() ? *address : IpAddress();
}

std::optional<Endpoint> AnyEndpoint(const Identity& identity, Random random) {
  if (!random.Chance(kSeen)) return std::nullopt;
  Endpoint endpoint;
  endpoint.ip = AnyAddress(random);
  endpoint.port = kPorts.at(random.Below(kPorts.size()));
  if (!identity.uris.empty()) endpoint.port = identity.uris[0].starts_with("xmpp") ? 5222 : 5061;
  endpoint.protocol = DefaultProtocol(endpoint.port);
  for (const std::string& host : identity.hosts) {
    if (host.starts_with('*')) continue;
    endpoint.server_name = host;
    break;
  }
  return endpoint;
}

}  // namespace

Generator::Generator(uint64_t seed)
    : seed_(seed), world_(seed), keys_(std::make_unique<KeyPool>(seed)) {}

SyntheticCertificate Generator::Make(uint64_t number) const {
  SyntheticCertificate made;
  made.identity = world_.IdentityOf(world_.FirstCertificate(number));
  Random random(seed_, static_cast<uint64_t>(Purpose::kCertificate), number);
  CertificateContent content;
  content.identity = &made.identity;
  content.issuer = AnyIssuer(made.identity, random);
  const int64_t days = content.issuer != nullptr ? content.issuer->days
                                                 : kDeviceDays.at(random.Below(kDeviceDays.size()));
  // Seen at some time of the last 1.6 lifetimes.
  made.not_before =
      kNow - static_cast<UnixTime>(random.Below(static_cast<uint64_t>(days) * kDay / 10 * 16));
  made.not_after = made.not_before + days * kDay - 1;
  content.not_before = made.not_before;
  content.not_after = made.not_after;

  const uint64_t key = random.Chance(kKeptKeys) ? made.identity.number : number;
  std::string modulus;
  if (Random(seed_, static_cast<uint64_t>(Purpose::kKey), key + (uint64_t{1} << 40))
          .Chance(kRsaKeys)) {
    modulus = RsaModulus(seed_, key);
    content.key.modulus = modulus;
  } else {
    content.key.point = keys_->Point(key);
  }
  made.der =
      EncodeCertificate(content, Random(seed_, static_cast<uint64_t>(Purpose::kFiller), number));
  made.endpoint =
      AnyEndpoint(made.identity, Random(seed_, static_cast<uint64_t>(Purpose::kEndpoint), number));
  return made;
}

}  // namespace commresolve::bench
