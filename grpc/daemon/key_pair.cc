// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Asking OpenSSL.

#include "grpc/daemon/key_pair.h"

#include <openssl/pem.h>
#include <openssl/x509.h>

#include "resolver/base/openssl_ptr.h"

namespace commresolve::daemon {

bool KeyBelongs(const std::string& key_pem, const std::string& certificate_pem) {
  const BioPtr certificate(::BIO_new_mem_buf(certificate_pem.data(), -1));
  const BioPtr key(::BIO_new_mem_buf(key_pem.data(), -1));
  const X509Ptr read(::PEM_read_bio_X509(certificate.get(), nullptr, nullptr, nullptr));
  // A passphrase is not asked for.
  const auto refuse = [](char*, int, int, void*) { return 0; };
  const EvpPkeyPtr own(::PEM_read_bio_PrivateKey(key.get(), nullptr, refuse, nullptr));
  return read && own && ::X509_check_private_key(read.get(), own.get()) == 1;
}

}  // namespace commresolve::daemon
