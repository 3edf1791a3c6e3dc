// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// RFC 5280 4.1 from front to back.

#include "resolver/base/identifiers.h"

#include <array>

namespace commresolve {
namespace {

using namespace std::string_view_literals;

constexpr uint8_t kVersion = 0xa0;
constexpr uint8_t kIssuerUniqueId = 0x81;
constexpr uint8_t kSubjectUniqueId = 0x82;
constexpr uint8_t kExtensions = 0xa3;

constexpr auto kSubjectAltNameId = "\x55\x1d\x11"sv;
constexpr auto kBasicConstraintsId = "\x55\x1d\x13"sv;
constexpr auto kExtKeyUsageId = "\x55\x1d\x25"sv;
constexpr auto kAnyUsageId = "\x55\x1d\x25\x00"sv;
constexpr auto kServerAuthId = "\x2b\x06\x01\x05\x05\x07\x03\x01"sv;

constexpr auto kRsaId = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"sv;
constexpr auto kEcId = "\x2a\x86\x48\xce\x3d\x02\x01"sv;
constexpr auto kEd25519Id = "\x2b\x65\x70"sv;
constexpr size_t kEd25519Bytes = 32;
constexpr size_t kMinRsaBytes = 64;
constexpr size_t kMaxRsaBytes = 2048;
constexpr size_t kMaxExponentBytes = 8;

struct Curve {
  std::string_view id;
  size_t bytes;  ///< Of one coordinate.
};
constexpr std::array<Curve, 3> kCurves = {{{"\x2a\x86\x48\xce\x3d\x03\x01\x07"sv, 32},
                                           {"\x2b\x81\x04\x00\x22"sv, 48},
                                           {"\x2b\x81\x04\x00\x23"sv, 66}}};

/// Two decimal digits; more than 99 if they are none.
unsigned TwoDigits(const char* text) {
  const auto high = static_cast<unsigned>(static_cast<unsigned char>(text[0]) - '0');
  const auto low = static_cast<unsigned>(static_cast<unsigned char>(text[1]) - '0');
  return high > 9 || low > 9 ? 100 : high * 10 + low;
}

/// Days since 1970 of a day of the Gregorian calendar (Howard Hinnant's days_from_civil).
int64_t DaysSinceEpoch(int64_t year, unsigned month, unsigned day) {
  year -= month <= 2 ? 1 : 0;
  const int64_t era = (year >= 0 ? year : year - 399) / 400;
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year = (int64_t{153} * ((month + 9) % 12) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
         719468;
}

unsigned DaysIn(unsigned year, unsigned month) {
  constexpr std::array<unsigned, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

/// MMDDHHMMSSZ of `year`.
bool ReadRestOfTime(unsigned year, const char* text, UnixTime* time) {
  const unsigned month = TwoDigits(text);
  const unsigned day = TwoDigits(text + 2);
  const unsigned hour = TwoDigits(text + 4);
  const unsigned minute = TwoDigits(text + 6);
  const unsigned second = TwoDigits(text + 8);
  if (month < 1 || month > 12 || day < 1 || day > DaysIn(year, month) || hour > 23 || minute > 59 ||
      second > 59 || text[10] != 'Z') {
    return false;
  }
  *time = DaysSinceEpoch(year, month, day) * 86'400 + int64_t{hour} * 3'600 + int64_t{minute} * 60 +
          second;
  return true;
}

bool ReadTime(DerReader& reader, UnixTime* time) {
  DerElement element;
  if (!reader.Next(&element)) return false;
  const char* text = element.contents.data();
  if (element.identifier == kDerUtcTime && element.contents.size() == 13) {
    const unsigned year = TwoDigits(text);
    return year <= 99 && ReadRestOfTime(year + (year < 50 ? 2'000 : 1'900), text + 2, time);
  }
  if (element.identifier == kDerGeneralizedTime && element.contents.size() == 15) {
    const unsigned century = TwoDigits(text);
    const unsigned year = TwoDigits(text + 2);
    return century <= 99 && year <= 99 && ReadRestOfTime(century * 100 + year, text + 4, time);
  }
  return false;
}

/// The contents of an AlgorithmIdentifier whose parameters are of a usual kind.
bool IsAlgorithm(std::string_view contents, std::string_view* id) {
  DerReader reader(contents);
  if (!reader.Next(kDerObjectId, id) || !IsDerObjectId(*id)) return false;
  if (reader.empty()) return true;
  DerElement parameters;
  if (!reader.Next(&parameters) || !reader.empty()) return false;
  switch (parameters.identifier) {
    case kDerNull:
      return parameters.contents.empty();
    case kDerObjectId:
      return IsDerObjectId(parameters.contents);
    default:
      return parameters.identifier == kDerSequence;
  }
}

/// The extension's place if it is one that is looked at.
std::optional<std::string_view>* PlaceOf(std::string_view id, Identifiers& found) {
  if (id.size() != 3 || id[0] != '\x55' || id[1] != '\x1d') return nullptr;
  if (id == kSubjectAltNameId) return &found.subject_alt_name;
  if (id == kBasicConstraintsId) return &found.basic_constraints;
  if (id == kExtKeyUsageId) return &found.extended_key_usage;
  return nullptr;
}

bool ReadExtensions(std::string_view contents, Identifiers& found) {
  DerReader outer(contents);
  std::string_view list;
  if (!outer.Next(kDerSequence, &list) || !outer.empty()) return false;
  found.extensions = list;
  return EachExtension(list, [&found](std::string_view id, std::string_view value) {
    std::optional<std::string_view>* const place = PlaceOf(id, found);
    if (place == nullptr) return true;
    if (place->has_value()) return false;
    *place = value;
    return true;
  });
}

bool ReadVersion(DerReader& reader) {
  std::string_view version;
  std::string_view number;
  if (reader.Peek() != kVersion) return true;
  if (!reader.Next(kVersion, &version)) return false;
  DerReader inner(version);
  return inner.Next(kDerInteger, &number) && IsDerInteger(number) && inner.empty();
}

bool ReadUniqueIds(DerReader& reader) {
  for (const uint8_t identifier : {kIssuerUniqueId, kSubjectUniqueId}) {
    std::string_view bits;
    if (reader.Peek() != identifier) continue;
    if (!reader.Next(identifier, &bits) || !IsDerBitString(bits)) return false;
  }
  return true;
}

bool ReadValidity(DerReader& reader, Identifiers& found) {
  std::string_view validity;
  if (!reader.Next(kDerSequence, &validity)) return false;
  DerReader times(validity);
  return ReadTime(times, &found.not_before) && ReadTime(times, &found.not_after) && times.empty();
}

bool ReadName(DerReader& reader, std::string_view* name) {
  DerElement element;
  if (!reader.Next(kDerSequence, &element)) return false;
  *name = element.whole;
  return true;
}

bool ReadPublicKey(DerReader& reader, Identifiers& found) {
  DerElement key;
  std::string_view algorithm;
  std::string_view bits;
  if (!reader.Next(kDerSequence, &key)) return false;
  found.public_key = key.whole;
  DerReader inner(key.contents);
  std::string_view id;
  return inner.Next(kDerSequence, &algorithm) && IsAlgorithm(algorithm, &id) &&
         inner.Next(kDerBitString, &bits) && IsDerBitString(bits) && inner.empty();
}

bool ReadSignedPart(std::string_view contents, Identifiers& found) {
  DerReader reader(contents);
  std::string_view serial;
  std::string_view algorithm;
  std::string_view id;
  if (!ReadVersion(reader) || !reader.Next(kDerInteger, &serial) || !IsDerInteger(serial) ||
      !reader.Next(kDerSequence, &algorithm) || !IsAlgorithm(algorithm, &id) ||
      !ReadName(reader, &found.issuer) || !ReadValidity(reader, found) ||
      !ReadName(reader, &found.subject) || !ReadPublicKey(reader, found) ||
      !ReadUniqueIds(reader)) {
    return false;
  }
  if (reader.empty()) return true;
  std::string_view extensions;
  return reader.Next(kExtensions, &extensions) && reader.empty() &&
         ReadExtensions(extensions, found);
}

/// RSAPublicKey (RFC 8017 A.1.1) of a usual size.
bool IsPlainRsa(std::string_view bits) {
  DerReader outer(bits);
  std::string_view numbers;
  if (!outer.Next(kDerSequence, &numbers) || !outer.empty()) return false;
  DerReader reader(numbers);
  std::string_view modulus;
  std::string_view exponent;
  if (!reader.Next(kDerInteger, &modulus) || !reader.Next(kDerInteger, &exponent) ||
      !reader.empty() || !IsDerInteger(modulus) || !IsDerInteger(exponent)) {
    return false;
  }
  const auto first = static_cast<uint8_t>(modulus[0]);
  const size_t bytes = modulus.size() - (first == 0 ? 1 : 0);
  return first < 0x80 && bytes >= kMinRsaBytes && bytes <= kMaxRsaBytes &&
         static_cast<uint8_t>(exponent[0]) < 0x80 && exponent.size() <= kMaxExponentBytes;
}

bool IsPlainPoint(std::string_view curve, std::string_view bits) {
  for (const Curve& known : kCurves) {
    if (curve == known.id) return bits.size() == 1 + 2 * known.bytes && bits[0] == '\x04';
  }
  return false;
}

}  // namespace

std::optional<Identifiers> ReadIdentifiers(std::string_view der) {
  DerReader outer(der);
  DerElement certificate;
  if (!outer.Next(kDerSequence, &certificate)) return std::nullopt;
  DerReader reader(certificate.contents);
  std::string_view signed_part;
  std::string_view algorithm;
  std::string_view id;
  std::string_view signature;
  Identifiers found;
  found.whole = certificate.whole;
  if (!reader.Next(kDerSequence, &signed_part) || !ReadSignedPart(signed_part, found) ||
      !reader.Next(kDerSequence, &algorithm) || !IsAlgorithm(algorithm, &id) ||
      !reader.Next(kDerBitString, &signature) || !IsDerBitString(signature) || !reader.empty()) {
    return std::nullopt;
  }
  return found;
}

KeyKind KindOfKey(std::string_view public_key) {
  DerReader outer(public_key);
  std::string_view contents;
  std::string_view algorithm;
  std::string_view bits;
  if (!outer.Next(kDerSequence, &contents)) return KeyKind::kOther;
  DerReader reader(contents);
  if (!reader.Next(kDerSequence, &algorithm) || !reader.Next(kDerBitString, &bits) ||
      bits.empty() || bits[0] != 0) {
    return KeyKind::kOther;
  }
  bits.remove_prefix(1);
  DerReader named(algorithm);
  std::string_view id;
  DerElement parameters;
  if (!named.Next(kDerObjectId, &id)) return KeyKind::kOther;
  if (id == kEd25519Id) {
    return named.empty() && bits.size() == kEd25519Bytes ? KeyKind::kEd25519 : KeyKind::kOther;
  }
  if (!named.Next(&parameters) || !named.empty()) return KeyKind::kOther;
  if (id == kRsaId && parameters.identifier == kDerNull && IsPlainRsa(bits)) return KeyKind::kRsa;
  const bool point = id == kEcId && parameters.identifier == kDerObjectId &&
                     IsPlainPoint(parameters.contents, bits);
  return point ? KeyKind::kEc : KeyKind::kOther;
}

std::optional<bool> ReadBasicConstraints(std::string_view extension) {
  DerReader outer(extension);
  std::string_view contents;
  if (!outer.Next(kDerSequence, &contents) || !outer.empty()) return std::nullopt;
  DerReader reader(contents);
  std::string_view ca;
  std::string_view path_length;
  if (reader.Peek() == kDerBoolean && (!reader.Next(kDerBoolean, &ca) || ca != "\xff"sv)) {
    return std::nullopt;
  }
  if (!reader.empty() &&
      (!reader.Next(kDerInteger, &path_length) || !IsDerInteger(path_length) || !reader.empty())) {
    return std::nullopt;
  }
  return !ca.empty();
}

std::optional<bool> ReadClientOnly(std::string_view extension) {
  DerReader outer(extension);
  std::string_view contents;
  if (!outer.Next(kDerSequence, &contents) || !outer.empty() || contents.empty()) {
    return std::nullopt;
  }
  bool client_only = true;
  for (DerReader usages(contents); !usages.empty();) {
    std::string_view usage;
    if (!usages.Next(kDerObjectId, &usage) || !IsDerObjectId(usage)) return std::nullopt;
    if (usage == kServerAuthId || usage == kAnyUsageId) client_only = false;
  }
  return client_only;
}

}  // namespace commresolve
