// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Any bytes as a certificate: parsing and keywords keep their promises.

#include <unicode/unistr.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <unordered_set>

#include "index/certificate/certificate.h"
#include "resolver/keyword/fold.h"

namespace {

using namespace commresolve;
using namespace commresolve::index;

void Require(bool holds) {
  if (!holds) std::abort();
}

void RequireText(const std::string& text, size_t limit) {
  Require(!text.empty() && text.size() <= limit && text.find('\0') == std::string::npos);
  std::string again;
  icu::UnicodeString::fromUTF8(text).toUTF8String(again);
  Require(again == text);
}

void RequireKeywords(const ParsedCertificate& certificate, bool public_chain) {
  const std::vector<Keyword> keywords = ExtractKeywords(certificate, public_chain, nullptr);
  Require(keywords.size() <= kMaxKeywords);
  std::unordered_set<std::string_view> words;
  for (const Keyword& keyword : keywords) {
    RequireText(keyword.word, kMaxKeywordBytes);
    Require(words.insert(keyword.word).second);
    Require(public_chain || keyword.evidence == EvidenceClass::kSelfAsserted);
  }
  Require(ExtractKeywords(certificate, public_chain, nullptr) == keywords);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto parsed = ParseCertificate(input);
  if (!parsed.ok()) return 0;
  Require(parsed->size <= size && parsed->sound() == parsed->defects.empty());
  Require(parsed->fields.size() <= kMaxSans + 2 * kMaxNameValues);
  for (const FieldText& field : parsed->fields) RequireText(field.text, kMaxFieldBytes);
  for (const std::string& name : parsed->facts.names) RequireText(name, 255);
  RequireKeywords(*parsed, false);
  RequireKeywords(*parsed, true);

  const auto again = ParseCertificate(input.substr(0, parsed->size));
  Require(again.ok() && again->fields == parsed->fields);
  Require(again->facts.id == parsed->facts.id && again->facts.key == parsed->facts.key);
  return 0;
}
