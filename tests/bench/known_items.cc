// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From an identity to what a person would type for it.

#include "tests/bench/known_items.h"

#include <algorithm>
#include <set>

#include "index/search/text.h"
#include "tests/bench/random.h"

namespace commresolve::bench {
namespace {

constexpr uint64_t kQueryPurpose = 100;  // Behind those of enum Purpose.
constexpr size_t kMinWord = 4;           // Shorter words are not misspelt here.
constexpr size_t kAttemptsPerItem = 2'000;

std::string Glued(const Organization& organization) {
  std::string glued;
  for (const std::string& word : organization.words) glued += word;
  return glued;
}

/// A site stands under a domain of its own.
bool IsSite(const Identity& identity) {
  return !identity.domain.empty() && !identity.hosts.empty();
}

bool HasCity(const Identity& identity) {
  return identity.kind == Kind::kOrganization && identity.place.empty();
}

bool IsOfDomain(QueryClass query_class) {
  return query_class == QueryClass::kDomain || query_class == QueryClass::kNameSuffix;
}

/// The suffix behind the organisation's own label; empty if the domain has a word more.
std::string SuffixOf(const Identity& identity) {
  const std::string label = identity.organization.label + ".";
  if (!identity.domain.starts_with(label)) return {};
  return identity.domain.substr(label.size());
}

/// A host name below the domain; empty if there is none but "www".
std::string SubHost(const Identity& identity, Random& random) {
  std::vector<std::string> hosts;
  for (const std::string& host : identity.hosts) {
    const bool below = host.ends_with("." + identity.domain);
    if (below && !host.starts_with("www.") && !host.starts_with("*.")) hosts.push_back(host);
  }
  return hosts.empty() ? std::string() : hosts[random.Below(hosts.size())];
}

std::string Slip(std::string word, Random& random) {
  const char letter = static_cast<char>('a' + random.Below(26));
  const size_t at = random.Below(word.size());
  switch (random.Below(4)) {
    case 0:
      word.insert(at, 1, letter);
      break;
    case 1:
      word.erase(at, 1);
      break;
    case 2:
      word[at] = letter;
      break;
    default:
      std::swap(word[at], word[at == 0 ? 1 : at - 1]);
      break;
  }
  return word;
}

std::string WithBlanks(std::string text, char separator) {
  std::replace(text.begin(), text.end(), separator, ' ');
  return text;
}

/// The name with a slip in one of its longer words; empty if it has none or nothing changed.
std::string Misspelt(const Organization& organization, Random& random) {
  Organization typed = organization;
  std::string& word = typed.words[random.Below(typed.words.size())];
  if (word.size() < kMinWord) return {};
  const std::string slipped = Slip(word, random);
  if (slipped == word) return {};
  word = slipped;
  return typed.Name();
}

std::string ForeignQuery(const Organization& organization, Random& random) {
  const uint64_t shape = random.Below(4);
  if (shape == 0) return Glued(organization);
  return shape == 1 ? index::StripMarks(organization.Name()) : organization.Name();
}

/// The query of a class whose target is a site of an organisation with an English name.
std::string NameQuery(const Identity& identity, QueryClass query_class, Random& random) {
  const Organization& organization = identity.organization;
  switch (query_class) {
    case QueryClass::kName:
      return organization.words.size() > 1 ? organization.Name() : std::string();
    case QueryClass::kNameSuffix: {
      const std::string suffix = SuffixOf(identity);
      return suffix.empty() ? suffix : organization.Name() + " " + WithBlanks(suffix, '.');
    }
    case QueryClass::kGlued:
      return organization.words.size() > 1 ? Glued(organization) : std::string();
    case QueryClass::kDomain:
      return identity.domain;
    case QueryClass::kTypo:
      return Misspelt(organization, random);
    case QueryClass::kTypoGlued: {
      const std::string glued = Glued(organization);
      const std::string slipped = Slip(glued, random);
      return organization.words.size() > 1 && slipped != glued ? slipped : std::string();
    }
    case QueryClass::kPrefix: {
      const std::string glued = Glued(organization);
      return glued.substr(0, (glued.size() * 7 + 9) / 10) + "*";
    }
    case QueryClass::kCity:
      if (!HasCity(identity)) return {};
      return organization.Name() + " " + std::string(identity.city.name);
    default:
      return {};
  }
}

std::optional<KnownItem> HostItem(const Identity& identity, QueryClass query_class,
                                  Random& random) {
  const std::string host = SubHost(identity, random);
  if (host.empty() || SuffixOf(identity).empty()) return std::nullopt;
  if (query_class == QueryClass::kHost) return KnownItem{host, host};
  const std::string sub = host.substr(0, host.size() - identity.domain.size() - 1);
  return KnownItem{WithBlanks(sub, '-') + " " + identity.organization.Name(), host};
}

}  // namespace

/// The organisation whose words stand in `identity` by chance, if it has a site of its own.
std::optional<KnownItem> KnownItems::ConfusableItem(const Identity& identity) const {
  if (!identity.confusable) return std::nullopt;
  const Identity owner = world_.IdentityOf(*identity.confusable);
  if (!IsSite(owner)) return std::nullopt;
  if (owner.organization.language != Language::kEnglish) return std::nullopt;
  return KnownItem{owner.organization.Name(), std::to_string(owner.organization.number)};
}

std::optional<KnownItem> KnownItems::ItemOf(const Identity& identity, QueryClass query_class,
                                            Random& random) const {
  if (query_class == QueryClass::kPerson) {
    if (identity.person.empty()) return std::nullopt;
    return KnownItem{identity.person, identity.person};
  }
  if (query_class == QueryClass::kConfusable) return ConfusableItem(identity);
  if (!IsSite(identity)) return std::nullopt;
  const bool english = identity.organization.language == Language::kEnglish;
  if (english == (query_class == QueryClass::kForeign)) return std::nullopt;
  if (query_class == QueryClass::kSubName || query_class == QueryClass::kHost) {
    return HostItem(identity, query_class, random);
  }
  KnownItem item;
  item.query = english ? NameQuery(identity, query_class, random)
                       : ForeignQuery(identity.organization, random);
  item.answer =
      IsOfDomain(query_class) ? identity.domain : std::to_string(identity.organization.number);
  if (item.query.empty()) return std::nullopt;
  return item;
}

std::string_view QueryClassName(QueryClass query_class) {
  constexpr std::array<std::string_view, kQueryClasses> kNames = {
      "name",       "name+suffix", "glued",    "domain", "sub+name", "host",      "typo",
      "typo glued", "prefix",      "org+city", "person", "idn",      "confusable"};
  return kNames.at(static_cast<size_t>(query_class));
}

KnownItems::KnownItems(const Generator& generator, uint64_t count)
    : world_(generator.world()), count_(count) {
  for (uint64_t i = 0; i < count; ++i) {
    const SyntheticCertificate made = generator.Make(i);
    if (made.not_after < kNow) continue;
    const Identity& identity = made.identity;
    const auto& hosts = identity.hosts;
    if (std::find(hosts.begin(), hosts.end(), identity.domain) != hosts.end()) {
      own_.insert(identity.domain);
    }
  }
}

std::vector<std::string> KnownItems::AnswersOf(const Identity& identity,
                                               QueryClass query_class) const {
  if (query_class == QueryClass::kPerson) {
    if (identity.person.empty()) return {};
    return {identity.person};
  }
  if (query_class == QueryClass::kSubName || query_class == QueryClass::kHost) {
    return identity.hosts;
  }
  if (!IsSite(identity)) return {};
  if (query_class == QueryClass::kCity && !HasCity(identity)) return {};
  const bool by_domain = IsOfDomain(query_class);
  std::vector<std::string> answers{by_domain ? identity.domain
                                             : std::to_string(identity.organization.number)};
  for (const uint64_t number : identity.customers) {
    std::string domain = world_.OrganizationOf(number).Domain();
    if (own_.contains(domain)) continue;
    answers.push_back(by_domain ? std::move(domain) : std::to_string(number));
  }
  return answers;
}

std::vector<KnownItem> KnownItems::Make(QueryClass query_class, size_t wanted) const {
  Random random(kSeed, kQueryPurpose + static_cast<uint64_t>(query_class), count_);
  std::vector<KnownItem> items;
  std::set<std::string> queries;
  for (size_t i = 0; i < wanted * kAttemptsPerItem && items.size() < wanted; ++i) {
    const Identity identity = world_.IdentityOf(world_.FirstCertificate(random.Below(count_)));
    std::optional<KnownItem> item = ItemOf(identity, query_class, random);
    if (item && queries.insert(item->query).second) items.push_back(*std::move(item));
  }
  return items;
}

}  // namespace commresolve::bench
