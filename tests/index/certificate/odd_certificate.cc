// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Builds the certificates with OpenSSL, which checks none of what is put in.

#include "tests/index/certificate/odd_certificate.h"

#include <cstdlib>
#include <iostream>
#include <memory>

#include "resolver/base/openssl_ptr.h"

namespace commresolve::index {
namespace {

void Check(bool good, const char* what) {
  if (good) return;
  std::cerr << "odd certificate: " << what << ": " << TakeOpensslError() << '\n';
  std::abort();
}

const uint8_t* Bytes(const std::string& text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

EVP_PKEY* NewKey() {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  Check(key != nullptr, "key");
  return key;
}

void AddValues(X509_NAME* name, const std::vector<NameValue>& values) {
  for (const NameValue& value : values) {
    Check(X509_NAME_add_entry_by_NID(name, value.nid, value.type, Bytes(value.bytes),
                                     static_cast<int>(value.bytes.size()), -1, 0) == 1,
          "name value");
  }
}

void AddExtension(X509* certificate, const RawExtension& raw) {
  using OctetsPtr = std::unique_ptr<ASN1_OCTET_STRING, OpensslDeleter<ASN1_OCTET_STRING_free>>;
  using ExtensionPtr = std::unique_ptr<X509_EXTENSION, OpensslDeleter<X509_EXTENSION_free>>;
  const OctetsPtr octets(ASN1_OCTET_STRING_new());
  ASN1_OCTET_STRING_set(octets.get(), Bytes(raw.der), static_cast<int>(raw.der.size()));
  const ExtensionPtr extension(X509_EXTENSION_create_by_NID(nullptr, raw.nid, 0, octets.get()));
  Check(X509_add_ext(certificate, extension.get(), -1) == 1, "extension");
}

}  // namespace

std::string MakeOdd(const OddOptions& options) {
  static const EvpPkeyPtr own_key(NewKey());
  static const EvpPkeyPtr foreign_key(NewKey());
  const X509Ptr certificate(X509_new());
  X509* x509 = certificate.get();
  X509_set_version(x509, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
  Check(ASN1_TIME_set_string(X509_getm_notBefore(x509), options.not_before.c_str()) == 1, "date");
  Check(ASN1_TIME_set_string(X509_getm_notAfter(x509), options.not_after.c_str()) == 1, "date");
  AddValues(X509_get_subject_name(x509), options.subject);
  AddValues(X509_get_issuer_name(x509), options.issuer.empty() ? options.subject : options.issuer);
  Check(X509_set_pubkey(x509, own_key.get()) == 1, "key");
  for (const RawExtension& extension : options.extensions) AddExtension(x509, extension);
  EVP_PKEY* signer = options.foreign_signature ? foreign_key.get() : own_key.get();
  Check(X509_sign(x509, signer, EVP_sha256()) > 0, "signature");
  uint8_t* bytes = nullptr;
  const int size = i2d_X509(x509, &bytes);
  Check(size > 0, "encoding");
  std::string der(reinterpret_cast<char*>(bytes), static_cast<size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

std::string Element(uint8_t identifier, const std::string& contents) {
  std::string der(1, static_cast<char>(identifier));
  const size_t size = contents.size();
  if (size < 0x80) {
    der += static_cast<char>(size);
  } else {
    der += '\x83';
    der += static_cast<char>(size >> 16 & 0xff);
    der += static_cast<char>(size >> 8 & 0xff);
    der += static_cast<char>(size & 0xff);
  }
  return der + contents;
}

RawExtension Sans(const std::string& names) { return {NID_subject_alt_name, Element(0x30, names)}; }

}  // namespace commresolve::index
