// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From a listing to its terms.

#include "index/search/terms.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "index/search/text.h"
#include "resolver/base/digest.h"
#include "resolver/keyword/fold.h"

namespace commresolve::index {
namespace {

constexpr size_t kCutTermBytes = 200;
constexpr size_t kMaxGluedWords = 6;  ///< Of one organisation or common name.
constexpr size_t kMaxGluedCharacters = 40;
constexpr size_t kHashBytes = 5;
/// Labels of names that hosting software gives to every domain.
constexpr std::array<std::string_view, 7> kMachineLabels = {
    "autoconfig", "autodiscover", "cpanel", "cpcalendars", "cpcontacts", "webdisk", "whm"};
/// Words that so many issuers have that they tell none from another.
constexpr std::array<std::string_view, 32> kIssuerFillers = {
    "ag",      "and",       "authority", "ca",     "certificate",  "certification",
    "class",   "co",        "company",   "corp",   "corporation",  "domain",
    "dv",      "ecc",       "ev",        "gmbh",   "inc",          "incorporated",
    "limited", "llc",       "ltd",       "of",     "organization", "ov",
    "rsa",     "sa",        "secure",    "server", "ssl",          "the",
    "tls",     "validation"};

/// FNV-1a. Stored, so it must not depend on the machine.
uint64_t HashOf(std::string_view text) {
  uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) {
    hash ^= static_cast<uint8_t>(c);
    hash *= 0x100000001b3U;
  }
  return hash;
}

std::string HashBytes(std::string_view text, size_t count) {
  const uint64_t hash = HashOf(text);
  std::string bytes;
  for (size_t i = 0; i < count; ++i) bytes.push_back(static_cast<char>(hash >> (56 - 8 * i)));
  return bytes;
}

bool IsNameKind(TermKind kind) {
  return kind == TermKind::kHost || kind == TermKind::kDomain || kind == TermKind::kOwnName;
}

/// Collects distinct terms up to the caps.
class TermList final : public TermSink {
 public:
  void Add(TermKind kind, std::string_view text) override {
    if (text.empty() || terms_.size() >= kMaxTerms) return;
    const bool word = kind == TermKind::kWord;
    if (word && words_ >= kMaxWordTerms) return;
    std::string term = TermOf(kind, text);
    if (!seen_.insert(term).second) return;
    if (word) ++words_;
    terms_.push_back({std::move(term), word || kind == TermKind::kOwnName ||
                                           kind == TermKind::kSuffix || kind == TermKind::kHost});
  }

  std::vector<Term> Take() { return std::move(terms_); }

 private:
  std::vector<Term> terms_;
  std::unordered_set<std::string> seen_;
  size_t words_ = 0;
};

void AddWord(const std::string& word, TermSink& terms) {
  terms.AddBoth(TermKind::kWord, word);
  terms.Add(TermKind::kWord, LetterRun(word));
}

void AddLabel(const std::vector<std::string>& words, TermSink& terms) {
  const std::string glued = Join(words, "");
  for (const std::string& word : words) AddWord(word, terms);
  if (words.size() > 1) terms.AddBoth(TermKind::kWord, glued);
  for (const std::string& gram : CjkGrams(StripMarks(glued))) terms.Add(TermKind::kWord, gram);
}

/// The first label below the registrable one, if it is one word; else empty.
std::string_view FirstLabel(const HostText& host) {
  if (host.registrable == 0 || host.name.starts_with('*')) return {};
  return host.labels.front().size() == 1 ? host.labels.front()[0] : std::string_view{};
}

/// Nobody asks for such a name by its words.
bool IsMachineName(const HostText& host) {
  return std::ranges::find(kMachineLabels, FirstLabel(host)) != kMachineLabels.end();
}

void AddRestOfHost(const HostText& host, TermSink& terms) {
  for (size_t i = 0; i < host.registrable; ++i) AddLabel(host.labels[i], terms);
  for (const std::string& word : host.suffix) terms.AddBoth(TermKind::kSuffix, word);
  if (!IsMachineName(host)) terms.Add(TermKind::kOwnName, OwnNameKey(OwnWords(host)));
}

/// Free text: its words, and neighbours glued, so that "greenvalley" finds "Green Valley Ltd".
void AddText(std::string_view text, bool glue, TermSink& terms) {
  if (text.find("xn--") != std::string_view::npos) {
    for (const std::string& word : FoldWords(DecodeNames(text))) AddWord(word, terms);
  }
  const std::vector<std::string> words = FoldWords(text);
  for (const std::string& word : words) AddWord(word, terms);
  for (size_t i = 0; glue && i + 1 < std::min(words.size(), kMaxGluedWords); ++i) {
    const std::string glued = StripMarks(words[i] + words[i + 1]);
    if (CountCharacters(glued) <= kMaxGluedCharacters) terms.Add(TermKind::kWord, glued);
  }
  for (const std::string& gram : CjkGrams(StripMarks(FoldCase(text)))) {
    terms.Add(TermKind::kWord, gram);
  }
}

void AddFieldWords(const FieldText& field, TermSink& terms) {
  switch (field.field) {
    case Field::kOrganization:
      AddText(field.text, true, terms);
      for (const std::string& word : SearchWords(field.text)) {
        terms.Add(TermKind::kOrganization, word);
      }
      break;
    case Field::kCommonName:
      AddText(field.text, true, terms);
      break;
    case Field::kCountry:
      for (const std::string& word : FoldWords(field.text)) {
        terms.AddBoth(TermKind::kCountry, word);
      }
      break;
    case Field::kIpAddress:
      AddText(field.text, false, terms);
      terms.Add(TermKind::kHost, field.text);
      break;
    case Field::kIssuer:
      break;
    case Field::kDnsName:
    case Field::kUnit:
    case Field::kLocality:
    case Field::kState:
    case Field::kEmail:
    case Field::kUri:
      AddText(field.text, false, terms);
      break;
  }
}

void AddSeen(const Listing& listing, TermSink& terms) {
  if (listing.public_chain) terms.Add(TermKind::kFlag, kPublicFlag);
  for (const Protocol protocol : listing.protocols) {
    terms.Add(TermKind::kProtocol, ProtocolName(protocol));
  }
  for (const uint16_t port : listing.ports) terms.Add(TermKind::kPort, std::to_string(port));
  for (const std::string& issuer : listing.issuers) terms.AddIssuer(issuer);
}

}  // namespace

