// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Certificates made with OpenSSL.

#include "tests/fakes/certificates.h"

#include <openssl/core_names.h>
#include <openssl/ct.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#include <cstdlib>
#include <iostream>

namespace commresolve::fakes {
namespace {

constexpr UnixTime kDay = 86400;

/// A test without its certificates means nothing, so a failure ends the program.
void Check(bool good, const char* what) {
  if (good) return;
  std::cerr << "certificates: " << what << ": " << TakeOpensslError() << "\n";
  std::abort();
}

void AddNameEntry(X509_NAME* name, const char* field, const std::string& value) {
  if (value.empty()) return;
  Check(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                   reinterpret_cast<const uint8_t*>(value.data()),
                                   static_cast<int>(value.size()), -1, 0) == 1,
        field);
}

void AddExtension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509V3_set_ctx_nodb(&context);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  Check(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1, value.c_str());
  X509_EXTENSION_free(extension);
}

std::string SubjectAltName(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    const bool ip = name.find_first_not_of("0123456789.") == std::string::npos;
    text += (text.empty() ? "" : ",") + std::string(ip ? "IP:" : "DNS:") + name;
  }
  return text;
}

void SetRandomSerial(X509* certificate) {
  uint64_t serial = 0;
  Check(RAND_bytes(reinterpret_cast<uint8_t*>(&serial), sizeof serial) == 1, "random serial");
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial);
}

void AddSct(X509* certificate) {
  const std::string log(32, 'L');
  const std::string signature(70, 'S');
  const auto bytes = [](const std::string& text) {
    return reinterpret_cast<const unsigned char*>(text.data());
  };
  SCT* sct = SCT_new();
  STACK_OF(SCT)* list = sk_SCT_new_null();
  Check(SCT_set_version(sct, SCT_VERSION_V1) == 1 &&
            SCT_set1_log_id(sct, bytes(log), log.size()) == 1 &&
            SCT_set_signature_nid(sct, NID_ecdsa_with_SHA256) == 1 &&
            SCT_set1_signature(sct, bytes(signature), signature.size()) == 1 &&
            sk_SCT_push(list, sct) == 1 &&
            X509_add1_ext_i2d(certificate, NID_ct_precert_scts, list, 0, X509V3_ADD_DEFAULT) == 1,
        "SCT");
  SCT_LIST_free(list);
}

