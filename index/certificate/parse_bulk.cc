// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ParseInBulk: takes what is plain, and leaves to ParseCertificate whatever is not.

#include <openssl/asn1.h>

#include "index/certificate/certificate.h"
#include "index/certificate/names.h"
#include "index/certificate/text.h"
#include "resolver/base/identifiers.h"

namespace commresolve::index {
namespace {

using namespace std::string_view_literals;

constexpr auto kEmailId = "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01"sv;

/// The kind of an attribute by its object id; null if it has no field.
const AttributeKind* KindOf(std::string_view id) {
  static constexpr AttributeKind kCommonName{"CN", Field::kCommonName};
  static constexpr AttributeKind kCountry{"C", Field::kCountry};
  static constexpr AttributeKind kLocality{"L", Field::kLocality};
  static constexpr AttributeKind kState{"ST", Field::kState};
  static constexpr AttributeKind kOrganization{"O", Field::kOrganization};
  static constexpr AttributeKind kUnit{"OU", Field::kUnit};
  static constexpr AttributeKind kEmail{"emailAddress", Field::kEmail};
  if (id == kEmailId) return &kEmail;
  if (id.size() != 3 || id[0] != '\x55' || id[1] != '\x04') return nullptr;
  switch (id[2]) {
    case 3:
      return &kCommonName;
    case 6:
      return &kCountry;
    case 7:
      return &kLocality;
    case 8:
      return &kState;
    case 10:
      return &kOrganization;
    case 11:
      return &kUnit;
    default:
      return nullptr;
  }
}

/// Universal string types have their number as identifier. OpenSSL refuses a certificate with a
/// name whose strings do not decode.
bool IsSoundString(uint8_t tag, std::string_view bytes) {
  switch (tag) {
    case V_ASN1_UTF8STRING:
    case V_ASN1_PRINTABLESTRING:
    case V_ASN1_IA5STRING:
    case V_ASN1_T61STRING:
    case V_ASN1_BMPSTRING:
    case V_ASN1_UNIVERSALSTRING:
      return IsAsciiString(tag, bytes) || DecodeString(tag, bytes).has_value();
    default:
      return false;
  }
}

template <class Take>
bool TakeName(std::string_view name, const Take& take) {
  size_t count = 0;
  return EachAttribute(name, [&](std::string_view type, uint8_t tag, std::string_view bytes) {
    if (++count > kMaxNameValues || !IsSoundString(tag, bytes)) return false;
    if (const AttributeKind* kind = KindOf(type)) take(*kind, tag, bytes);
    return true;
  });
}

bool TakeSans(std::string_view extension, NameCollector& collector) {
  size_t count = 0;
  return EachAlternativeName(extension, [&](uint8_t tag, std::string_view bytes) {
    if (++count > kMaxSans) return false;
    switch (tag) {
      case kGeneralDns:
        collector.DnsSan(bytes);
        return true;
      case kGeneralEmail:
        collector.EmailSan(bytes);
        return true;
      case kGeneralUri:
        collector.UriSan(bytes);
        return true;
      case kGeneralIp:
        collector.AddressSan(bytes);
        return true;
      default:
        return false;
    }
  });
}

bool TakeNames(const Identifiers& read, ParsedCertificate& certificate) {
  NameCollector collector(&certificate);
  const auto subject = [&](const AttributeKind& kind, int tag, std::string_view bytes) {
    collector.SubjectValue(kind, tag, bytes);
  };
  const auto issuer = [&](const AttributeKind& kind, int tag, std::string_view bytes) {
    if (kind.field != Field::kCommonName && kind.field != Field::kOrganization) return;
    collector.IssuerValue(kind, tag, bytes);
  };
  if (!TakeName(read.subject, subject)) return false;
  if (read.subject_alt_name && !TakeSans(*read.subject_alt_name, collector)) return false;
  collector.NamesFromCommonNames();
  return TakeName(read.issuer, issuer);
}

/// False if anything about the certificate is not plain.
bool TakePlain(std::string_view der, const CertId* id, ParsedCertificate& certificate) {
  const std::optional<Identifiers> read = ReadIdentifiers(der);
  if (!read || KindOfKey(read->public_key) == KeyKind::kOther) return false;
  if (read->basic_constraints) {
    const auto is_ca = ReadBasicConstraints(*read->basic_constraints);
    if (!is_ca) return false;
    certificate.is_ca = *is_ca;
  }
  if (read->extended_key_usage) {
    const auto client_only = ReadClientOnly(*read->extended_key_usage);
    if (!client_only) return false;
    certificate.client_only = *client_only;
  }
  if (!TakeNames(*read, certificate)) return false;
  certificate.size = read->whole.size();
  certificate.facts.id = id != nullptr ? *id : CertId{Sha256(read->whole)};
  certificate.facts.key.bytes = Sha256(read->public_key);
  certificate.facts.not_before = read->not_before;
  certificate.facts.not_after = read->not_after;
  if (read->whole.size() < der.size()) {
    AddDefect(std::to_string(der.size() - read->whole.size()) + " bytes after the certificate",
              &certificate);
  }
  return true;
}

Result<ParsedCertificate> Parse(std::string_view der, const CertId* id) {
  ParsedCertificate certificate;
  if (der.size() <= kMaxCertificateBytes && TakePlain(der, id, certificate)) return certificate;
  return ParseCertificate(der);
}

}  // namespace

Result<ParsedCertificate> ParseInBulk(std::string_view der) { return Parse(der, nullptr); }
Result<ParsedCertificate> ParseInBulk(std::string_view der, const CertId& id) {
  return Parse(der, &id);
}

}  // namespace commresolve::index
