// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Certificates made in memory for tests: self-signed ones, and ones of a CA of the test's own.

#ifndef COMMRESOLVE_TESTS_FAKES_CERTIFICATES_H_
#define COMMRESOLVE_TESTS_FAKES_CERTIFICATES_H_

#include <memory>
#include <string>
#include <vector>

#include "resolver/base/clock.h"
#include "resolver/base/digest.h"
#include "resolver/base/openssl_ptr.h"

namespace commresolve::fakes {

/// A private key (EC P-256). Copies share it.
using TestKey = std::shared_ptr<EVP_PKEY>;
TestKey MakeKey();

/// What a certificate is to say. Dates default to yesterday and in 90 days.
struct CertificateOptions {
  std::vector<std::string> names = {};  ///< SAN dNSNames; digits and dots make an iPAddress.
  std::string common_name = {};         ///< Empty: the first of `names`.
  std::string organization = {};        ///< Empty: left out.
  std::string unit = {};                ///< Empty: left out.
  UnixTime not_before = 0;              ///< 0: a day ago.
  UnixTime not_after = 0;               ///< 0: in 90 days.
  bool ca = false;                      ///< basicConstraints CA:TRUE and keyCertSign.
  bool scts = false;                    ///< An embedded SCT (RFC 6962 3.3); its signature is junk.
  bool client = false;                  ///< For a TLS client instead of a server.
  TestKey key = nullptr;                ///< Null: a new one. Give one to renew with the same key.
};

/// A certificate, its key, and what a server sends after it. Copies share the objects.
struct TestCertificate {
  TestKey key;
  std::shared_ptr<X509> certificate;
  std::vector<std::shared_ptr<X509>> issuers;

  [[nodiscard]] std::string Der() const;
  [[nodiscard]] std::vector<std::string> Chain() const;  ///< DER, leaf first, as a server sends it.
  [[nodiscard]] std::string Pem() const;                 ///< The certificate and `issuers`.
  [[nodiscard]] std::string KeyPem() const;
  [[nodiscard]] KeyId key_id() const;
};

/// Signed by its own key. Aborts the test program if OpenSSL fails.
TestCertificate MakeCertificate(const CertificateOptions& options);

/// The same certificate with a private key that is not its own: a server that presents it cannot
/// complete a handshake, although OpenSSL lets it try.
TestCertificate Borrow(const TestCertificate& certificate);

/// A root CA of the test's own.
class TestCa {
 public:
  /// `name` becomes its organisation and common name.
  explicit TestCa(const std::string& name);
  /// A leaf, or with options.ca an intermediate, signed by this CA.
  [[nodiscard]] TestCertificate Issue(const CertificateOptions& options) const;
  /// A CA below this one, by default for years; what it issues is served together with it.
  [[nodiscard]] TestCa Intermediate(const std::string& name, UnixTime not_after = 0) const;
  /// The certificate of this CA alone, for a ca_file.
  [[nodiscard]] std::string Pem() const;
  [[nodiscard]] const TestCertificate& certificate() const { return certificate_; }

 private:
  explicit TestCa(TestCertificate certificate) : certificate_(std::move(certificate)) {}
  TestCertificate certificate_;
  bool root_ = false;
};

/// The KeyId of a parsed certificate.
KeyId KeyIdOf(const X509& certificate);

}  // namespace commresolve::fakes

#endif  // COMMRESOLVE_TESTS_FAKES_CERTIFICATES_H_
