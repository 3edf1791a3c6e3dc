// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Names of organisations, and who owns what.

#include <idn2.h>

#include <cstdlib>

#include "tests/bench/identity.h"

namespace commresolve::bench {
namespace {

constexpr uint64_t kNewIdentities = 548;  // Of 1,000 certificates.
constexpr uint64_t kNewOwners = 720;      // Of 1,000 identities.
// Of 1,000 rarer words; there are too few of them to be a name on their own often.
constexpr uint64_t kPlaces = 400;
constexpr uint64_t kPlacesAlone = 150;

template <class List>
const auto& Any(const List& list, Random& random) {
  return list[random.Below(list.size())];
}
template <class List>
const auto& Likely(const List& list, Random& random) {
  return list[random.Skewed(list.size())];
}

Language AnyLanguage(Random& random) {
  if (!random.Chance(30)) return Language::kEnglish;
  return static_cast<Language>(1 + random.Below(4));
}

std::string RareWord(uint64_t places, Random& random) {
  return random.Chance(places) ? PlaceWord(random) : BrandWord(random);
}

/// Common words are shared by many names; a rarer one beside them keeps the name distinct.
std::vector<std::string> EnglishName(Random& random) {
  const auto common = [&random] {
    std::string word(Likely(CommonWords(), random));
    return random.Chance(60) ? word + "s" : word;
  };
  const uint64_t shape = random.Below(100);
  if (shape < 28) return {RareWord(kPlacesAlone, random)};
  if (shape < 50) return {RareWord(kPlaces, random), std::string(Likely(TradeWords(), random))};
  if (shape < 78) return {common(), RareWord(kPlaces, random)};
  if (shape < 90) return {common(), common(), std::string(Any(TradeWords(), random))};
  return {RareWord(kPlaces, random), common()};
}

std::vector<std::string> ForeignName(Language language, Random& random) {
  const WordList& words = WordsOf(language);
  std::vector<std::string> name{std::string(Any(words, random)), std::string(Any(words, random))};
  if (language == Language::kJapanese || random.Chance(500)) {
    name.emplace_back(Any(words, random));
  } else if (language != Language::kRussian) {
    name.push_back(PlaceWord(random));
  }
  return name;
}

std::string ALabel(const std::string& label) {
  char* converted = nullptr;
  if (idn2_to_ascii_8z(label.c_str(), &converted, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) !=
      IDN2_OK) {
    std::abort();  // The word lists hold nothing that has no A-label.
  }
  std::string ascii = converted;
  idn2_free(converted);
  return ascii;
}

}  // namespace

std::string Capitalised(std::string word) {
  if (!word.empty() && word[0] >= 'a' && word[0] <= 'z') {
    word[0] = static_cast<char>(word[0] - 'a' + 'A');
  }
  return word;
}

std::string Organization::Name() const {
  std::string name;
  for (const std::string& word : words) {
    if (!name.empty()) name += ' ';
    name += word;
  }
  return name;
}

uint64_t World::FirstCertificate(uint64_t certificate) const {
  while (certificate > 0) {
    Random random(seed_, static_cast<uint64_t>(Purpose::kRenewal), certificate);
    if (random.Chance(kNewIdentities)) break;
    certificate = random.Below(certificate);
  }
  return certificate;
}

uint64_t World::OwnerOf(uint64_t identity) const {
  while (identity > 0) {
    Random random(seed_, static_cast<uint64_t>(Purpose::kOwner), identity);
    if (random.Chance(kNewOwners)) break;
    identity = FirstCertificate(random.Below(identity));
  }
  return identity;
}

std::optional<uint64_t> World::Other(uint64_t before, Random& random) const {
  if (before == 0) return std::nullopt;
  return OwnerOf(FirstCertificate(random.Below(before)));
}

Organization World::OrganizationOf(uint64_t number) const {
  Random random(seed_, static_cast<uint64_t>(Purpose::kOrganization), number);
  Organization organization;
  organization.number = number;
  organization.language = AnyLanguage(random);
  const bool english = organization.language == Language::kEnglish;
  organization.words = english ? EnglishName(random) : ForeignName(organization.language, random);
  const bool hyphens = random.Chance(220) && organization.language != Language::kJapanese;
  for (const std::string& word : organization.words) {
    if (hyphens && !organization.label.empty()) organization.label += '-';
    organization.label += word;
    if (!organization.legal_name.empty()) organization.legal_name += ' ';
    organization.legal_name += Capitalised(word);
  }
  if (!english) organization.label = ALabel(organization.label);
  organization.suffix = Likely(SuffixesOf(organization.language), random);
  organization.legal_name.append(" ").append(Any(LegalForms(organization.language), random));
  organization.city = Likely(CitiesOf(organization.language), random);
  return organization;
}

}  // namespace commresolve::bench
