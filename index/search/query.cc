// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The query parser.

#include "index/search/query.h"

#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "index/search/text.h"
#include "resolver/base/digest.h"
#include "resolver/keyword/host_name.h"

namespace commresolve::index {
namespace {

constexpr size_t kMinKeyPrefix = 4;

enum class Operator : uint8_t {
  kOrganization,
  kSan,
  kIssuer,
  kCountry,
  kPort,
  kProtocol,
  kKey,
  kIp,
  kExpired,
};

struct OperatorName {
  std::string_view name;
  Operator op;
};
constexpr std::array<OperatorName, 9> kOperators = {{{"org", Operator::kOrganization},
                                                     {"san", Operator::kSan},
                                                     {"issuer", Operator::kIssuer},
                                                     {"country", Operator::kCountry},
                                                     {"port", Operator::kPort},
                                                     {"proto", Operator::kProtocol},
                                                     {"key", Operator::kKey},
                                                     {"ip", Operator::kIp},
                                                     {"expired", Operator::kExpired}}};

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

bool IsBlank(char c) { return c == ' '; }

std::string_view Trim(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

/// Valid UTF-8 without control characters, so that messages may repeat what was typed.
std::string Clean(std::string_view text) {
  std::string clean;
  icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())))
      .toUTF8String(clean);
  for (char& c : clean) {
    if (static_cast<uint8_t>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return clean;
}

/// One blank-separated piece of the query.
struct Token {
  bool excluded = false;
  std::optional<Operator> op;
  bool quoted = false;
  std::string_view value;
};

std::optional<Operator> TakeOperator(std::string_view& rest) {
  for (const OperatorName& known : kOperators) {
    const size_t size = known.name.size();
    if (rest.size() > size && rest[size] == ':' && Lower(rest.substr(0, size)) == known.name) {
      rest.remove_prefix(size + 1);
      return known.op;
    }
  }
  return std::nullopt;
}

/// Takes the next token off `rest`, which begins with none of the blanks.
Token TakeToken(std::string_view& rest) {
  Token token;
  if (rest.front() == '-') {
    token.excluded = true;
    rest.remove_prefix(1);
  }
  token.op = TakeOperator(rest);
  token.quoted = !rest.empty() && rest.front() == '"';
  if (token.quoted) rest.remove_prefix(1);
  const size_t end = std::min(rest.find(token.quoted ? '"' : ' '), rest.size());
  token.value = rest.substr(0, end);
  rest.remove_prefix(std::min(token.quoted ? end + 1 : end, rest.size()));
  return token;
}

Error BadValue(std::string_view name, std::string_view value, const std::string& wanted) {
  return {Code::kInvalidArgument,
          std::string(name) + ": '" + std::string(value) + "' is not " + wanted};
}

/// The host of a URL; any other text as it is.
std::string_view HostPart(std::string_view text) {
  const size_t scheme = text.find("://");
  if (scheme == std::string_view::npos) return text;
  std::string_view host = text.substr(scheme + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  host.remove_prefix(host.rfind('@') + 1);  // npos + 1 is 0.
  return host.substr(0, host.find(':'));
}

std::string DottedHost(std::string_view name) {
  if (name.find('.') == std::string_view::npos) return {};
  Result<std::string> host = NormaliseHostName(name);
  return host.ok() ? std::move(host).value() : std::string();
}

QueryTerm MakeTerm(const Token& token) {
  QueryTerm term;
  term.excluded = token.excluded;
  term.quoted = token.quoted;
  std::string_view text = Trim(token.value);
  size_t stars = 0;
  while (!text.empty() && text.back() == '*') {
    text.remove_suffix(1);
    ++stars;
  }
  term.prefix = stars > 0 && !text.empty() && !IsBlank(text.back());
  while (!text.empty() && (text.back() == '*' || IsBlank(text.back()))) text.remove_suffix(1);
  term.text = text;
  term.words = SearchWords(DecodeNames(HostPart(text)));
  if (!term.quoted && !term.prefix && !term.excluded) term.host = DottedHost(HostPart(text));
  return term;
}

Result<uint16_t> ReadPort(std::string_view value) {
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), port);
  if (error != std::errc() || end != value.data() + value.size() || port == 0) {
    return BadValue("port", value, "a number from 1 to 65535");
  }
  return port;
}

Result<std::string> ReadKey(std::string_view value) {
  const Result<KeyId> whole = ParseKey(value);
  if (whole.ok()) return KeyText(*whole);
  std::string prefix = Lower(value);
  const bool base32 = std::all_of(prefix.begin(), prefix.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7');
  });
  if (!base32 || prefix.size() < kMinKeyPrefix || prefix.size() > 52) {
    return BadValue("key", value, "a key or at least 4 characters of its beginning");
  }
  return prefix;
}

Result<std::string> ReadSan(std::string_view value) {
  const Result<IpAddress> ip = IpAddress::Parse(value);
  if (ip.ok()) return ip->ToString();
  const bool below = value.starts_with('.');
  const Result<std::string> host = NormaliseHostName(below ? value.substr(1) : value);
  if (!host.ok() || (below && host->starts_with("*."))) {
    return BadValue("san", value, "a host name");
  }
  return below ? "." + *host : *host;
}

