// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Takes the names of a certificate one by one; each either becomes a field or a defect.

#include "index/certificate/names.h"

#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "index/certificate/text.h"
#include "resolver/base/openssl_ptr.h"
#include "resolver/endpoint.h"
#include "resolver/keyword/host_name.h"

namespace commresolve::index {
namespace {

std::optional<Field> SubjectField(int nid) {
  switch (nid) {
    case NID_commonName:
      return Field::kCommonName;
    case NID_organizationName:
      return Field::kOrganization;
    case NID_organizationalUnitName:
      return Field::kUnit;
    case NID_localityName:
      return Field::kLocality;
    case NID_stateOrProvinceName:
      return Field::kState;
    case NID_countryName:
      return Field::kCountry;
    case NID_pkcs9_emailAddress:
      return Field::kEmail;
    default:
      return std::nullopt;
  }
}

/// RFC 5280 4.2.1.6: a dNSName is an ASCII string. Text in other characters is shown, but it is no
/// host name that a server could be asked for.
std::optional<std::string> HostName(std::string_view text) {
  const bool ascii = std::all_of(text.begin(), text.end(),
                                 [](char byte) { return static_cast<unsigned char>(byte) < 0x80; });
  if (!ascii) return std::nullopt;
  Result<std::string> host = NormaliseHostName(text);
  if (!host.ok()) return std::nullopt;
  return std::move(host).value();
}

class Collector {
 public:
  explicit Collector(ParsedCertificate* certificate) : out_(*certificate) {}

  void Subject(const X509_NAME* name) {
    const int total = X509_NAME_entry_count(name);
    const int count = Capped(total, kMaxNameValues, "subject values");
    for (int i = 0; i < count; ++i) {
      const X509_NAME_ENTRY* entry = X509_NAME_get_entry(name, i);
      const int nid = OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry));
      const std::optional<Field> field = SubjectField(nid);
      if (!field) continue;
      std::optional<std::string> text = EntryText(entry, "subject", nid);
      if (!text) continue;
      if (*field == Field::kCommonName) out_.facts.common_names.push_back(*text);
      if (*field == Field::kOrganization) out_.facts.organizations.push_back(*text);
      out_.fields.push_back({*field, *std::move(text)});
    }
  }

