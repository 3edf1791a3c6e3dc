// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// PKCS#7 by OpenSSL's decoder.

#include "index/sources/pkcs7.h"

#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>

#include <utility>

#include "resolver/base/openssl_ptr.h"

namespace commresolve::index {
namespace {

const STACK_OF(X509) * CertificatesIn(const PKCS7& message) {
  if (OBJ_obj2nid(message.type) != NID_pkcs7_signed || message.d.sign == nullptr) return nullptr;
  return message.d.sign->cert;
}

std::string DerOf(const X509* certificate) {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(certificate, &bytes);
  if (size < 0) return {};
  std::string der(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

}  // namespace

Result<std::vector<std::string>> CertificatesOfPkcs7(std::string_view ber) {
  if (ber.size() > kMaxPkcs7Bytes) {
    return Error{Code::kInvalidArgument,
                 "larger than " + std::to_string(kMaxPkcs7Bytes) + " bytes"};
  }
  ERR_clear_error();
  const auto* at = reinterpret_cast<const unsigned char*>(ber.data());
  const Pkcs7Ptr message(d2i_PKCS7(nullptr, &at, static_cast<long>(ber.size())));
  if (message == nullptr) {
    return Error{Code::kInvalidArgument, "not PKCS#7: " + TakeOpensslError()};
  }
  std::vector<std::string> certificates;
  const STACK_OF(X509)* stack = CertificatesIn(*message);
  for (int i = 0; stack != nullptr && i < sk_X509_num(stack); ++i) {
    certificates.push_back(DerOf(sk_X509_value(stack, i)));
  }
  if (certificates.empty()) return Error{Code::kInvalidArgument, "PKCS#7 without certificates"};
  return certificates;
}

std::vector<std::string> CertificatesOfDer(std::string der) {
  if (auto certificates = CertificatesOfPkcs7(der); certificates.ok()) return *certificates;
  return {std::move(der)};
}

}  // namespace commresolve::index