TestCertificate Sign(const CertificateOptions& options, const TestCertificate* issuer) {
  TestCertificate made;
  made.key = options.key ? options.key : MakeKey();
  X509Ptr owned(X509_new());
  X509* certificate = owned.get();
  Check(certificate != nullptr && X509_set_version(certificate, X509_VERSION_3) == 1, "X509_new");
  SetRandomSerial(certificate);
  const UnixTime now = SystemClock().Now();
  ASN1_TIME_set(X509_getm_notBefore(certificate),
                options.not_before != 0 ? options.not_before : now - kDay);
  ASN1_TIME_set(X509_getm_notAfter(certificate),
                options.not_after != 0 ? options.not_after : now + 90 * kDay);
  X509_NAME* name = X509_get_subject_name(certificate);
  AddNameEntry(name, "O", options.organization);
  AddNameEntry(name, "OU", options.unit);
  AddNameEntry(name, "CN",
               options.common_name.empty() && !options.names.empty() ? options.names[0]
                                                                     : options.common_name);
  X509* signer = issuer == nullptr ? certificate : issuer->certificate.get();
  Check(X509_set_issuer_name(certificate, X509_get_subject_name(signer)) == 1, "issuer name");
  Check(X509_set_pubkey(certificate, made.key.get()) == 1, "public key");
  AddExtension(certificate, signer, NID_basic_constraints,
               options.ca ? "critical,CA:TRUE" : "critical,CA:FALSE");
  AddExtension(certificate, signer, NID_key_usage,
               options.ca ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature");
  if (!options.ca) {
    AddExtension(certificate, signer, NID_ext_key_usage,
                 options.client ? "clientAuth" : "serverAuth");
  }
  AddExtension(certificate, signer, NID_subject_key_identifier, "hash");
  if (!options.names.empty()) {
    AddExtension(certificate, signer, NID_subject_alt_name, SubjectAltName(options.names));
  }
  if (options.scts) AddSct(certificate);
  EVP_PKEY* signing_key = issuer == nullptr ? made.key.get() : issuer->key.get();
  Check(X509_sign(certificate, signing_key, EVP_sha256()) > 0, "X509_sign");
  made.certificate = std::shared_ptr<X509>(owned.release(), X509_free);
  return made;
}

CertificateOptions CaOptions(const std::string& name) {
  CertificateOptions options;
  options.organization = name;
  options.common_name = name;
  options.not_before = SystemClock().Now() - 3650 * kDay;
  options.not_after = SystemClock().Now() + 3650 * kDay;
  options.ca = true;
  return options;
}

std::string DerOf(const X509& certificate) {
  uint8_t* bytes = nullptr;
  const int size = i2d_X509(&certificate, &bytes);
  Check(size > 0, "i2d_X509");
  std::string der(reinterpret_cast<char*>(bytes), static_cast<size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

std::string TextOf(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<size_t>(size)};
}

std::string PemOf(X509* certificate) {
  BioPtr bio(BIO_new(BIO_s_mem()));
  Check(PEM_write_bio_X509(bio.get(), certificate) == 1, "PEM_write_bio_X509");
  return TextOf(bio.get());
}

}  // namespace

TestKey MakeKey() {
  TestKey key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"), EVP_PKEY_free);
  Check(key != nullptr, "key generation");
  return key;
}

std::string TestCertificate::Der() const { return DerOf(*certificate); }

std::vector<std::string> TestCertificate::Chain() const {
  std::vector<std::string> chain{Der()};
  for (const auto& issuer : issuers) chain.push_back(DerOf(*issuer));
  return chain;
}

std::string TestCertificate::Pem() const {
  std::string text = PemOf(certificate.get());
  for (const auto& issuer : issuers) text += PemOf(issuer.get());
  return text;
}

std::string TestCertificate::KeyPem() const {
  BioPtr bio(BIO_new(BIO_s_mem()));
  Check(PEM_write_bio_PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
        "PEM_write_bio_PrivateKey");
  return TextOf(bio.get());
}

KeyId TestCertificate::key_id() const { return KeyIdOf(*certificate); }

KeyId KeyIdOf(const X509& certificate) {
  uint8_t* bytes = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(&certificate), &bytes);
  Check(size > 0, "i2d_X509_PUBKEY");
  KeyId id;
  id.bytes = Sha256({reinterpret_cast<char*>(bytes), static_cast<size_t>(size)});
  OPENSSL_free(bytes);
  return id;
}

TestCertificate MakeCertificate(const CertificateOptions& options) {
  return Sign(options, nullptr);
}

TestCertificate Borrow(const TestCertificate& certificate) {
  uint8_t point[256];
  size_t point_size = 0;
  Check(EVP_PKEY_get_octet_string_param(certificate.key.get(), OSSL_PKEY_PARAM_PUB_KEY, point,
                                        sizeof point, &point_size) == 1,
        "public point");
  BIGNUM* scalar = nullptr;
  Check(EVP_PKEY_get_bn_param(MakeKey().get(), OSSL_PKEY_PARAM_PRIV_KEY, &scalar) == 1, "scalar");
  OSSL_PARAM_BLD* builder = OSSL_PARAM_BLD_new();
  OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0);
  OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, point_size);
  OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, scalar);
  OSSL_PARAM* params = OSSL_PARAM_BLD_to_param(builder);
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr);
  EVP_PKEY* mixed = nullptr;
  Check(EVP_PKEY_fromdata_init(context) == 1 &&
            EVP_PKEY_fromdata(context, &mixed, EVP_PKEY_KEYPAIR, params) == 1,
        "EVP_PKEY_fromdata");
  EVP_PKEY_CTX_free(context);
  OSSL_PARAM_free(params);
  OSSL_PARAM_BLD_free(builder);
  BN_clear_free(scalar);
  TestCertificate borrowed = certificate;
  borrowed.key = TestKey(mixed, EVP_PKEY_free);
  return borrowed;
}

TestCa::TestCa(const std::string& name)
    : certificate_(MakeCertificate(CaOptions(name))), root_(true) {}

TestCertificate TestCa::Issue(const CertificateOptions& options) const {
  TestCertificate issued = Sign(options, &certificate_);
  if (!root_) {
    issued.issuers = certificate_.issuers;
    issued.issuers.insert(issued.issuers.begin(), certificate_.certificate);
  }
  return issued;
}

TestCa TestCa::Intermediate(const std::string& name, UnixTime not_after) const {
  CertificateOptions options = CaOptions(name);
  if (not_after != 0) options.not_after = not_after;
  return TestCa(Issue(options));
}

std::string TestCa::Pem() const { return PemOf(certificate_.certificate.get()); }

}  // namespace commresolve::fakes
