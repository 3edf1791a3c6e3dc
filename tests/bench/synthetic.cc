// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Names by a seeded generator.

#include "tests/bench/synthetic.h"

#include <array>

#include "tests/fakes/certificates.h"

namespace commresolve::bench {
namespace {

constexpr size_t kKeys = 64;
constexpr std::array kWords = {"green", "river",  "north",  "garden", "stone",  "cloud", "harbour",
                               "maple", "silver", "orange", "bridge", "winter", "field", "lantern"};

}  // namespace

std::string SyntheticWord(std::mt19937_64& random) { return kWords.at(random() % kWords.size()); }

std::vector<std::string> SyntheticCertificates(size_t count) {
  const fakes::TestCa ca("Bench CA");
  std::vector<fakes::TestKey> keys;
  for (size_t i = 0; i < kKeys; ++i) keys.push_back(fakes::MakeKey());
  std::mt19937_64 random(1);
  std::vector<std::string> certificates;
  certificates.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    const std::string domain =
        SyntheticWord(random) + SyntheticWord(random) + std::to_string(i) + ".example";
    certificates.push_back(
        ca.Issue({.names = {"www." + domain, domain, "mail." + domain},
                  .organization = SyntheticWord(random) + " " + SyntheticWord(random) + " Ltd",
                  .key = keys[i % kKeys]})
            .Der());
  }
  return certificates;
}

}  // namespace commresolve::bench
