// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// KnownCerts: lines with their meaning, and tables that find them.

#include "resolver/trust/known_certs.h"

#include <algorithm>

namespace commresolve {
namespace {

constexpr std::string_view kHeader = "# commresolve known_certs 1";

Error At(const std::string& path, size_t number, const Error& error) {
  return error.Within(path + " line " + std::to_string(number + 1));
}

/// kInvalidArgument unless the parser understands `text` as `meaning`. This one check keeps every
/// line that is ever written readable, whatever a binding was filled with.
Status CheckReadable(const std::string& text, const KnownCertsLine& meaning) {
  const auto read = ParseKnownCertsLine(text);
  if (!read.ok()) {
    return Error{Code::kInvalidArgument, "known_certs cannot hold this: " + read.error().message};
  }
  if (*read != meaning) {
    return Error{Code::kInvalidArgument, "known_certs cannot hold this exactly"};
  }
  return {};
}

}  // namespace

Result<KnownCerts> KnownCerts::Parse(std::string_view text, const std::string& path) {
  KnownCerts known;
  if (text.size() > kMaxKnownCertsBytes) {
    return Error{Code::kCorrupt,
                 path + " is larger than " + std::to_string(kMaxKnownCertsBytes) + " bytes"};
  }
  known.ends_with_newline_ = text.empty() || text.ends_with('\n');
  while (!text.empty()) {
    const size_t number = known.lines_.size();
    if (number == kMaxKnownCertsLines) {
      return At(path, number, {Code::kCorrupt, "more lines than " + std::to_string(number)});
    }
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    auto meaning = ParseKnownCertsLine(line);
    if (!meaning.ok()) return At(path, number, meaning.error());
    known.lines_.push_back({std::string(line), *std::move(meaning)});
    if (const auto other = known.Index(number)) {
      return At(path, number,
                {Code::kCorrupt, "the same words stand on line " + std::to_string(*other + 1),
                 "remove one of the two lines"});
    }
  }
  return known;
}

std::string KnownCerts::ToText() const {
  std::string text;
  for (const Line& line : lines_) text.append(line.text).append(1, '\n');
  if (!ends_with_newline_) text.pop_back();
  return text;
}

std::optional<size_t> KnownCerts::Index(size_t number) {
  const KnownCertsLine& meaning = lines_[number].meaning;
  if (const auto* revoked = std::get_if<RevokedKey>(&meaning)) {
    revoked_lines_.emplace(revoked->key, number);
    return std::nullopt;
  }
  const auto* line = std::get_if<BindingLine>(&meaning);
  if (line == nullptr) return std::nullopt;
  auto& table = line->hash ? hashes_ : plain_lines_;
  const std::string key = line->hash ? line->hash->ToString() : line->binding.words->ToString();
  const auto [entry, is_new] = table.emplace(key, number);
  if (!is_new) return entry->second;
  if (line->hash) hashed_lines_.push_back(number);
  return std::nullopt;
}

std::vector<size_t> KnownCerts::LinesOf(const KeywordSet& words) const {
  std::vector<size_t> numbers;
  if (const auto plain = plain_lines_.find(words.ToString()); plain != plain_lines_.end()) {
    numbers.push_back(plain->second);
  }
  for (const size_t number : hashed_lines_) {
    if (std::get<BindingLine>(lines_[number].meaning).hash->Matches(words)) {
      numbers.push_back(number);
    }
  }
  return numbers;
}

std::optional<Binding> KnownCerts::Find(const KeywordSet& words) const {
  if (const auto plain = plain_lines_.find(words.ToString()); plain != plain_lines_.end()) {
    return std::get<BindingLine>(lines_[plain->second].meaning).binding;
  }
  for (const size_t number : hashed_lines_) {
    const auto& line = std::get<BindingLine>(lines_[number].meaning);
    if (!line.hash->Matches(words)) continue;
    Binding binding = line.binding;
    binding.words = words;
    return binding;
  }
  return std::nullopt;
}

std::vector<KeyId> KnownCerts::KeysBoundWith(const KeyId& key) const {
  std::vector<KeyId> keys;
  for (const Binding& binding : FindByKey(key)) {
    keys.insert(keys.end(), binding.accepted.begin(), binding.accepted.end());
  }
  return keys;
}

std::vector<Binding> KnownCerts::bindings() const {
  std::vector<Binding> all;
  for (const Line& line : lines_) {
    if (const auto* read = std::get_if<BindingLine>(&line.meaning)) all.push_back(read->binding);
  }
  return all;
}

std::vector<Binding> KnownCerts::FindByName(std::string_view host) const {
  std::vector<Binding> found;
  for (const Line& line : lines_) {
    const auto* read = std::get_if<BindingLine>(&line.meaning);
    if (read == nullptr || read->binding.name.empty() || read->binding.name != host) continue;
    found.push_back(read->binding);
  }
  return found;
}

std::vector<Binding> KnownCerts::FindByKey(const KeyId& key) const {
  std::vector<Binding> found;
  for (const Line& line : lines_) {
    const auto* read = std::get_if<BindingLine>(&line.meaning);
    if (read == nullptr) continue;
    const auto& keys = read->binding.accepted;
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) found.push_back(read->binding);
  }
  return found;
}

