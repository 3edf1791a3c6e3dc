// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// PEM (RFC 7468): the certificates in a text, whatever else stands around them.

#ifndef COMMRESOLVE_INDEX_SOURCES_PEM_H_
#define COMMRESOLVE_INDEX_SOURCES_PEM_H_

#include <cstdint>
#include <functional>
#include <string>

#include "index/sources/line_reader.h"
#include "resolver/base/result.h"

namespace commresolve::index {

/// What a PEM text is made of. `offset` is that of the BEGIN line.
struct PemSink {
  /// Return false to stop.
  std::function<bool(uint64_t offset, std::string der)> on_certificate;
  std::function<void(uint64_t offset, const std::string& reason)> on_refusal;
};

/// Hands out every block labelled CERTIFICATE, X509 CERTIFICATE, TRUSTED CERTIFICATE (without its
/// trust settings) and every certificate of a PKCS7 block. Keys, requests and text in between are
/// passed over. Fails only if `lines` does.
Status ReadPem(LineReader& lines, const PemSink& sink);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SOURCES_PEM_H_