std::string_view TermPrefix(TermKind kind) {
  switch (kind) {
    case TermKind::kWord:
      return "";
    case TermKind::kHost:
      return "XH";
    case TermKind::kDomain:
      return "XD";
    case TermKind::kOwnName:
      return "XN";
    case TermKind::kSuffix:
      return "XS";
    case TermKind::kOrganization:
      return "XO";
    case TermKind::kIssuer:
      return "XI";
    case TermKind::kCountry:
      return "XC";
    case TermKind::kPort:
      return "XP";
    case TermKind::kProtocol:
      return "XT";
    case TermKind::kFlag:
      return "XF";
  }
  return "";
}

bool IsExact(std::string_view term) { return term.starts_with('X'); }

bool IsExpanded(std::string_view term) {
  return term.starts_with(TermPrefix(TermKind::kOrganization)) ||
         term.starts_with(TermPrefix(TermKind::kIssuer));
}

std::string TermOf(TermKind kind, std::string_view text) {
  std::string term(TermPrefix(kind));
  if (IsNameKind(kind)) return term.append(HashBytes(text, kHashBytes));
  if (term.size() + text.size() <= kMaxTermBytes) return term.append(text);
  return term.append(text.substr(0, kCutTermBytes)).append("#").append(Hex(HashBytes(text, 8)));
}

std::string HostKey(const HostText& host) {
  return FirstLabel(host) == "www" || IsMachineName(host) ? host.parents.front() : host.name;
}

bool IsIssuerFiller(std::string_view word) {
  return word.size() < 2 || std::ranges::binary_search(kIssuerFillers, word);
}

std::vector<std::string> IssuerWords(std::string_view issuer) {
  std::vector<std::string> words = SearchWords(issuer);
  std::erase_if(words, [](const std::string& word) { return IsIssuerFiller(word); });
  return words;
}

std::string OwnNameKey(std::vector<std::string> words) {
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return Join(words, " ");
}

void TermSink::AddBoth(TermKind kind, const std::string& word) {
  const std::string bare = StripMarks(word);
  Add(kind, bare);
  if (bare != word) Add(kind, word);
}

void TermSink::AddIssuer(const std::string& issuer) {
  for (const std::string& word : IssuerWords(issuer)) Add(TermKind::kIssuer, word);
}

void AddTerms(const Listing& listing, TermSink& terms) {
  AddSeen(listing, terms);
  std::vector<HostText> hosts;
  std::unordered_set<std::string> distinct;
  for (const FieldText& field : listing.fields) {
    std::string host = HostOf(field);
    if (host.empty()) {
      if (field.field == Field::kOrganization) AddFieldWords(field, terms);
    } else if (distinct.insert(host).second) {
      hosts.push_back(ReadHost(host));
    }
  }
  // The order of keywords (certificate.h), so that the caps cut nothing that is a keyword.
  std::unordered_set<std::string> keys;
  for (const HostText& host : hosts) {
    if (!host.labels.empty()) AddLabel(host.labels[host.registrable], terms);
    terms.Add(TermKind::kHost, *keys.insert(HostKey(host)).first);
  }
  for (const HostText& host : hosts) AddRestOfHost(host, terms);
  for (const FieldText& field : listing.fields) {
    if (HostOf(field).empty() && field.field != Field::kOrganization) AddFieldWords(field, terms);
  }
  for (const HostText& host : hosts) {
    // Whoever asks for a domain and all below asks for the host of that name too.
    for (const std::string& parent : host.parents) {
      if (!keys.contains(parent)) terms.Add(TermKind::kDomain, parent);
    }
  }
}

std::vector<Term> TermsOf(const Listing& listing) {
  TermList terms;
  AddTerms(listing, terms);
  return terms.Take();
}

Xapian::Document DocumentOf(std::span<const Term> terms) {
  Xapian::Document document;
  for (const Term& term : terms) {
    if (term.weighted) {
      document.add_term(term.text);
    } else {
      document.add_boolean_term(term.text);
    }
  }
  return document;
}

}  // namespace commresolve::index
