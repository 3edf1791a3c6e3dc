// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The beginning of X509_verify_cert() on plain certificates: the key is strong enough, the
// extensions that it decodes do decode, and the certificate is or is not self-signed.

#include "resolver/net/lone_leaf.h"

#include <openssl/x509_vfy.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "resolver/base/identifiers.h"

namespace commresolve {
namespace {

using namespace std::string_view_literals;

/// An RSA key whose encoding is so long has more than 1024 bits, whatever its exponent.
constexpr size_t kStrongRsaBytes = 294;

constexpr auto kKeyUsageId = "\x55\x1d\x0f"sv;
constexpr auto kSubjectKeyId = "\x55\x1d\x0e"sv;
constexpr auto kAuthorityKeyId = "\x55\x1d\x23"sv;
constexpr auto kSubjectAltNameId = "\x55\x1d\x11"sv;
constexpr auto kBasicConstraintsId = "\x55\x1d\x13"sv;
constexpr auto kExtKeyUsageId = "\x55\x1d\x25"sv;
constexpr auto kDistributionPointsId = "\x55\x1d\x1f"sv;

/// Extensions that are not decoded before the issuer is found: policies, authorityInfoAccess, SCTs.
constexpr std::array kNotLookedAt = {"\x55\x1d\x20"sv, "\x2b\x06\x01\x05\x05\x07\x01\x01"sv,
                                     "\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x02"sv};

constexpr size_t kUsualAttributes = 8;

/// The attributes of a name.
using Attributes = std::vector<std::pair<std::string_view, std::string_view>>;

/// True for text in UTF-8 without NUL, in its shortest form and up to U+FFFF, no surrogates.
bool IsPlainUtf8(std::string_view text) {
  const auto follows = [&text](size_t at) {
    return at < text.size() && (static_cast<uint8_t>(text[at]) & 0xc0) == 0x80;
  };
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<uint8_t>(text[i]);
    if (byte == 0 || (byte >= 0x80 && byte < 0xc2) || byte >= 0xf0) return false;
    if (byte < 0x80) continue;
    if (!follows(++i)) return false;
    if (byte < 0xe0) continue;
    const auto second = static_cast<uint8_t>(text[i]);
    if ((byte == 0xe0 && second < 0xa0) || (byte == 0xed && second >= 0xa0)) return false;
    if (!follows(++i)) return false;
  }
  return true;
}

/// Strings of the common types whose bytes are UTF-8, and which OpenSSL takes for sure.
bool IsPlainString(uint8_t tag, std::string_view bytes) {
  constexpr uint8_t kUtf8 = 0x0c;
  constexpr uint8_t kPrintable = 0x13;
  constexpr uint8_t kIa5 = 0x16;
  if (tag == kUtf8) return IsPlainUtf8(bytes);
  return (tag == kPrintable || tag == kIa5) &&
         std::ranges::all_of(bytes, [](char c) { return c > 0; });
}

/// Empty unless every value is such a string.
std::optional<Attributes> PlainName(std::string_view name) {
  Attributes attributes;
  attributes.reserve(kUsualAttributes);
  const bool plain =
      EachAttribute(name, [&](std::string_view type, uint8_t tag, std::string_view bytes) {
        attributes.emplace_back(type, bytes);
        return IsPlainString(tag, bytes);
      });
  if (!plain || attributes.empty()) return std::nullopt;
  return attributes;
}

/// True if the texts stay different when case and blanks do not count (RFC 5280 7.1).
bool DifferForSure(std::string_view a, std::string_view b) {
  size_t j = 0;
  const auto skip = [](std::string_view text, size_t& at) {
    while (at < text.size() && text[at] >= 0 && text[at] <= ' ') ++at;
  };
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; };
  for (size_t i = 0;; ++i, ++j) {
    skip(a, i);
    skip(b, j);
    if (i == a.size() || j == b.size()) return i != a.size() || j != b.size();
    if (lower(a[i]) != lower(b[j])) return true;
  }
}

bool DifferForSure(const Attributes& a, const Attributes& b) {
  if (a.size() != b.size()) return true;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i].first != b[i].first || DifferForSure(a[i].second, b[i].second)) return true;
  }
  return false;
}

/// One element with this identifier and nothing after it.
std::optional<std::string_view> Only(uint8_t identifier, std::string_view bytes) {
  DerReader reader(bytes);
  std::string_view contents;
  if (!reader.Next(identifier, &contents) || !reader.empty()) return std::nullopt;
  return contents;
}

