// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A verifier for gRPC, which calls it after the handshake has proved possession of the key.

#include "grpc/client/pinned_key.h"

#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <functional>
#include <optional>
#include <vector>

#include "resolver/base/der.h"
#include "resolver/base/openssl_ptr.h"

namespace commresolve::daemon {
namespace {

namespace tls = grpc::experimental;

std::optional<KeyId> KeyOfPem(const grpc::string_ref& pem) {
  const BioPtr text(::BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const X509Ptr certificate(::PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr));
  if (!certificate) return std::nullopt;
  const int size = ::i2d_X509(certificate.get(), nullptr);
  if (size <= 0) return std::nullopt;
  std::string der(static_cast<size_t>(size), '\0');
  auto* at = reinterpret_cast<unsigned char*>(der.data());
  if (::i2d_X509(certificate.get(), &at) != size) return std::nullopt;
  return KeyOf(der);
}

class PinnedKey final : public tls::ExternalCertificateVerifier {
 public:
  PinnedKey(const KeyId& key, std::shared_ptr<std::atomic<Meeting>> meeting)
      : key_(key), meeting_(std::move(meeting)) {}

  bool Verify(tls::TlsCustomVerificationCheckRequest* request,
              std::function<void(grpc::Status)> /*callback*/, grpc::Status* status) override {
    const bool right = KeyOfPem(request->peer_cert()) == key_;
    *meeting_ = right ? Meeting::kRightKey : Meeting::kWrongKey;
    *status =
        right ? grpc::Status::OK : grpc::Status(grpc::StatusCode::UNAUTHENTICATED, "another key");
    return true;
  }
  void Cancel(tls::TlsCustomVerificationCheckRequest* /*request*/) override {}

 private:
  const KeyId key_;
  const std::shared_ptr<std::atomic<Meeting>> meeting_;
};

}  // namespace

std::shared_ptr<grpc::ChannelCredentials> PinnedKeyCredentials(
    const KeyId& key, const ClientIdentity& identity,
    std::shared_ptr<std::atomic<Meeting>> meeting) {
  tls::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(std::make_shared<tls::StaticDataCertificateProvider>(
      std::vector<tls::IdentityKeyCertPair>{{identity.key, identity.certificate}}));
  options.watch_identity_key_cert_pairs();
  // The key is what counts: no CA vouches for it, and no name.
  options.set_verify_server_certs(false);
  options.set_check_call_host(false);
  options.set_certificate_verifier(
      tls::ExternalCertificateVerifier::Create<PinnedKey>(key, std::move(meeting)));
  return tls::TlsCredentials(options);
}

}  // namespace commresolve::daemon
