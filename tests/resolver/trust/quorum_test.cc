// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The quorum: golden vectors, and that nobody counts whom the user did not choose.

#include "resolver/trust/quorum.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace commresolve {
namespace {

constexpr UnixTime kNow = 1'770'000'000;
constexpr int64_t kHour = 3'600;

/// What a vector sets up and asks.
struct Case {
  std::vector<ChosenObserver> observers;
  std::vector<Sighting> sightings;
  std::string question;  ///< "corroborate" or "change".
  std::vector<KeyId> keys;
};

ObserverId Observer(const std::string& name) { return ObserverId{Sha256("observer " + name)}; }
KeyId Key(const std::string& name) { return KeyId{Sha256("key " + name)}; }

Endpoint Place(const std::string& name) {
  const std::map<std::string, Endpoint> places = {
      {"www", {*IpAddress::Parse("9.9.9.1"), 443, Protocol::kTls, "www.debian.org"}},
      {"www2", {*IpAddress::Parse("9.9.9.2"), 443, Protocol::kTls, "www.debian.org"}},
      {"ip", {*IpAddress::Parse("9.9.9.1"), 443, Protocol::kTls, ""}},
      {"other", {*IpAddress::Parse("9.9.9.1"), 443, Protocol::kTls, "www.other.org"}}};
  return places.at(name);
}

Service Asked() { return {{"www.debian.org"}, {Place("ip")}}; }

Region RegionOf(const std::string& name) {
  const std::map<std::string, Region> regions = {
      {"?", Region::kUnknown},       {"af", Region::kAfrica},       {"ap", Region::kAsiaPacific},
      {"na", Region::kNorthAmerica}, {"la", Region::kLatinAmerica}, {"eu", Region::kEurope}};
  return regions.at(name);
}

std::vector<std::string> Split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

void AddSightings(const std::string& word, Case* made) {
  const std::vector<std::string> parts = Split(word, '/');
  const std::vector<std::string> who = Split(parts[0], '*');
  const int count = who.size() > 1 ? std::stoi(who[1]) : 1;
  for (int i = 0; i < count; ++i) {
    Sighting sighting;
    sighting.observer = Observer(who.size() > 1 ? who[0] + std::to_string(i) : who[0]);
    sighting.region = RegionOf(parts[1]);
    sighting.key = Key(parts[2]);
    sighting.first_seen = kNow - std::stoll(parts[3]) * kHour;
    sighting.last_seen = kNow - std::stoll(parts[4]) * kHour;
    sighting.endpoint = Place(parts.size() > 5 ? parts[5] : "www");
    made->sightings.push_back(sighting);
  }
}

Case Read(const std::string& text) {
  Case made;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (const size_t colon = word.find(':'); colon != std::string::npos) {
      made.question = word.substr(0, colon);
      for (const std::string& key : Split(word.substr(colon + 1), '>')) {
        made.keys.push_back(Key(key));
      }
    } else if (const size_t equals = word.find('='); equals != std::string::npos) {
      made.observers.push_back(
          {Observer(word.substr(0, equals)), std::stoi(word.substr(equals + 1))});
    } else {
      AddSightings(word, &made);
    }
  }
  return made;
}

std::string Answer(const Case& asked) {
  if (asked.question == "change") {
    const std::map<ObserverView, std::string> names = {
        {ObserverView::kNobodyToAsk, "unknown"},
        {ObserverView::kOnlyOldKey, "only-old"},
        {ObserverView::kEveryoneNewKey, "everyone-new"}};
    return names.at(ViewOfChange(asked.observers, asked.sightings, Asked(), {asked.keys[0]},
                                 asked.keys[1], kNow));
  }
  const Corroboration answer =
      Corroborate(asked.observers, asked.sightings, Asked(), asked.keys[0], kNow);
  return std::string(answer.holds ? "yes " : "no ") + std::to_string(answer.agree) + "-" +
         std::to_string(answer.dissent) + " " + answer.reason;
}

struct Vector {
  std::string name;
  Case asked;
  std::string expected;
};

std::vector<Vector> ReadVectors() {
  std::ifstream file(std::string(COMMRESOLVE_SOURCE_DIR) +
                     "/tests/resolver/trust/testdata/quorum.txt");
  std::vector<Vector> vectors;
  for (std::string text; std::getline(file, text);) {
    if (text.empty() || text[0] == '#') continue;
    const size_t colon = text.find(": ");
    const size_t arrow = text.find("=> ");
    vectors.push_back({text.substr(0, colon), Read(text.substr(colon + 2, arrow - colon - 2)),
                       text.substr(arrow + 3)});
  }
  return vectors;
}

