// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Fields, markers and attributes of one line of known_certs.

#include "resolver/trust/known_certs_line.h"

#include <algorithm>
#include <array>
#include <vector>

#include "resolver/keyword/host_name.h"
#include "resolver/trust/percent_text.h"

namespace commresolve {
namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kVersionComment = "# commresolve known_certs ";

struct Part {
  std::string_view text;
  size_t column = 1;  // Of its first byte.
};

Error BadPart(const Part& part, const std::string& what, const std::string& hint = {}) {
  return {Code::kCorrupt, "column " + std::to_string(part.column) + ": " + what, hint};
}

std::string Quoted(std::string_view text) {
  return "'" + PercentEncode(text.substr(0, 60), RawText::kPhrase) + "'";
}

/// Cuts at any of `separators`; empty pieces are kept.
std::vector<Part> Split(const Part& part, char separator) {
  std::vector<Part> pieces;
  size_t begin = 0;
  while (true) {
    const size_t end = std::min(part.text.find(separator, begin), part.text.size());
    pieces.push_back({part.text.substr(begin, end - begin), part.column + begin});
    if (end == part.text.size()) return pieces;
    begin = end + 1;
  }
}

/// The fields of a line: separated by blanks, which inside "..." do not separate.
Result<std::vector<Part>> SplitFields(std::string_view line) {
  std::vector<Part> fields;
  size_t at = line.find_first_not_of(kBlanks);
  while (at != std::string_view::npos) {
    const size_t begin = at;
    bool quoted = false;
    while (at < line.size() && (quoted || kBlanks.find(line[at]) == std::string_view::npos)) {
      if (line[at] == '"') quoted = !quoted;
      ++at;
    }
    fields.push_back({line.substr(begin, at - begin), begin + 1});
    if (quoted) return BadPart(fields.back(), "a '\"' is not closed");
    at = line.find_first_not_of(kBlanks, at);
  }
  return fields;
}

/// What the key=value fields of a line may say.
struct Attributes {
  std::optional<std::vector<KeyId>> keys;
  std::optional<std::vector<KeyId>> rejected;
  std::optional<Tier> tier;
  std::optional<UnixTime> since;
  std::optional<bool> public_chain;
  std::optional<std::string> name;
  std::optional<std::string> reason;
};

Result<KeyId> ReadKey(const Part& part) {
  const auto bytes = FromBase32(part.text);
  if (bytes.ok() && bytes->size() == KeyId{}.bytes.size()) return DigestFromBytes<KeyId>(*bytes);
  return BadPart(part, Quoted(part.text) + " is not a key", "a key is 52 base32 characters");
}

Result<std::vector<KeyId>> ReadKeys(const Part& value) {
  std::vector<KeyId> keys;
  for (const Part& piece : Split(value, ',')) {
    COMMRESOLVE_ASSIGN(key, ReadKey(piece));
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) {
      return BadPart(piece, "the key stands here twice");
    }
    if (keys.size() == kMaxKeysPerBinding) {
      return BadPart(piece, "more than " + std::to_string(kMaxKeysPerBinding) + " keys");
    }
    keys.push_back(key);
  }
  return keys;
}

Result<Tier> ReadTier(const Part& value) {
  const auto tier = ParseTier(value.text);
  if (tier == Tier::kPinned || tier == Tier::kProven || tier == Tier::kContinued) return *tier;
  return BadPart(value, Quoted(value.text) + " is not a tier of a binding",
                 "tier is pinned, continued or proven");
}

Result<UnixTime> ReadTime(const Part& value) {
  auto time = ParseTime(value.text);
  if (!time.ok()) return BadPart(value, time.error().message, time.error().hint);
  // An offset can lead out of the years 0000 to 9999 that can be written back.
  const auto again = ParseTime(FormatTime(*time));
  if (!again.ok() || *again != *time) return BadPart(value, "a time out of range");
  return time;
}

Result<bool> ReadChain(const Part& value) {
  if (value.text == "public") return true;
  if (value.text == "none") return false;
  return BadPart(value, Quoted(value.text) + " is not a chain", "chain is public or none");
}

Result<std::string> ReadName(const Part& value) {
  auto name = NormaliseHostName(value.text);
  if (name.ok() && *name == value.text && !name->starts_with("*.")) return name;
  return BadPart(value, Quoted(value.text) + " is not a DNS name in lower case");
}

