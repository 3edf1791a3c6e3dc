// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Terms: what a listing is found by. Unprefixed terms are words; every other kind has a prefix in
// capitals, which no folded word begins with.

#ifndef COMMRESOLVE_INDEX_SEARCH_TERMS_H_
#define COMMRESOLVE_INDEX_SEARCH_TERMS_H_

#include <xapian.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "index/ledger/listing.h"
#include "index/search/text.h"

namespace commresolve::index {

/// Xapian takes at most 245 bytes for a term.
inline constexpr size_t kMaxTermBytes = 245;
/// Terms of one listing, and the part of them that may be words. A certificate with 2,000 names has
/// more; what is cut are the names at its end.
inline constexpr size_t kMaxTerms = 4'096;
inline constexpr size_t kMaxWordTerms = 2'048;

enum class TermKind : uint8_t {
  kWord,     ///< A word of a name, organisation, unit, place, e-mail address or URI.
  kHost,     ///< XH: HostKey of a host name, or an IP address; a name.
  kDomain,   ///< XD: what is above it, down to the registrable domain, if no kHost; a name.
  kOwnName,  ///< XN: the words of a host name, sorted, without "www" and public suffix; a name.
  kSuffix,   ///< XS: a word of a public suffix.
  kOrganization,  ///< XO: a word of the organisation.
  kIssuer,        ///< XI: a word of the issuer, but no IsIssuerFiller.
  kCountry,       ///< XC
  kPort,          ///< XP
  kProtocol,      ///< XT
  kFlag,          ///< XF: kPublicFlag.
};
inline constexpr std::string_view kPublicFlag = "public";

/// What terms of a kind begin with; words have no prefix.
std::string_view TermPrefix(TermKind kind);

/// True for exact terms, which are asked for as a whole: all but kWord. Sealed shards keep them in
/// a table of their own (exact_table.h).
bool IsExact(std::string_view term);
/// True for the exact terms that are asked for by their beginning too: kOrganization, kIssuer.
bool IsExpanded(std::string_view term);

/// The term as it is stored. Of a name there are 40 bits of a hash; of the others, what is too long
/// is cut and made distinct by one.
std::string TermOf(TermKind kind, std::string_view text);

/// The name that a host is filed under: itself, or the name above it if its first label is "www" or
/// one that hosting software puts before every name. So a listing under the key of a name need not
/// carry that very name.
std::string HostKey(const HostText& host);

/// True for words that so many issuers have that they tell none from another.
bool IsIssuerFiller(std::string_view word);
/// The words of an issuer that tell it from others.
std::vector<std::string> IssuerWords(std::string_view issuer);

/// The key under kOwnName of a host name's (or a query's) words.
std::string OwnNameKey(std::vector<std::string> words);

/// Takes terms as they come: some more than once, some empty. What it keeps of them, it keeps
/// within the caps.
class TermSink {
 public:
  TermSink() = default;
  TermSink(const TermSink&) = delete;
  TermSink& operator=(const TermSink&) = delete;
  virtual ~TermSink() = default;
  virtual void Add(TermKind kind, std::string_view text) = 0;
  /// Adds a folded word, with and without its diacritics.
  void AddBoth(TermKind kind, const std::string& word);
  /// Adds the IssuerWords().
  virtual void AddIssuer(const std::string& issuer);
};
/// Hands the terms of `listing` to `terms`, the most important first.
void AddTerms(const Listing& listing, TermSink& terms);

struct Term {
  std::string text;
  bool weighted = false;  ///< Counts for the score; the others only filter.
};
/// The distinct terms of `listing`, the most important first when the caps cut. Pure.
std::vector<Term> TermsOf(const Listing& listing);

/// A document with `terms`.
Xapian::Document DocumentOf(std::span<const Term> terms);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SEARCH_TERMS_H_