std::vector<RevokedKey> KnownCerts::revoked() const {
  std::vector<RevokedKey> all;
  for (const Line& line : lines_) {
    if (const auto* read = std::get_if<RevokedKey>(&line.meaning)) all.push_back(*read);
  }
  return all;
}

Status KnownCerts::Put(const Binding& binding) {
  if (!binding.words) return Error{Code::kInvalidArgument, "a binding without words"};
  const std::vector<size_t> numbers = LinesOf(*binding.words);
  BindingLine line{binding, std::nullopt};
  if (binding.hashed) {
    // An old hash stays, so that an edit of the line shows only what was edited.
    for (const size_t number : numbers) {
      if (!line.hash) line.hash = std::get<BindingLine>(lines_[number].meaning).hash;
    }
    if (!line.hash) {
      COMMRESOLVE_ASSIGN(hash, HashedWords::Make(*binding.words));
      line.hash = std::move(hash);
    }
    line.binding.words.reset();
    line.binding.name.clear();
    line.binding.reason.clear();
  }
  std::string text = FormatBindingLine(line);
  COMMRESOLVE_TRY(CheckReadable(text, line));
  if (numbers.empty()) {
    Append(std::move(text), std::move(line));
    return {};
  }
  Line& place = lines_[numbers.front()];
  if (place.meaning != KnownCertsLine(line)) place = {std::move(text), std::move(line)};
  ends_with_newline_ = true;
  Erase({numbers.begin() + 1, numbers.end()});
  return {};
}

bool KnownCerts::Remove(const KeywordSet& words) {
  const std::vector<size_t> numbers = LinesOf(words);
  Erase(numbers);
  return !numbers.empty();
}

Status KnownCerts::Revoke(const RevokedKey& key) {
  if (IsRevoked(key.key)) return {};
  std::string text = FormatRevokedLine(key);
  COMMRESOLVE_TRY(CheckReadable(text, key));
  Append(std::move(text), key);
  return {};
}

bool KnownCerts::Unrevoke(const KeyId& key) {
  std::vector<size_t> numbers;
  const auto [begin, end] = revoked_lines_.equal_range(key);
  for (auto entry = begin; entry != end; ++entry) numbers.push_back(entry->second);
  Erase(numbers);
  return !numbers.empty();
}

void KnownCerts::Append(std::string text, KnownCertsLine meaning) {
  if (lines_.empty()) lines_.push_back({std::string(kHeader), {}});
  ends_with_newline_ = true;
  lines_.push_back({std::move(text), std::move(meaning)});
  Index(lines_.size() - 1);
}

void KnownCerts::Erase(const std::vector<size_t>& numbers) {
  std::vector<Line> kept;
  kept.reserve(lines_.size());
  for (size_t i = 0; i < lines_.size(); ++i) {
    if (std::find(numbers.begin(), numbers.end(), i) == numbers.end()) {
      kept.push_back(std::move(lines_[i]));
    }
  }
  lines_ = std::move(kept);
  ends_with_newline_ = ends_with_newline_ || !numbers.empty();
  plain_lines_.clear();
  hashed_lines_.clear();
  hashes_.clear();
  revoked_lines_.clear();
  for (size_t i = 0; i < lines_.size(); ++i) Index(i);
}

}  // namespace commresolve