Result<std::string> ReadReason(const Part& value) {
  if (value.text.size() < 2 || !value.text.starts_with('"') || !value.text.ends_with('"')) {
    return BadPart(value, "the reason has to stand in \"...\"");
  }
  auto reason = PercentDecode(value.text.substr(1, value.text.size() - 2), RawText::kPhrase);
  if (!reason.ok()) return BadPart(value, reason.error().message, reason.error().hint);
  return reason;
}

template <auto Member, auto Read>
Status Set(Attributes& attributes, const Part& value) {
  if ((attributes.*Member).has_value()) return BadPart(value, "it stands here a second time");
  COMMRESOLVE_ASSIGN(read, Read(value));
  attributes.*Member = std::move(read);
  return {};
}

struct AttributeType {
  std::string_view name;
  Status (*set)(Attributes&, const Part&);
};
constexpr std::array<AttributeType, 7> kAttributes = {{
    {"keys", Set<&Attributes::keys, ReadKeys>},
    {"rejected", Set<&Attributes::rejected, ReadKeys>},
    {"tier", Set<&Attributes::tier, ReadTier>},
    {"since", Set<&Attributes::since, ReadTime>},
    {"chain", Set<&Attributes::public_chain, ReadChain>},
    {"name", Set<&Attributes::name, ReadName>},
    {"reason", Set<&Attributes::reason, ReadReason>},
}};

Result<Attributes> ReadAttributes(const std::vector<Part>& fields, size_t first) {
  Attributes attributes;
  for (size_t i = first; i < fields.size(); ++i) {
    const size_t equals = std::min(fields[i].text.find('='), fields[i].text.size());
    const std::string_view name = fields[i].text.substr(0, equals);
    const auto* type = std::find_if(kAttributes.begin(), kAttributes.end(),
                                    [&](const AttributeType& known) { return known.name == name; });
    if (equals == fields[i].text.size() || type == kAttributes.end()) {
      return BadPart(
          fields[i], "unknown attribute " + Quoted(name),
          "the attributes are keys=, rejected=, tier=, since=, chain=, name= and reason=; "
          "a newer commresolve may know more");
    }
    const Part value{fields[i].text.substr(equals + 1), fields[i].column + equals + 1};
    if (const Status set = type->set(attributes, value); !set.ok()) {
      Error error = set.error();
      error.message += " (" + std::string(name) + ")";
      return error;
    }
  }
  return attributes;
}

/// True for "critical", false for "revoked", which stands alone.
Result<bool> ReadMarkers(const Part& field) {
  bool critical = false;
  for (const Part& marker : Split(field, ',')) {
    if (marker.text == "@revoked" && marker.text.size() == field.text.size()) return false;
    if (marker.text != "@critical") {
      return BadPart(marker, "unknown marker " + Quoted(marker.text),
                     "a newer commresolve may have written it");
    }
    if (critical) return BadPart(marker, "the marker stands here twice");
    critical = true;
  }
  return true;
}

Result<KeywordSet> ReadWords(const Part& field) {
  const std::string hint = "words are in lower case and joined by '+', as in bugs+debian";
  std::vector<std::string> words;
  for (const Part& piece : Split(field, '+')) {
    auto word = PercentDecode(piece.text, RawText::kWord);
    if (!word.ok()) return BadPart(piece, word.error().message + " (words)", hint);
    words.push_back(*std::move(word));
  }
  const size_t count = words.size();
  auto set = KeywordSet::FromWords(std::move(words));
  if (!set.ok()) return BadPart(field, set.error().message + " (words)", hint);
  if (set->words().size() != count) return BadPart(field, "a word stands here twice (words)");
  return set;
}

Result<KnownCertsLine> ReadRevoked(const std::vector<Part>& fields) {
  if (fields.size() < 2) return BadPart(fields[0], "@revoked without a key");
  COMMRESOLVE_ASSIGN(key, ReadKey(fields[1]));
  COMMRESOLVE_ASSIGN(said, ReadAttributes(fields, 2));
  if (said.keys || said.rejected || said.tier || said.public_chain || said.name) {
    return BadPart(fields[0], "a @revoked line has only since and reason");
  }
  return KnownCertsLine(RevokedKey{key, said.since.value_or(0), said.reason.value_or("")});
}

