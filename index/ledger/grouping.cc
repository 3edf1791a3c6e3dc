// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The canonical form of a certificate's names.

#include "index/ledger/grouping.h"

#include <algorithm>
#include <tuple>

#include "resolver/base/byte_codec.h"
#include "resolver/base/der.h"

namespace commresolve::index {

std::vector<FieldView> ListingFields(const ParsedCertificate& certificate) {
  std::vector<FieldView> fields;
  fields.reserve(certificate.fields.size());
  for (const FieldText& field : certificate.fields) {
    if (field.field != Field::kIssuer) fields.emplace_back(field);
  }
  std::ranges::sort(fields, [](const FieldView& a, const FieldView& b) {
    return std::tie(a.field, a.text) < std::tie(b.field, b.text);
  });
  fields.erase(std::ranges::unique(fields).begin(), fields.end());
  return fields;
}

PlainDigest ListingDigest(const std::vector<FieldView>& fields) {
  ByteWriter writer;
  for (const FieldView& field : fields) {
    writer.Byte(static_cast<uint8_t>(field.field));
    writer.Text(field.text);
  }
  return {Sha256(writer.bytes())};
}

std::string_view CertificateBytes(std::string_view der) {
  const auto element = TakeDerElement(&der);
  return element ? element->whole : der;
}

}  // namespace commresolve::index