TEST(Quorum, GoldenVectors) {
  const std::vector<Vector> vectors = ReadVectors();
  ASSERT_GE(vectors.size(), 50U);
  std::set<std::string> names;
  std::set<std::string> answers;
  for (const Vector& vector : vectors) {
    EXPECT_EQ(Answer(vector.asked), vector.expected) << vector.name;
    EXPECT_TRUE(names.insert(vector.name).second) << vector.name << " stands there twice";
    // Without the counts, for every reason there is.
    answers.insert(vector.expected.substr(vector.expected.find(' ') + 5));
  }
  EXPECT_THAT(answers, testing::IsSupersetOf({
                           "your observers see this key",
                           "your observers have seen this key for less than 7 days",
                           "fewer than 3 of your observers see this key",
                           "you trust the observers that see this key too little",
                           "the observers that see this key all look from one region",
                           "more than one of your observers sees another key",
                           "an observer that you trust fully sees another key",
                       }));
}

/// Sightings of `count` observers called `name` and a number, of old, new and a third key.
void AddRandom(const std::string& name, size_t count, std::mt19937& random,
               std::vector<Sighting>* sightings) {
  const char* keys[] = {"O", "N", "N", "X"};
  const char* places[] = {"www", "www2", "ip", "other"};
  for (size_t i = 0; i < count; ++i) {
    for (size_t looks = random() % 3; looks > 0; --looks) {
      Sighting sighting;
      sighting.observer = Observer(name + std::to_string(i));
      sighting.key = Key(keys[random() % 4]);
      sighting.endpoint = Place(places[random() % 4]);
      sighting.last_seen = kNow - static_cast<int64_t>(random() % 60) * kHour;
      sighting.first_seen = sighting.last_seen - static_cast<int64_t>(random() % 300) * kHour;
      sighting.region = static_cast<Region>(random() % 6);
      sightings->push_back(sighting);
    }
  }
}

TEST(Quorum, AHundredLiarsThatNobodyChoseChangeNothing) {
  std::mt19937 random(7);
  std::map<std::string, int> seen;
  for (int round = 0; round < 2'000; ++round) {
    Case asked;
    const size_t chosen = random() % 8;
    for (size_t i = 0; i < chosen; ++i) {
      asked.observers.push_back(
          {Observer("chosen" + std::to_string(i)), static_cast<int>(random() % 4) * kUsualTrust});
    }
    AddRandom("chosen", chosen, random, &asked.sightings);
    Case lied = asked;
    AddRandom("liar", 100, random, &lied.sightings);
    std::shuffle(lied.sightings.begin(), lied.sightings.end(), random);
    for (const char* question : {"corroborate", "change"}) {
      asked.question = lied.question = question;
      asked.keys = lied.keys =
          question[1] == 'o' ? std::vector{Key("N")} : std::vector{Key("O"), Key("N")};
      const std::string answer = Answer(asked);
      ASSERT_EQ(Answer(lied), answer) << round;
      ++seen[answer.substr(0, answer.find(' '))];
    }
  }
  EXPECT_THAT(seen, testing::SizeIs(5)) << "some answer never came up";
}

TEST(Quorum, MoreReportsOfOneObserverDoNotWeighMore) {
  Case asked = Read("a=40 b=40 a/eu/N/240/1 b/na/N/240/1 corroborate:N");
  for (int i = 0; i < 100; ++i) AddSightings("a/ap/N/240/1", &asked);
  asked.observers.insert(asked.observers.end(), 100, asked.observers[0]);
  EXPECT_THAT(Answer(asked), testing::StartsWith("no 2-0"));
}

TEST(Quorum, SaysSinceWhen) {
  const Case asked =
      Read("a=40 b=40 c=40 d=40 a/eu/N/300/1 b/na/N/200/1 c/ap/N/250/1 d/ap/N/240/1 corroborate:N");
  const Corroboration answer =
      Corroborate(asked.observers, asked.sightings, Asked(), asked.keys[0], kNow);
  EXPECT_TRUE(answer.holds);
  EXPECT_EQ(answer.trust, 160);
  EXPECT_EQ(answer.regions, 3U);
  EXPECT_EQ(answer.since, kNow - 240 * kHour);
}

}  // namespace
}  // namespace commresolve
