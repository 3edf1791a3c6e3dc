// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The names of an OpenSSL certificate, handed to the NameCollector.

#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>

#include "index/certificate/names.h"
#include "resolver/base/openssl_ptr.h"

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

std::string_view Bytes(const ASN1_STRING& string) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(&string)),
          static_cast<size_t>(ASN1_STRING_length(&string))};
}

/// Calls `take` for each of the first `count` attributes that have a field.
template <class Take>
void EachValue(const X509_NAME* name, int count, const Take& take) {
  for (int i = 0; i < count; ++i) {
    const X509_NAME_ENTRY* entry = X509_NAME_get_entry(name, i);
    const int nid = OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry));
    const std::optional<Field> field = SubjectField(nid);
    if (!field) continue;
    const ASN1_STRING& value = *X509_NAME_ENTRY_get_data(entry);
    take(AttributeKind{OBJ_nid2sn(nid), *field}, ASN1_STRING_type(&value), Bytes(value));
  }
}

void TakeSan(const GENERAL_NAME& name, NameCollector& collector) {
  int type = 0;
  const auto* string = static_cast<const ASN1_STRING*>(GENERAL_NAME_get0_value(&name, &type));
  switch (type) {
    case GEN_DNS:
      return collector.DnsSan(Bytes(*string));
    case GEN_EMAIL:
      return collector.EmailSan(Bytes(*string));
    case GEN_URI:
      return collector.UriSan(Bytes(*string));
    case GEN_IPADD:
      return collector.AddressSan(Bytes(*string));
    default:
      return;
  }
}

void TakeSans(const X509& x509, NameCollector& collector) {
  int critical = 0;
  const GeneralNamesPtr sans(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(&x509, NID_subject_alt_name, &critical, nullptr)));
  if (sans == nullptr) {
    ERR_clear_error();
    if (critical == -1) return;
    return collector.BadSans(critical == -2 ? "stands there twice" : "does not decode");
  }
  const int count = collector.Capped(sk_GENERAL_NAME_num(sans.get()), kMaxSans, "subjectAltNames");
  for (int i = 0; i < count; ++i) TakeSan(*sk_GENERAL_NAME_value(sans.get(), i), collector);
}

}  // namespace

void CollectNames(const X509& x509, ParsedCertificate* certificate) {
  NameCollector collector(certificate);
  const X509_NAME* subject = X509_get_subject_name(&x509);
  EachValue(subject,
            collector.Capped(X509_NAME_entry_count(subject), kMaxNameValues, "subject values"),
            [&](const AttributeKind& kind, int tag, std::string_view bytes) {
              collector.SubjectValue(kind, tag, bytes);
            });
  TakeSans(x509, collector);
  collector.NamesFromCommonNames();
  const X509_NAME* issuer = X509_get_issuer_name(&x509);
  EachValue(issuer,
            collector.Capped(X509_NAME_entry_count(issuer), kMaxNameValues, "issuer values"),
            [&](const AttributeKind& kind, int tag, std::string_view bytes) {
              if (kind.field != Field::kCommonName && kind.field != Field::kOrganization) return;
              collector.IssuerValue(kind, tag, bytes);
            });
}

}  // namespace commresolve::index
