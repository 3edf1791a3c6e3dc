// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keywords, typed names, host names, keys and times from arbitrary text: what is read is bounded,
// and what is written is read back as the same.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "resolver/base/clock.h"
#include "resolver/base/digest.h"
#include "resolver/keyword/fold.h"
#include "resolver/keyword/host_name.h"
#include "resolver/keyword/typed_name.h"

namespace commresolve {
namespace {

constexpr std::string_view kSuffix = "cert.alt";

void Require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

void CheckWords(std::string_view text) {
  const std::vector<std::string> words = FoldWords(text);
  std::string joined;
  for (const std::string& word : words) {
    Require(!word.empty() && word.size() <= kMaxKeywordBytes, "a word has 1 to 64 bytes");
    if (!joined.empty()) joined += ' ';
    joined += word;
  }
  Require(joined.size() <= kMaxFoldInput, "all words are within the limit");
  Require(FoldWords(joined) == words, "folding again changes nothing");
  const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
  if (!ascii || text.size() + 3 > kMaxFoldInput) return;
  std::vector<std::string> by_icu = FoldWords(std::string(text) + " é");
  by_icu.pop_back();
  Require(by_icu == words, "the ASCII path agrees with ICU");
}

void CheckHostName(std::string_view text) {
  const auto host = NormaliseHostName(text);
  if (!host.ok()) return;
  Require(!host->empty() && host->size() <= 253, "a host name has 1 to 253 bytes");
  const auto again = NormaliseHostName(*host);
  Require(again.ok() && *again == *host, "the normal form is its own normal form");
  const auto displayed = NormaliseHostName(DisplayHostName(*host));
  Require(displayed.ok() && *displayed == *host, "the displayed form reads back");
  const HostParts parts = SplitHostName(*host);
  Require(parts.registrable_domain.empty() == parts.registrable_label.empty(), "both or none");
  Require(host->ends_with(parts.registrable_domain) && host->ends_with(parts.suffix),
          "cut from host");
  MatchesHostName(*host, text);
  Require(MatchesHostName(*host, *host) != host->starts_with('*'), "a host matches itself");
}

void CheckTypedName(std::string_view text) {
  const auto name = ParseTypedName(text, kSuffix);
  if (!name.ok()) {
    Require(name.error().code == Code::kInvalidArgument, "a bad name is an invalid argument");
    return;
  }
  if (const auto* words = std::get_if<KeywordSet>(&*name)) {
    const auto again = KeywordSet::FromText(words->ToString());
    Require(again.ok() && *again == *words, "the canonical text of keywords reads back");
    NameOfWords(*words, kSuffix);
  } else if (const auto* key = std::get_if<KeyId>(&*name)) {
    const auto again = ParseTypedName(NameOfKey(*key, kSuffix), kSuffix);
    Require(again.ok() && std::get<KeyId>(*again) == *key, "the name of a key reads back");
  } else {
    const std::string host = "." + std::get<DnsName>(*name).host;
    Require(!host.ends_with("." + std::string(kSuffix)), "no DNS name is under the suffix");
  }
}

void CheckKeyAndTime(std::string_view text) {
  if (const auto key = ParseKey(text); key.ok()) {
    const auto again = ParseKey(KeyText(*key));
    Require(again.ok() && *again == *key, "the text of a key reads back");
  }
  if (const auto time = ParseTime(text); time.ok()) {
    const std::string canonical = FormatTime(*time);
    const auto again = ParseTime(canonical);
    Require(again.ok() && FormatTime(*again) == canonical, "a written time reads back");
  }
  static_cast<void>(ParseDuration(text));
}

}  // namespace
}  // namespace commresolve

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  commresolve::CheckWords(text);
  commresolve::CheckHostName(text);
  commresolve::CheckTypedName(text);
  commresolve::CheckTypedName(std::string(text) + ".cert.alt");
  commresolve::CheckKeyAndTime(text);
  return 0;
}
