// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One block at a time, each with a bounded body.

#include "index/sources/pem.h"

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "index/certificate/certificate.h"
#include "index/sources/pkcs7.h"
#include "resolver/base/der.h"
#include "resolver/base/digest.h"

namespace commresolve::index {
namespace {

constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kEnd = "-----END ";
constexpr std::string_view kDashes = "-----";
constexpr std::string_view kBlanks = " \t\r\n\v\f";
constexpr std::string_view kTrusted = "TRUSTED CERTIFICATE";
constexpr std::string_view kPkcs7 = "PKCS7";

std::string_view Trimmed(std::string_view line) {
  const size_t first = line.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(kBlanks) - first + 1);
}

/// "X" of "-----BEGIN X-----".
std::optional<std::string_view> Label(std::string_view line, std::string_view begin) {
  if (!line.starts_with(begin) || !line.ends_with(kDashes)) return std::nullopt;
  if (line.size() < begin.size() + kDashes.size()) return std::nullopt;
  return line.substr(begin.size(), line.size() - begin.size() - kDashes.size());
}

bool HoldsCertificates(std::string_view label) {
  return label == "CERTIFICATE" || label == "X509 CERTIFICATE" || label == kTrusted ||
         label == kPkcs7;
}

struct Block {
  std::string label;
  uint64_t offset = 0;
  std::string base64;
  bool too_long = false;

  void Append(std::string_view line) {
    const size_t limit = (label == kPkcs7 ? kMaxPkcs7Bytes : kMaxCertificateBytes) / 3 * 4 + 4;
    too_long = too_long || base64.size() + line.size() > limit;
    if (!too_long) base64 += line;
  }
};

Result<std::vector<std::string>> Decode(const Block& block) {
  if (block.too_long) return Error{Code::kInvalidArgument, "the PEM block is too long"};
  COMMRESOLVE_ASSIGN(der, FromBase64(block.base64));
  if (block.label == kPkcs7) return CertificatesOfPkcs7(der);
  if (block.label == kTrusted) {
    std::string_view rest = der;
    if (const auto certificate = TakeDerElement(&rest)) der.resize(certificate->whole.size());
  }
  return std::vector<std::string>{std::move(der)};
}

/// False to stop.
bool HandOut(const Block& block, const PemSink& sink) {
  Result<std::vector<std::string>> certificates = Decode(block);
  if (!certificates.ok()) {
    sink.on_refusal(block.offset, certificates.error().message);
    return true;
  }
  for (std::string& der : *certificates) {
    if (!sink.on_certificate(block.offset, std::move(der))) return false;
  }
  return true;
}

}  // namespace

Status ReadPem(LineReader& lines, const PemSink& sink) {
  std::optional<Block> block;
  while (const std::optional<Line> line = lines.Next()) {
    const std::string_view text = Trimmed(line->text);
    if (const auto label = Label(text, kBegin)) {
      if (block) sink.on_refusal(block->offset, "the PEM block has no END line");
      block.reset();
      if (HoldsCertificates(*label)) block = Block{std::string(*label), line->offset, {}, false};
    } else if (block && text.starts_with(kEnd)) {
      if (Label(text, kEnd) != block->label) {
        sink.on_refusal(block->offset, "the PEM block ends with another label");
      } else if (!HandOut(*block, sink)) {
        return {};
      }
      block.reset();
    } else if (block) {
      block->Append(text);
      block->too_long = block->too_long || line->too_long;
    }
  }
  if (block) sink.on_refusal(block->offset, "the PEM block has no END line");
  return lines.status();
}

}  // namespace commresolve::index
