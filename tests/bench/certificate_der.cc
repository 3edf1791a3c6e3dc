// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every function writes the last part first (tests/bench/der_writer.h).

#include "tests/bench/certificate_der.h"

#include <array>
#include <chrono>

#include "tests/bench/der_writer.h"

namespace commresolve::bench {
namespace {

using std::literals::operator""sv;

// Elements with identifier and length: object identifiers, algorithms, extensions without variable
// parts.
constexpr auto kCommonNameOid = "\x06\x03\x55\x04\x03"sv;
constexpr auto kCountryOid = "\x06\x03\x55\x04\x06"sv;
constexpr auto kLocalityOid = "\x06\x03\x55\x04\x07"sv;
constexpr auto kStateOid = "\x06\x03\x55\x04\x08"sv;
constexpr auto kOrganizationOid = "\x06\x03\x55\x04\x0a"sv;
constexpr auto kUnitOid = "\x06\x03\x55\x04\x0b"sv;
constexpr auto kEmailOid = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01"sv;
constexpr auto kKeyIdOid = "\x06\x03\x55\x1d\x0e"sv;
constexpr auto kAltNameOid = "\x06\x03\x55\x1d\x11"sv;
constexpr auto kAuthorityKeyOid = "\x06\x03\x55\x1d\x23"sv;
constexpr auto kTimestampsOid = "\x06\x0a\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x02"sv;
constexpr auto kEcdsaSha256 = "\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"sv;
constexpr auto kRsaSha256 = "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00"sv;
constexpr auto kP256Key =
    "\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"sv;
constexpr auto kRsaKey = "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00"sv;
constexpr auto kExponent = "\x02\x03\x01\x00\x01"sv;
constexpr auto kVersion3 = "\xa0\x03\x02\x01\x02"sv;
// Key usage digitalSignature; extended key usage serverAuth; basic constraints without CA.
constexpr auto kUsage =
    "\x30\x0e\x06\x03\x55\x1d\x0f\x01\x01\xff\x04\x04\x03\x02\x07\x80"
    "\x30\x13\x06\x03\x55\x1d\x25\x04\x0c\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01"sv;
constexpr auto kNoCa = "\x30\x0c\x06\x03\x55\x1d\x13\x01\x01\xff\x04\x02\x30\x00"sv;
// Certificate policy 2.23.140.1.2.1, domain validated.
constexpr auto kPolicy =
    "\x30\x13\x06\x03\x55\x1d\x20\x04\x0c\x30\x0a\x30\x08\x06\x06\x67\x81\x0c\x01\x02\x01"sv;

constexpr uint8_t kMailName = 0x81;
constexpr uint8_t kDnsName = 0x82;
constexpr uint8_t kUriName = 0x86;
constexpr uint8_t kIpName = 0x87;
constexpr uint8_t kExtensions = 0xa3;
constexpr size_t kRsaBytes = 256;
constexpr int kFirstGeneralizedYear = 2050;  // RFC 5280 4.1.2.5.

void NameValue(std::string_view oid, uint8_t type, std::string_view text, DerWriter* out) {
  if (text.empty()) return;
  const size_t from = out->size();
  out->Element(type, text);
  out->Bytes(oid);
  out->Close(DerWriter::kSequence, from);
  out->Close(DerWriter::kSet, from);
}

void IssuerName(const Issuer& issuer, DerWriter* out) {
  const size_t from = out->size();
  NameValue(kCommonNameOid, DerWriter::kUtf8String, issuer.common_name, out);
  NameValue(kOrganizationOid, DerWriter::kUtf8String, issuer.organization, out);
  NameValue(kCountryOid, DerWriter::kPrintableString, issuer.country, out);
  out->Close(DerWriter::kSequence, from);
}

void SubjectName(const Identity& identity, DerWriter* out) {
  const size_t from = out->size();
  const bool organized = identity.kind == Kind::kOrganization;
  if (!identity.mails.empty()) {
    NameValue(kEmailOid, DerWriter::kIa5String, identity.mails.front(), out);
  }
  NameValue(kCommonNameOid, DerWriter::kUtf8String, identity.common_name, out);
  NameValue(kUnitOid, DerWriter::kUtf8String, identity.unit, out);
  if (organized || identity.kind == Kind::kDevice) {
    NameValue(kOrganizationOid, DerWriter::kUtf8String, identity.organization.legal_name, out);
  }
  if (organized) {
    NameValue(kLocalityOid, DerWriter::kUtf8String,
              identity.place.empty() ? identity.city.name : std::string_view(identity.place), out);
    NameValue(kStateOid, DerWriter::kUtf8String, identity.city.state, out);
    NameValue(kCountryOid, DerWriter::kPrintableString, identity.city.country, out);
  }
  out->Close(DerWriter::kSequence, from);
}

/// A positive INTEGER of 32 bytes.
void Number(Random* filler, DerWriter* out) {
  std::string number = filler->Bytes(32);
  number[0] = static_cast<char>((static_cast<uint8_t>(number[0]) & 0x3f) | 0x40);
  out->Element(DerWriter::kInteger, number);
}

void EcdsaValue(Random* filler, DerWriter* out) {
  const size_t from = out->size();
  Number(filler, out);
  Number(filler, out);
  out->Close(DerWriter::kSequence, from);
}

void BitString(size_t from, DerWriter* out) {
  out->Byte(0);  // All bits of the last byte count.
  out->Close(DerWriter::kBitString, from);
}

void Signature(bool rsa, Random* filler, DerWriter* out) {
  const size_t from = out->size();
  if (rsa) {
    out->Bytes(filler->Bytes(kRsaBytes));
  } else {
    EcdsaValue(filler, out);
  }
  BitString(from, out);
}

/// Puts the object identifier in front of the contents of an extension.
void CloseExtension(std::string_view oid, size_t from, DerWriter* out) {
  out->Close(DerWriter::kOctetString, from);
  out->Bytes(oid);
  out->Close(DerWriter::kSequence, from);
}

/// RFC 6962 3.3: two timestamps of logs.
void Timestamps(Random* filler, DerWriter* out) {
  const auto size = [out](size_t from) {
    const size_t length = out->size() - from;
    out->Byte(static_cast<uint8_t>(length & 0xff));
    out->Byte(static_cast<uint8_t>(length >> 8));
  };
  const size_t from = out->size();
  for (int i = 0; i < 2; ++i) {
    const size_t timestamp = out->size();
    EcdsaValue(filler, out);
    size(timestamp);
    out->Bytes("\0\0\4\3"sv);  // No extensions; SHA-256 and ECDSA.
    out->Bytes(filler->Bytes(4));
    out->Bytes("\0\0\x01\x98"sv);  // Milliseconds of summer 2025.
    out->Bytes(filler->Bytes(32));
    out->Byte(0);  // Version 1.
    size(timestamp);
  }
  size(from);
  out->Close(DerWriter::kOctetString, from);
  CloseExtension(kTimestampsOid, from, out);
}

void AltNames(const Identity& identity, DerWriter* out) {
  const size_t from = out->size();
  if (!identity.ip.empty()) out->Element(kIpName, identity.ip);
  for (const std::string& uri : identity.uris) out->Element(kUriName, uri);
  for (const std::string& mail : identity.mails) out->Element(kMailName, mail);
  for (auto host = identity.hosts.rbegin(); host != identity.hosts.rend(); ++host) {
    out->Element(kDnsName, *host);
  }
  if (out->size() == from) return;
  out->Close(DerWriter::kSequence, from);
  CloseExtension(kAltNameOid, from, out);
}

void Extensions(const CertificateContent& content, Random* filler, DerWriter* out) {
  const size_t from = out->size();
  const bool person = !content.identity->mails.empty();
  if (content.issuer != nullptr && !person) {
    Timestamps(filler, out);
    out->Bytes(kPolicy);
  }
  AltNames(*content.identity, out);
  if (content.issuer != nullptr) {
    const size_t authority = out->size();
    out->Element(0x80, filler->Bytes(20));
    out->Close(DerWriter::kSequence, authority);
    CloseExtension(kAuthorityKeyOid, authority, out);
  }
  const size_t subject = out->size();
  out->Element(DerWriter::kOctetString, filler->Bytes(20));
  CloseExtension(kKeyIdOid, subject, out);
  out->Bytes(kNoCa);
  if (!person) out->Bytes(kUsage);
  out->Close(DerWriter::kSequence, from);
  out->Close(kExtensions, from);
}

void KeyInfo(const PublicKey& key, DerWriter* out) {
  const size_t from = out->size();
  if (key.modulus.empty()) {
    out->Bytes(key.point);
    BitString(from, out);
    out->Bytes(kP256Key);
  } else {
    out->Bytes(kExponent);
    const size_t modulus = out->size();
    out->Bytes(key.modulus);
    out->Byte(0);  // The highest bit is set, and the number positive.
    out->Close(DerWriter::kInteger, modulus);
    out->Close(DerWriter::kSequence, from);
    BitString(from, out);
    out->Bytes(kRsaKey);
  }
  out->Close(DerWriter::kSequence, from);
}

void Time(UnixTime time, DerWriter* out) {
  const std::chrono::sys_seconds moment{std::chrono::seconds(time)};
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(moment - day);
  const int year = static_cast<int>(date.year());
  std::string text;
  const auto two = [&text](long number) {
    text += static_cast<char>('0' + number / 10);
    text += static_cast<char>('0' + number % 10);
  };
  if (year >= kFirstGeneralizedYear) two(year / 100);
  two(year % 100);
  two(static_cast<long>(static_cast<unsigned>(date.month())));
  two(static_cast<long>(static_cast<unsigned>(date.day())));
  two(clock.hours().count());
  two(clock.minutes().count());
  two(clock.seconds().count());
  text += 'Z';
  out->Element(year >= kFirstGeneralizedYear ? DerWriter::kGeneralizedTime : DerWriter::kUtcTime,
               text);
}

}  // namespace

std::string EncodeCertificate(const CertificateContent& content, Random filler) {
  DerWriter out;
  const Issuer* issuer = content.issuer;
  const bool rsa = issuer != nullptr ? issuer->rsa : !content.key.modulus.empty();
  const std::string_view algorithm = rsa ? kRsaSha256 : kEcdsaSha256;
  Signature(rsa, &filler, &out);
  out.Bytes(algorithm);
  const size_t signed_part = out.size();
  Extensions(content, &filler, &out);
  KeyInfo(content.key, &out);
  SubjectName(*content.identity, &out);
  const size_t validity = out.size();
  Time(content.not_after, &out);
  Time(content.not_before, &out);
  out.Close(DerWriter::kSequence, validity);
  if (issuer != nullptr) {
    IssuerName(*issuer, &out);
  } else {
    SubjectName(*content.identity, &out);
  }
  out.Bytes(algorithm);
  std::string serial = filler.Bytes(16);
  serial[0] = static_cast<char>((static_cast<uint8_t>(serial[0]) & 0x3f) | 0x40);
  out.Element(DerWriter::kInteger, serial);
  out.Bytes(kVersion3);
  out.Close(DerWriter::kSequence, signed_part);
  out.Close(DerWriter::kSequence, 0);
  return std::string(out.written());
}

}  // namespace commresolve::bench