Result<std::string> ReadCountry(std::string_view value) {
  std::string country = Lower(value);
  const bool letters =
      std::all_of(country.begin(), country.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  if (country.size() != 2 || !letters) return BadValue("country", value, "a two-letter code");
  return country;
}

class Parser {
 public:
  Result<Query> Run(std::string_view text) {
    std::string_view rest = Trim(text);
    while (!rest.empty()) {
      const Token token = TakeToken(rest);
      COMMRESOLVE_TRY(token.op.has_value() ? AddOperator(token) : AddTerm(token, query_.terms));
      if (used_ > kMaxQueryTerms) {
        return Error{Code::kInvalidArgument,
                     "the query has more than " + std::to_string(kMaxQueryTerms) + " words"};
      }
      rest = Trim(rest);
    }
    const auto wanted = [](const QueryTerm& term) { return !term.excluded; };
    const bool words =
        std::any_of(query_.terms.begin(), query_.terms.end(), wanted) ||
        std::any_of(query_.organizations.begin(), query_.organizations.end(), wanted) ||
        std::any_of(query_.issuers.begin(), query_.issuers.end(), wanted);
    if (!words && filters_ == 0) {
      return Error{Code::kInvalidArgument, "the query names nothing to search for",
                   "type at least one word"};
    }
    return std::move(query_);
  }

 private:
  Status AddTerm(const Token& token, std::vector<QueryTerm>& terms) {
    QueryTerm term = MakeTerm(token);
    if (term.words.empty()) {
      if (!token.op.has_value()) return {};
      return BadValue(NameOf(*token.op), token.value, "a word");
    }
    used_ += term.words.size();
    terms.push_back(std::move(term));
    return {};
  }

  Status AddOperator(const Token& token) {
    switch (*token.op) {
      case Operator::kOrganization:
        return AddTerm(token, query_.organizations);
      case Operator::kIssuer:
        return AddTerm(token, query_.issuers);
      default:
        break;
    }
    if (token.excluded) {
      return Error{Code::kInvalidArgument, std::string(NameOf(*token.op)) + ": cannot be excluded",
                   "only words, org: and issuer: take '-' in front"};
    }
    ++used_;
    ++filters_;
    return AddFilter(*token.op, Trim(token.value));
  }

  Status AddFilter(Operator op, std::string_view value) {
    switch (op) {
      case Operator::kSan:
        return Append(ReadSan(value), query_.sans);
      case Operator::kCountry:
        return Append(ReadCountry(value), query_.countries);
      case Operator::kPort:
        return Append(ReadPort(value), query_.ports);
      case Operator::kProtocol: {
        const std::optional<Protocol> protocol = ParseProtocol(Lower(value));
        if (!protocol) return BadValue("proto", value, "a protocol, such as tls, smtp or xmpp");
        query_.protocols.push_back(*protocol);
        return {};
      }
      case Operator::kKey:
        return Append(ReadKey(value), query_.keys);
      case Operator::kIp: {
        const Result<IpAddress> ip = IpAddress::Parse(value);
        if (!ip.ok()) return BadValue("ip", value, "an IP address");
        query_.ips.push_back(ip->ToString());
        return {};
      }
      default:
        break;
    }
    const std::string answer = Lower(value);
    if (answer != "yes" && answer != "no") return BadValue("expired", value, "yes or no");
    query_.expired = answer == "yes";
    return {};
  }

  template <class T>
  static Status Append(Result<T> value, std::vector<T>& values) {
    if (!value.ok()) return value.error();
    values.push_back(std::move(value).value());
    return {};
  }

  static std::string_view NameOf(Operator op) { return kOperators[static_cast<size_t>(op)].name; }

  Query query_;
  size_t used_ = 0;     // Words and operators so far.
  size_t filters_ = 0;  // Operators that restrict without words.
};

void FormatTerm(std::string_view name, const QueryTerm& term, std::vector<std::string>& parts) {
  std::string part = term.excluded ? "-" : "";
  if (!name.empty()) part.append(name).append(":");
  if (term.quoted) part += '"';
  part += term.text;
  if (term.prefix) part += '*';
  if (term.quoted) part += '"';
  parts.push_back(std::move(part));
}

}  // namespace

Result<Query> ParseQuery(std::string_view text) {
  if (text.size() > kMaxQueryBytes) {
    return Error{Code::kInvalidArgument,
                 "the query is longer than " + std::to_string(kMaxQueryBytes) + " bytes"};
  }
  return Parser().Run(Clean(text));
}

std::string FormatQuery(const Query& query) {
  std::vector<std::string> parts;
  for (const QueryTerm& term : query.terms) FormatTerm("", term, parts);
  for (const QueryTerm& term : query.organizations) FormatTerm("org", term, parts);
  for (const std::string& san : query.sans) parts.push_back("san:" + san);
  for (const QueryTerm& term : query.issuers) FormatTerm("issuer", term, parts);
  for (const std::string& country : query.countries) parts.push_back("country:" + country);
  for (const uint16_t port : query.ports) parts.push_back("port:" + std::to_string(port));
  for (const Protocol protocol : query.protocols) {
    parts.push_back(std::string("proto:") + ProtocolName(protocol));
  }
  for (const std::string& key : query.keys) parts.push_back("key:" + key);
  for (const std::string& ip : query.ips) parts.push_back("ip:" + ip);
  if (query.expired) parts.push_back(*query.expired ? "expired:yes" : "expired:no");
  return Join(parts, " ");
}

}  // namespace commresolve::index
