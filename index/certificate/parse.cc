// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ParseCertificate by OpenSSL's decoder.

#include <openssl/asn1.h>
#include <openssl/ct.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>
#include <optional>

#include "index/certificate/certificate.h"
#include "index/certificate/names.h"
#include "resolver/base/der.h"
#include "resolver/base/openssl_ptr.h"

namespace commresolve::index {
namespace {

using BasicConstraintsPtr =
    std::unique_ptr<BASIC_CONSTRAINTS, OpensslDeleter<BASIC_CONSTRAINTS_free>>;
using SctListPtr = std::unique_ptr<STACK_OF(SCT), OpensslDeleter<SCT_LIST_free>>;
using ExtendedKeyUsagePtr =
    std::unique_ptr<EXTENDED_KEY_USAGE, OpensslDeleter<EXTENDED_KEY_USAGE_free>>;

UnixTime TimeOf(const ASN1_TIME* time, const char* field, ParsedCertificate* certificate) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) {
    ERR_clear_error();
    AddDefect(std::string(field) + " is no time", certificate);
    return 0;
  }
  return timegm(&parts);
}

/// The decoded extension `nid`; null if it is absent or, which is a defect, unreadable.
template <class Pointer>
Pointer Extension(const X509& x509, int nid, ParsedCertificate* certificate) {
  int critical = 0;
  Pointer extension(
      static_cast<typename Pointer::pointer>(X509_get_ext_d2i(&x509, nid, &critical, nullptr)));
  if (extension == nullptr && critical != -1) {
    ERR_clear_error();
    AddDefect(std::string(OBJ_nid2sn(nid)) +
                  (critical == -2 ? " stands there twice" : " does not decode"),
              certificate);
  }
  return extension;
}

bool ForClientsOnly(const EXTENDED_KEY_USAGE& usages) {
  for (int i = 0; i < sk_ASN1_OBJECT_num(&usages); ++i) {
    const int nid = OBJ_obj2nid(sk_ASN1_OBJECT_value(&usages, i));
    if (nid == NID_server_auth || nid == NID_anyExtendedKeyUsage) return false;
  }
  return true;
}

bool HoldsSct(const STACK_OF(SCT) & list) {
  for (int i = 0; i < sk_SCT_num(&list); ++i) {
    if (SCT_get_version(sk_SCT_value(&list, i)) == SCT_VERSION_V1) return true;
  }
  return false;
}

void ReadExtensions(const X509& x509, ParsedCertificate* certificate) {
  const auto constraints = Extension<BasicConstraintsPtr>(x509, NID_basic_constraints, certificate);
  certificate->is_ca = constraints != nullptr && constraints->ca != 0;
  const auto usages = Extension<ExtendedKeyUsagePtr>(x509, NID_ext_key_usage, certificate);
  certificate->client_only = usages != nullptr && ForClientsOnly(*usages);
  const auto scts = Extension<SctListPtr>(x509, NID_ct_precert_scts, certificate);
  certificate->facts.embedded_scts = scts != nullptr && HoldsSct(*scts);
}

bool SelfSigned(X509* x509, EVP_PKEY* key) {
  if (X509_NAME_cmp(X509_get_subject_name(x509), X509_get_issuer_name(x509)) != 0) return false;
  const bool verified = X509_verify(x509, key) == 1;
  ERR_clear_error();
  return verified;
}

}  // namespace

Result<ParsedCertificate> ParseCertificate(std::string_view der) {
  if (der.size() > kMaxCertificateBytes) {
    return Error{Code::kInvalidArgument, "larger than " + std::to_string(kMaxCertificateBytes) +
                                             " bytes: not taken for a certificate"};
  }
  ERR_clear_error();
  const auto* const begin = reinterpret_cast<const unsigned char*>(der.data());
  const unsigned char* end = begin;
  const X509Ptr x509(d2i_X509(nullptr, &end, static_cast<long>(der.size())));
  if (x509 == nullptr) {
    return Error{Code::kInvalidArgument, "not a certificate: " + TakeOpensslError()};
  }
  EVP_PKEY* const key = X509_get0_pubkey(x509.get());
  if (key == nullptr) {
    return Error{Code::kInvalidArgument, "no readable public key: " + TakeOpensslError()};
  }
  ParsedCertificate certificate;
  certificate.size = static_cast<size_t>(end - begin);
  const std::string_view whole = der.substr(0, certificate.size);
  const std::optional<KeyId> encoded_key = KeyOf(whole);
  if (!encoded_key) return Error{Code::kInvalidArgument, "not DER: a length is indefinite"};

  certificate.facts.id.bytes = Sha256(whole);
  certificate.facts.key = *encoded_key;
  certificate.facts.not_before = TimeOf(X509_get0_notBefore(x509.get()), "notBefore", &certificate);
  certificate.facts.not_after = TimeOf(X509_get0_notAfter(x509.get()), "notAfter", &certificate);
  CollectNames(*x509, &certificate);
  ReadExtensions(*x509, &certificate);
  certificate.facts.self_signed = SelfSigned(x509.get(), key);
  if (whole.size() < der.size()) {
    AddDefect(std::to_string(der.size() - whole.size()) + " bytes after the certificate",
              &certificate);
  }
  return certificate;
}

}  // namespace commresolve::index
