// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Only chosen observers reach the quorum.

#include "dht/find/observer_reports.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/dht/find/fake_getter.h"

namespace commresolve::dht {
namespace {

using std::chrono::milliseconds;
using testing::IsEmpty;
using testing::SizeIs;

const KeyId kOld = SomeKey(5);
const KeyId kNew = SomeKey(6);

/// Observer `seed` sees `key` at bugs.debian.org.
std::string Report(uint8_t seed, const KeyId& key, uint32_t sequence = 9, int64_t age = kHour) {
  Observation record = SampleObservation();
  record.header.sequence = sequence;
  record.subject = key;
  record.last_seen = kNow - age;
  record.region = seed % 2 == 0 ? Region::kEurope : Region::kAfrica;
  return *WriteObservation(record, SeedKey(seed));
}

DhtKey Where(const KeyId& key) { return SubjectKey(RecordType::kObservation, key); }

std::vector<ChosenObserver> Chosen(uint8_t from, uint8_t to) {
  std::vector<ChosenObserver> chosen;
  for (uint8_t seed = from; seed < to; ++seed) chosen.push_back({ObserverId{Finder(seed)}});
  return chosen;
}

class ObserverReportsTest : public testing::Test {
 protected:
  void Add(ObserverReports& reports, const std::string& payload, const KeyId& under) {
    const auto* bytes = reinterpret_cast<const uint8_t*>(payload.data());
    reports.Add(Where(under), 0xC003, {bytes, payload.size()}, kNow);
  }

  Freshest fresh_{1'000};
  Service service_{{"bugs.debian.org"}, {}};
};

TEST_F(ObserverReportsTest, AHundredLiarsThatWereNotChosenChangeNothing) {
  const auto chosen = Chosen(1, 4);
  ObserverReports quiet(chosen, fresh_);
  for (uint8_t seed = 1; seed < 4; ++seed) Add(quiet, Report(seed, kOld), kOld);
  Freshest other_fresh(1'000);
  ObserverReports loud(chosen, other_fresh);
  for (uint8_t seed = 100; seed < 200; ++seed) {
    Add(loud, Report(seed, kNew), kNew);
    Add(loud, Report(seed, kOld), kOld);
  }
  for (uint8_t seed = 1; seed < 4; ++seed) Add(loud, Report(seed, kOld), kOld);
  EXPECT_EQ(loud.untrusted(), 100U);
  EXPECT_EQ(loud.refused(), 0U);
  EXPECT_THAT(loud.sightings(), SizeIs(3));

  for (const KeyId& key : {kOld, kNew}) {
    const auto before = Corroborate(chosen, quiet.sightings(), service_, key, kNow);
    const auto after = Corroborate(chosen, loud.sightings(), service_, key, kNow);
    EXPECT_EQ(after.holds, before.holds);
    EXPECT_EQ(after.reason, before.reason);
    EXPECT_EQ(after.agree, before.agree);
    EXPECT_EQ(after.dissent, before.dissent);
  }
  EXPECT_TRUE(Corroborate(chosen, loud.sightings(), service_, kOld, kNow).holds);
  EXPECT_EQ(ViewOfChange(chosen, loud.sightings(), service_, {kOld}, kNew, kNow),
            ObserverView::kOnlyOldKey);
}

TEST_F(ObserverReportsTest, WithoutChosenObserversThereIsNobodyToAsk) {
  ObserverReports reports({}, fresh_);
  for (uint8_t seed = 100; seed < 200; ++seed) Add(reports, Report(seed, kNew), kNew);
  EXPECT_THAT(reports.sightings(), IsEmpty());
  EXPECT_EQ(ViewOfChange({}, reports.sightings(), service_, {kOld}, kNew, kNow),
            ObserverView::kNobodyToAsk);
}

TEST_F(ObserverReportsTest, AForgedReportOfAChosenObserverIsRefused) {
  ObserverReports reports(Chosen(1, 2), fresh_);
  std::string forged = Report(1, kOld);
  forged.back() = static_cast<char>(forged.back() ^ 1);
  Add(reports, forged, kOld);
  Add(reports, Report(1, kOld), kNew);  // Under another key than it was made for.
  EXPECT_THAT(reports.sightings(), IsEmpty());
  EXPECT_EQ(reports.refused(), 2U);
}

TEST_F(ObserverReportsTest, AnOldReportNeverWins) {
  ObserverReports reports(Chosen(1, 2), fresh_);
  Add(reports, Report(1, kOld, 9, kHour), kOld);
  Add(reports, Report(1, kOld, 8, 2 * kHour), kOld);
  ASSERT_THAT(reports.sightings(), SizeIs(1));
  EXPECT_EQ(reports.sightings()[0].last_seen, kNow - kHour);
  Add(reports, Report(1, kOld, 10, 3 * kHour), kOld);
  ASSERT_THAT(reports.sightings(), SizeIs(1));
  EXPECT_EQ(reports.sightings()[0].last_seen, kNow - 3 * kHour);
  ObserverReports later(Chosen(1, 2), fresh_);
  Add(later, Report(1, kOld, 9, kHour), kOld);
  EXPECT_THAT(later.sightings(), IsEmpty()) << "remembered from one to the next";
}

TEST_F(ObserverReportsTest, NoTrustIsNotChosen) {
  ObserverReports reports({{ObserverId{Finder(1)}, 0}}, fresh_);
  Add(reports, Report(1, kOld), kOld);
  EXPECT_THAT(reports.sightings(), IsEmpty());
  EXPECT_EQ(reports.untrusted(), 1U);
}

TEST_F(ObserverReportsTest, OfOneObserverSoManyAreKept) {
  ObserverReports reports(Chosen(1, 2), fresh_);
  for (uint16_t port = 1; port <= 100; ++port) {
    Observation record = SampleObservation();
    record.endpoint.port = port;
    Add(reports, *WriteObservation(record, SeedKey(1)), record.subject);
  }
  EXPECT_THAT(reports.sightings(), SizeIs(ObserverReports::kReportsOfObserver));
}

TEST_F(ObserverReportsTest, FetchesEachKeyOnce) {
  FakeGetter getter;
  const ManualClock clock(kNow);
  getter.Put(Where(kOld), RecordType::kObservation, Report(1, kOld));
  getter.Put(Where(kNew), RecordType::kObservation, Report(100, kNew));
  ObserverReports reports(Chosen(1, 2), fresh_);
  int done = 0;
  FetchReports(getter, {kOld, kNew, kOld}, 100, milliseconds(700), clock, reports, [&] { ++done; });
  EXPECT_EQ(done, 1);
  EXPECT_THAT(getter.asked, testing::UnorderedElementsAre(Where(kOld), Where(kNew)));
  EXPECT_EQ(getter.patience[0], milliseconds(700));
  EXPECT_THAT(reports.sightings(), SizeIs(1));
  EXPECT_EQ(reports.untrusted(), 1U);
}

TEST_F(ObserverReportsTest, FetchesNoMoreThanItMay) {
  FakeGetter getter;
  const ManualClock clock(kNow);
  for (uint8_t seed = 100; seed < 120; ++seed) {
    getter.Put(Where(kOld), RecordType::kObservation, Report(seed, kOld));
  }
  ObserverReports reports(Chosen(1, 2), fresh_);
  FetchReports(getter, {kOld}, 7, milliseconds(700), clock, reports, [] {});
  EXPECT_EQ(reports.untrusted(), 7U);
}

}  // namespace
}  // namespace commresolve::dht
