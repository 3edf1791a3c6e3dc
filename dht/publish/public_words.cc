// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Words are let out by what they can be read from, not by what they look like.

#include "dht/publish/public_words.h"

#include <unordered_set>
#include <utility>

#include "dht/privacy/publishable.h"
#include "resolver/keyword/fold.h"
#include "resolver/keyword/host_name.h"

namespace commresolve::dht {
namespace {

using WordSet = std::unordered_set<std::string>;

/// Every word that the index finds in this name.
void AddWordsOf(const std::string& name, WordSet* words) {
  for (std::string& word : FoldWords(DisplayHostName(name))) words->insert(std::move(word));
  words->insert(FoldCase(SplitHostName(name).registrable_label));
}

/// Two bits of class, six of score.
uint8_t ScoreOf(EvidenceClass evidence, uint8_t score) {
  int rank = 0;
  switch (evidence) {
    case EvidenceClass::kRegistrableLabel:
    case EvidenceClass::kVouched:
      rank = 3;
      break;
    case EvidenceClass::kSubLabel:
      rank = 2;
      break;
    case EvidenceClass::kOrganization:
      rank = 1;
      break;
    case EvidenceClass::kSelfAsserted:
      break;
  }
  return static_cast<uint8_t>(rank << 6 | score >> 2);
}

}  // namespace

std::vector<PublicWord> PublicWords(const FoundListing& listing) {
  WordSet words_of_names;
  for (const SeenName& seen : listing.names) {
    if (PrivacyOf(seen.name, seen.sightings) != Privacy::kPublic) continue;
    AddWordsOf(seen.name, &words_of_names);
  }
  std::vector<PublicWord> words;
  if (words_of_names.empty()) return words;
  WordSet taken;
  for (const Keyword& keyword : listing.words) {
    const bool validated = keyword.evidence == EvidenceClass::kOrganization;
    if (!validated && !words_of_names.contains(keyword.word)) continue;
    if (!KeywordSet::FromWords({keyword.word}).ok()) continue;
    if (!taken.insert(keyword.word).second) continue;
    words.push_back({keyword.word, ScoreOf(keyword.evidence, listing.score)});
  }
  return words;
}

}  // namespace commresolve::dht