  void Issuer(const X509_NAME* name) {
    const int total = X509_NAME_entry_count(name);
    const int count = Capped(total, kMaxNameValues, "issuer values");
    for (int i = 0; i < count; ++i) {
      const X509_NAME_ENTRY* entry = X509_NAME_get_entry(name, i);
      const int nid = OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry));
      if (nid != NID_organizationName && nid != NID_commonName) continue;
      std::optional<std::string> text = EntryText(entry, "issuer", nid);
      if (!text) continue;
      std::string& fact =
          nid == NID_commonName ? out_.facts.issuer_common_name : out_.facts.issuer_organization;
      if (fact.empty()) fact = *text;
      out_.fields.push_back({Field::kIssuer, *std::move(text)});
    }
  }

  void Sans(const X509& x509) {
    int critical = 0;
    const GeneralNamesPtr sans(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(&x509, NID_subject_alt_name, &critical, nullptr)));
    if (sans == nullptr) {
      ERR_clear_error();
      if (critical == -1) return;
      names_are_sans_ = true;
      AddDefect(
          critical == -2 ? "subjectAltName stands there twice" : "subjectAltName does not decode",
          &out_);
      return;
    }
    const int count = Capped(sk_GENERAL_NAME_num(sans.get()), kMaxSans, "subjectAltNames");
    for (int i = 0; i < count; ++i) San(*sk_GENERAL_NAME_value(sans.get(), i));
  }

  /// RFC 6125 6.4.4: the CN stands for a host only if there is no dNSName.
  void NamesFromCommonNames() {
    if (names_are_sans_) return;
    for (const std::string& common_name : out_.facts.common_names) {
      const std::optional<std::string> host = HostName(common_name);
      if (host && host->find('.') != std::string::npos) AddName(*host);
    }
  }

 private:
  int Capped(int total, size_t cap, const char* what) {
    const int limit = static_cast<int>(cap);
    if (total <= limit) return std::max(total, 0);
    out_.cuts.push_back(std::to_string(limit) + " of " + std::to_string(total) + " " + what);
    return limit;
  }

  void AddName(const std::string& name) {
    if (seen_.insert(name).second) out_.facts.names.push_back(name);
  }

  /// `text` cleaned; empty if it holds a NUL (a defect) or nothing.
  std::optional<std::string> Take(std::string_view text, const std::string& what) {
    if (text.find('\0') != std::string_view::npos) {
      AddDefect(what + " holds a NUL byte", &out_);
      return std::nullopt;
    }
    CleanText clean = Clean(text);
    if (clean.cut) {
      out_.cuts.push_back(what + ": " + std::to_string(clean.text.size()) + " of " +
                          std::to_string(text.size()) + " bytes");
    }
    if (clean.text.empty()) return std::nullopt;
    return std::move(clean.text);
  }

  std::optional<std::string> EntryText(const X509_NAME_ENTRY* entry, const std::string& whose,
                                       int nid) {
    const std::string what = whose + " " + OBJ_nid2sn(nid);
    const std::optional<std::string> text = DecodeString(*X509_NAME_ENTRY_get_data(entry));
    if (!text) {
      AddDefect(what + " is no text", &out_);
      return std::nullopt;
    }
    return Take(*text, what);
  }

  void San(const GENERAL_NAME& name) {
    int type = 0;
    const auto* string = static_cast<const ASN1_STRING*>(GENERAL_NAME_get0_value(&name, &type));
    switch (type) {
      case GEN_DNS:
        names_are_sans_ = true;
        SanText(*string, Field::kDnsName, "a subjectAltName dNSName");
        break;
      case GEN_EMAIL:
        SanText(*string, Field::kEmail, "a subjectAltName rfc822Name");
        break;
      case GEN_URI:
        SanText(*string, Field::kUri, "a subjectAltName URI");
        break;
      case GEN_IPADD:
        SanAddress(*string);
        break;
      default:
        break;
    }
  }

  static std::string_view Bytes(const ASN1_STRING& string) {
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(&string)),
            static_cast<size_t>(ASN1_STRING_length(&string))};
  }

  /// These are IA5String; bytes above 127 are read as UTF-8, which is what issuers put there.
  void SanText(const ASN1_STRING& string, Field field, const char* what) {
    std::optional<std::string> text = Take(Bytes(string), what);
    if (!text) return;
    if (field == Field::kDnsName) {
      // Judged before cleaning: a byte that was replaced must not make a host name.
      if (const std::optional<std::string> host = HostName(Bytes(string))) {
        AddName(*host);
        text = host;
      }
    }
    out_.fields.push_back({field, *std::move(text)});
  }

  void SanAddress(const ASN1_STRING& string) {
    const Result<IpAddress> address = IpAddress::FromBytes(Bytes(string));
    if (!address.ok()) {
      AddDefect("a subjectAltName iPAddress has neither 4 nor 16 bytes", &out_);
      return;
    }
    out_.fields.push_back({Field::kIpAddress, address->ToString()});
  }

  ParsedCertificate& out_;
  std::unordered_set<std::string> seen_;
  bool names_are_sans_ = false;
};

}  // namespace

void AddDefect(std::string defect, ParsedCertificate* certificate) {
  std::vector<std::string>& defects = certificate->defects;
  if (std::find(defects.begin(), defects.end(), defect) == defects.end()) {
    defects.push_back(std::move(defect));
  }
}

void CollectNames(const X509& x509, ParsedCertificate* certificate) {
  Collector collector(certificate);
  collector.Subject(X509_get_subject_name(&x509));
  collector.Sans(x509);
  collector.NamesFromCommonNames();
  collector.Issuer(X509_get_issuer_name(&x509));
}

}  // namespace commresolve::index