Result<KnownCertsLine> ReadBinding(const std::vector<Part>& fields, bool critical) {
  const size_t first = critical ? 1 : 0;
  if (fields.size() <= first) return BadPart(fields[0], "the words are missing");
  const Part& words = fields[first];
  BindingLine line;
  line.binding.critical = critical;
  if (words.text.starts_with('|')) {
    auto hash = HashedWords::Parse(words.text);
    if (!hash.ok()) return BadPart(words, hash.error().message);
    line.hash = *std::move(hash);
    line.binding.hashed = true;
  } else {
    COMMRESOLVE_ASSIGN(set, ReadWords(words));
    line.binding.words = std::move(set);
  }
  COMMRESOLVE_ASSIGN(said, ReadAttributes(fields, first + 1));
  if (!said.keys) return BadPart(words, "keys= is missing");
  if (!said.tier) return BadPart(words, "tier= is missing");
  if (line.hash && (said.name || said.reason)) {
    return BadPart(words, "a hashed line has neither name nor reason");
  }
  line.binding.accepted = *std::move(said.keys);
  line.binding.rejected = std::move(said.rejected).value_or(std::vector<KeyId>());
  line.binding.tier = *said.tier;
  line.binding.public_chain = said.public_chain.value_or(false);
  line.binding.since = said.since.value_or(0);
  line.binding.name = std::move(said.name).value_or("");
  line.binding.reason = std::move(said.reason).value_or("");
  return KnownCertsLine(std::move(line));
}

/// A comment may be anything, except the statement that the file has another format.
Result<KnownCertsLine> ReadComment(const Part& comment) {
  if (comment.text.starts_with(kVersionComment)) {
    std::string_view version = comment.text.substr(kVersionComment.size());
    version = version.substr(0, version.find_first_of(kBlanks));
    const bool is_number = !version.empty() && version[0] >= '0' && version[0] <= '9';
    if (is_number && version != "1") {
      return BadPart(comment, "the file has format " + Quoted(version) + ", this program reads 1",
                     "use the commresolve that wrote it");
    }
  }
  return KnownCertsLine();
}

std::string JoinKeys(const std::vector<KeyId>& keys) {
  std::string text;
  for (const KeyId& key : keys) text += (text.empty() ? "" : ",") + KeyText(key);
  return text;
}

std::string JoinWords(const KeywordSet& words) {
  std::string text;
  for (const std::string& word : words.words()) {
    text += (text.empty() ? "" : "+") + PercentEncode(word, RawText::kWord);
  }
  return text;
}

std::string ReasonField(const std::string& reason) {
  return reason.empty() ? "" : " reason=\"" + PercentEncode(reason, RawText::kPhrase) + "\"";
}

}  // namespace

Result<KnownCertsLine> ParseKnownCertsLine(std::string_view line) {
  if (line.size() > kMaxKnownCertsLine) {
    return BadPart({}, "longer than " + std::to_string(kMaxKnownCertsLine) + " bytes");
  }
  for (size_t i = 0; i < line.size(); ++i) {
    const auto byte = static_cast<unsigned char>(line[i]);
    if ((byte < 0x20 && byte != '\t') || byte == 0x7f) {
      return BadPart({{}, i + 1}, byte == '\r' ? "a carriage return" : "a control character",
                     byte == '\r' ? "save the file with Unix line ends" : "");
    }
  }
  const size_t begin = line.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return KnownCertsLine();
  if (line[begin] == '#') return ReadComment({line.substr(begin), begin + 1});
  COMMRESOLVE_ASSIGN(fields, SplitFields(line));
  if (!fields[0].text.starts_with('@')) return ReadBinding(fields, false);
  COMMRESOLVE_ASSIGN(is_critical, ReadMarkers(fields[0]));
  return is_critical ? ReadBinding(fields, true) : ReadRevoked(fields);
}

std::string FormatBindingLine(const BindingLine& line) {
  const Binding& binding = line.binding;
  std::string text = binding.critical ? "@critical " : "";
  if (line.hash) text += line.hash->ToString();
  if (binding.words) text += JoinWords(*binding.words);
  text += " keys=" + JoinKeys(binding.accepted);
  if (!binding.rejected.empty()) text += " rejected=" + JoinKeys(binding.rejected);
  text += std::string(" tier=") + TierName(binding.tier);
  text += " since=" + FormatTime(binding.since);
  text += binding.public_chain ? " chain=public" : " chain=none";
  if (!binding.name.empty()) text += " name=" + binding.name;
  return text + ReasonField(binding.reason);
}

std::string FormatRevokedLine(const RevokedKey& key) {
  return "@revoked " + KeyText(key.key) + " since=" + FormatTime(key.since) +
         ReasonField(key.reason);
}

}  // namespace commresolve
