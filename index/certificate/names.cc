// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Takes the names of a certificate one by one; each either becomes a field or a defect.

#include "index/certificate/names.h"

#include <algorithm>
#include <utility>

#include "index/certificate/text.h"
#include "resolver/endpoint.h"
#include "resolver/keyword/host_name.h"

namespace commresolve::index {
namespace {

/// So many names are compared one by one before a set pays.
constexpr size_t kFewNames = 16;
constexpr size_t kMaxPlainHostBytes = 253;
constexpr size_t kMaxLabelBytes = 63;

/// True for most host names that are in normal form already: NormaliseHostName() gives the same.
bool IsPlainHost(std::string_view text) {
  if (text.size() > kMaxPlainHostBytes) return false;
  if (text.starts_with("*.")) text.remove_prefix(2);
  if (text.empty()) return false;
  size_t label = 0;  // Where it begins.
  for (size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : '.';
    if (c == '.') {
      if (i == label || i - label > kMaxLabelBytes) return false;
      if (i < text.size()) label = i + 1;
    } else if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_') {
      return false;
    }
  }
  return text[label] >= 'a' && text[label] <= 'z';
}

/// RFC 5280 4.2.1.6: a dNSName is an ASCII string. Text in other characters is shown, but it is no
/// host name that a server could be asked for.
std::optional<std::string> HostName(std::string_view text) {
  if (IsPlainHost(text)) return std::string(text);
  const bool ascii = std::all_of(text.begin(), text.end(),
                                 [](char byte) { return static_cast<unsigned char>(byte) < 0x80; });
  // A blank is in most organisations and in no host name.
  if (!ascii || text.find(' ') != std::string_view::npos) return std::nullopt;
  Result<std::string> host = NormaliseHostName(text);
  if (!host.ok()) return std::nullopt;
  return std::move(host).value();
}

}  // namespace

void NameCollector::SubjectValue(const AttributeKind& kind, int tag, std::string_view bytes) {
  std::optional<std::string> text = ValueText("subject ", kind, tag, bytes);
  if (!text) return;
  if (kind.field == Field::kCommonName) out_.facts.common_names.push_back(*text);
  if (kind.field == Field::kOrganization) out_.facts.organizations.push_back(*text);
  out_.fields.push_back({kind.field, *std::move(text)});
}

void NameCollector::IssuerValue(const AttributeKind& kind, int tag, std::string_view bytes) {
  std::optional<std::string> text = ValueText("issuer ", kind, tag, bytes);
  if (!text) return;
  std::string& fact = kind.field == Field::kCommonName ? out_.facts.issuer_common_name
                                                       : out_.facts.issuer_organization;
  if (fact.empty()) fact = *text;
  out_.fields.push_back({Field::kIssuer, *std::move(text)});
}

void NameCollector::BadSans(const char* reason) {
  names_are_sans_ = true;
  AddDefect(std::string("subjectAltName ") + reason, &out_);
}

void NameCollector::DnsSan(std::string_view bytes) {
  names_are_sans_ = true;
  if (!IsPlainHost(bytes)) return SanText(bytes, Field::kDnsName, "dNSName");
  AddName(std::string(bytes));
  out_.fields.push_back({Field::kDnsName, std::string(bytes)});
}

void NameCollector::EmailSan(std::string_view bytes) {
  SanText(bytes, Field::kEmail, "rfc822Name");
}

void NameCollector::UriSan(std::string_view bytes) { SanText(bytes, Field::kUri, "URI"); }

void NameCollector::AddressSan(std::string_view bytes) {
  const Result<IpAddress> address = IpAddress::FromBytes(bytes);
  if (!address.ok()) {
    AddDefect("a subjectAltName iPAddress has neither 4 nor 16 bytes", &out_);
    return;
  }
  out_.fields.push_back({Field::kIpAddress, address->ToString()});
}

/// These are IA5String; bytes above 127 are read as UTF-8, which is what issuers put there.
void NameCollector::SanText(std::string_view bytes, Field field, const char* what) {
  std::optional<std::string> text = Take(bytes, "a subjectAltName ", what);
  if (!text) return;
  if (field == Field::kDnsName) {
    // Judged before cleaning: a byte that was replaced must not make a host name.
    if (std::optional<std::string> host = HostName(bytes)) {
      AddName(*host);
      text = std::move(host);
    }
  }
  out_.fields.push_back({field, *std::move(text)});
}

/// RFC 6125 6.4.4: the CN stands for a host only if there is no dNSName.
void NameCollector::NamesFromCommonNames() {
  if (names_are_sans_) return;
  for (const std::string& common_name : out_.facts.common_names) {
    std::optional<std::string> host = HostName(common_name);
    if (host && host->find('.') != std::string::npos) AddName(*std::move(host));
  }
}

int NameCollector::Capped(int total, size_t cap, const char* what) {
  const int limit = static_cast<int>(cap);
  if (total <= limit) return std::max(total, 0);
  out_.cuts.push_back(std::to_string(limit) + " of " + std::to_string(total) + " " + what);
  return limit;
}

void NameCollector::AddName(std::string name) {
  std::vector<std::string>& names = out_.facts.names;
  if (names.size() < kFewNames) {
    if (std::ranges::find(names, name) != names.end()) return;
  } else {
    if (seen_.empty()) seen_.insert(names.begin(), names.end());
    if (!seen_.insert(name).second) return;
  }
  names.push_back(std::move(name));
}

/// `text` cleaned; empty if it holds a NUL (a defect) or nothing.
std::optional<std::string> NameCollector::Take(std::string_view text, const char* whose,
                                               const char* what) {
  if (text.find('\0') != std::string_view::npos) {
    AddDefect(std::string(whose) + what + " holds a NUL byte", &out_);
    return std::nullopt;
  }
  CleanText clean = Clean(text);
  if (clean.cut) {
    out_.cuts.push_back(std::string(whose) + what + ": " + std::to_string(clean.text.size()) +
                        " of " + std::to_string(text.size()) + " bytes");
  }
  if (clean.text.empty()) return std::nullopt;
  return std::move(clean.text);
}

std::optional<std::string> NameCollector::ValueText(const char* whose, const AttributeKind& kind,
                                                    int tag, std::string_view bytes) {
  if (IsAsciiString(tag, bytes)) return Take(bytes, whose, kind.name);
  const std::optional<std::string> text = DecodeString(tag, bytes);
  if (!text) {
    AddDefect(std::string(whose) + kind.name + " is no text", &out_);
    return std::nullopt;
  }
  return Take(*text, whose, kind.name);
}

void AddDefect(std::string defect, ParsedCertificate* certificate) {
  std::vector<std::string>& defects = certificate->defects;
  if (std::find(defects.begin(), defects.end(), defect) == defects.end()) {
    defects.push_back(std::move(defect));
  }
}

}  // namespace commresolve::index
