// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The words that synthetic certificates are made of.

#ifndef COMMRESOLVE_TESTS_BENCH_WORDS_H_
#define COMMRESOLVE_TESTS_BENCH_WORDS_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/random.h"

namespace commresolve::bench {

using WordList = std::vector<std::string_view>;

/// What an organisation's name is written in.
enum class Language : uint8_t { kEnglish, kGerman, kFrench, kRussian, kJapanese };

/// Common English words, the most frequent first; and those of trades ("systems", "media").
const WordList& CommonWords();
const WordList& TradeWords();
/// Words that cannot be written in ASCII; not for kEnglish.
const WordList& WordsOf(Language language);
/// Labels below a registrable domain ("shop"), and units of an organisation ("Sales").
const WordList& ServiceLabels();
const WordList& UnitNames();
const WordList& GivenNames();
/// Public suffixes, the most frequent first.
const WordList& SuffixesOf(Language language);
/// What stands behind the name of a company ("Ltd").
const WordList& LegalForms(Language language);
const WordList& DeviceNames();

struct City {
  std::string_view name;
  std::string_view state;
  std::string_view country;
};
const std::vector<City>& CitiesOf(Language language);

/// One of about 5,000 words like the names of places and families: "ashbridge".
std::string PlaceWord(Random& random);
/// One of about 2,000,000 words that mean nothing: "velorin".
std::string BrandWord(Random& random);

}  // namespace commresolve::bench

#endif  // COMMRESOLVE_TESTS_BENCH_WORDS_H_