bool IsPlainKeyUsage(std::string_view value) {
  const auto bits = Only(kDerBitString, value);
  if (!bits || bits->size() < 2 || bits->size() > 3 || !IsDerBitString(*bits)) return false;
  const auto unused = static_cast<uint8_t>((*bits)[0]);
  const auto first = static_cast<uint8_t>((*bits)[1]);
  return (bits->size() == 3 ? first : first >> unused) != 0;
}

bool IsPlainAuthorityKey(std::string_view value) {
  const auto contents = Only(kDerSequence, value);
  return contents && Only(0x80, *contents).value_or("").size() > 0;
}

bool IsPlainSubjectAltName(std::string_view value) {
  return EachAlternativeName(value, [](uint8_t tag, std::string_view) {
    return tag == kGeneralDns || tag == kGeneralEmail || tag == kGeneralUri || tag == kGeneralIp;
  });
}

/// Points that are one URI each.
bool ArePlainDistributionPoints(std::string_view value) {
  const auto points = Only(kDerSequence, value);
  if (!points || points->empty()) return false;
  for (DerReader reader(*points); !reader.empty();) {
    std::string_view point;
    if (!reader.Next(kDerSequence, &point)) return false;
    const auto name = Only(0xa0, point);
    const auto full = name ? Only(0xa0, *name) : std::nullopt;
    if (!full || !Only(kGeneralUri, *full)) return false;
  }
  return true;
}

bool IsPlainExtension(std::string_view id, std::string_view value) {
  if (id == kKeyUsageId) return IsPlainKeyUsage(value);
  if (id == kSubjectKeyId) return Only(kDerOctetString, value).value_or("").size() > 0;
  if (id == kAuthorityKeyId) return IsPlainAuthorityKey(value);
  if (id == kSubjectAltNameId) return IsPlainSubjectAltName(value);
  if (id == kBasicConstraintsId) return value == "\x30\x00"sv || value == "\x30\x03\x01\x01\xff"sv;
  if (id == kExtKeyUsageId) return ReadClientOnly(value).has_value();
  if (id == kDistributionPointsId) return ArePlainDistributionPoints(value);
  return std::ranges::find(kNotLookedAt, id) != kNotLookedAt.end();
}

/// Plain, each once. Tells whether there is an authorityKeyIdentifier.
bool ArePlainExtensions(std::string_view extensions, bool* names_issuer_key) {
  std::array<std::string_view, 16> seen;
  size_t count = 0;
  return EachExtension(extensions, [&](std::string_view id, std::string_view value) {
    // Unused places are empty, and no id is.
    if (count == seen.size() || std::ranges::find(seen, id) != seen.end()) return false;
    seen[count++] = id;
    if (id == kAuthorityKeyId) *names_issuer_key = true;
    return IsPlainExtension(id, value);
  });
}

/// The signature is of the kind that such a key makes.
bool SignsAs(KeyKind kind, std::string_view algorithm) {
  switch (kind) {
    case KeyKind::kRsa:  // sha256/384/512WithRSAEncryption
      return algorithm.size() == 9 && algorithm.starts_with("\x2a\x86\x48\x86\xf7\x0d\x01\x01"sv) &&
             algorithm[8] >= 11 && algorithm[8] <= 13;
    case KeyKind::kEc:  // ecdsa-with-SHA256/384/512
      return algorithm.size() == 8 && algorithm.starts_with("\x2a\x86\x48\xce\x3d\x04\x03"sv) &&
             algorithm[7] >= 2 && algorithm[7] <= 4;
    default:
      return false;
  }
}

}  // namespace

std::optional<LoneLeaf> ReadLoneLeaf(std::string_view der) {
  const std::optional<Identifiers> read = ReadIdentifiers(der);
  if (!read || read->whole.size() != der.size()) return std::nullopt;
  const KeyKind kind = KindOfKey(read->public_key);
  if (kind == KeyKind::kOther) return std::nullopt;
  if (kind == KeyKind::kRsa && read->public_key.size() < kStrongRsaBytes) return std::nullopt;
  bool names_issuer_key = false;
  if (!ArePlainExtensions(read->extensions, &names_issuer_key)) return std::nullopt;
  const auto issuer = PlainName(read->issuer);
  const auto subject = PlainName(read->subject);
  if (!issuer || !subject) return std::nullopt;
  if (read->issuer == read->subject) {
    if (names_issuer_key || !SignsAs(kind, read->signature_algorithm)) return std::nullopt;
    return LoneLeaf{read->issuer, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT};
  }
  if (!DifferForSure(*issuer, *subject)) return std::nullopt;
  return LoneLeaf{read->issuer, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY};
}

}  // namespace commresolve
