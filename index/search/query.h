// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Query: what a person typed into search, parsed. Pure, bounded, fuzzed; never fails on odd input
// except where an operator's value makes no sense, which is said.

#ifndef COMMRESOLVE_INDEX_SEARCH_QUERY_H_
#define COMMRESOLVE_INDEX_SEARCH_QUERY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/base/result.h"
#include "resolver/endpoint.h"

namespace commresolve::index {

inline constexpr size_t kMaxQueryBytes = 1'024;
inline constexpr size_t kMaxQueryTerms = 16;  ///< Words and operators together.

/// One word, quoted phrase or prefix of the query.
struct QueryTerm {
  std::string text;                ///< As typed, without '-', quotes and '*'; for messages.
  std::vector<std::string> words;  ///< Search words (text.h); several for a phrase or "a-b".
  std::string host;                ///< Normal form of `text` if it is a dotted host name, or empty.
  bool quoted = false;             ///< The words must stand side by side in one text.
  bool prefix = false;             ///< Ended with '*': the last word is the beginning of a word.
  bool excluded = false;           ///< Began with '-'.
  bool operator==(const QueryTerm&) const = default;
};

/// `WORD... "a phrase" -word pre* org:W san:W issuer:W country:CC port:N proto:NAME key:K ip:A
/// expired:yes|no`. Operators are case-insensitive; an unknown one ("foo:bar") is plain words. An
/// operator may be given several times: `org:` and `issuer:` all must match, the others any. Only
/// words, `org:` and `issuer:` can be excluded.
struct Query {
  std::vector<QueryTerm> terms;
  std::vector<QueryTerm> organizations;
  std::vector<QueryTerm> issuers;
  std::vector<std::string> sans;       ///< Host names, normal form; ".debian.org" for it and below.
  std::vector<std::string> countries;  ///< Lower case, two letters.
  std::vector<uint16_t> ports;
  std::vector<Protocol> protocols;
  std::vector<std::string> keys;  ///< KeyText or the beginning of it, at least 4 characters.
  std::vector<std::string> ips;   ///< Addresses, RFC 5952.
  std::optional<bool> expired;    ///< Empty: both, unexpired first.
  bool operator==(const Query&) const = default;
};

/// kInvalidArgument, naming the operator, for a value that makes no sense ("port:x"), for more than
/// kMaxQueryBytes or kMaxQueryTerms, or if nothing is left to search for.
Result<Query> ParseQuery(std::string_view text);

/// The query as text; ParseQuery reads it back as the same query.
std::string FormatQuery(const Query& query);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SEARCH_QUERY_H_
