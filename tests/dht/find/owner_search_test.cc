// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dht/find/owner_search.h"

#include <gtest/gtest.h>

#include "tests/dht/find/fake_getter.h"

namespace commresolve::dht {
namespace {

class FixedClock final : public Clock {
 public:
  [[nodiscard]] UnixTime Now() const override { return now; }
  UnixTime now = kNow;
};

class OwnerSearchTest : public testing::Test {
 protected:
  void Say(const SigningKey& signer, const KeyId& subject, const std::string& ip,
           uint32_t sequence) {
    OwnerRecord record = SampleOwner(subject);
    record.header.sequence = sequence;
    record.endpoints = {{*IpAddress::Parse(ip), 443, Protocol::kTls, ""}};
    getter_.Put(SubjectKey(RecordType::kOwner, subject), RecordType::kOwner,
                *WriteOwner(record, signer));
  }
  std::vector<Place> Find(const KeyId& key) {
    std::vector<Place> found;
    size_t calls = 0;
    search_.Find(key, std::chrono::seconds(5), [&](const std::vector<Place>& places) {
      found = places;
      ++calls;
    });
    EXPECT_EQ(calls, 1U);
    return found;
  }

  const SigningKey owner_ = NewSigningKey("P-256");
  FixedClock clock_;
  FakeGetter getter_;
  OwnerSearch search_{getter_, clock_, {}};
};

TEST_F(OwnerSearchTest, TheNewestWordOfTheOwnerCounts) {
  Say(owner_, owner_.id(), "9.9.9.9", 7);
  Say(owner_, owner_.id(), "8.8.8.8", 6);
  const auto places = Find(owner_.id());
  ASSERT_EQ(places.size(), 1U);
  EXPECT_EQ(places[0].endpoint.ip.ToString(), "9.9.9.9");
  EXPECT_EQ(places[0].key, owner_.id());
  ASSERT_EQ(getter_.asked.size(), 1U);
  EXPECT_EQ(getter_.asked[0], SubjectKey(RecordType::kOwner, owner_.id()));
}

TEST_F(OwnerSearchTest, AnOldRecordNeverWinsAgain) {
  Say(owner_, owner_.id(), "9.9.9.9", 7);
  ASSERT_EQ(Find(owner_.id()).size(), 1U);
  FakeGetter replay;
  std::swap(replay, getter_);
  Say(owner_, owner_.id(), "8.8.8.8", 6);
  EXPECT_TRUE(Find(owner_.id()).empty());
}

TEST_F(OwnerSearchTest, StrangersComeAfterTheOwnerAndOtherRecordsAreNothing) {
  const SigningKey stranger = SeedKey(9);
  Say(stranger, owner_.id(), "6.6.6.6", 99);
  Say(owner_, owner_.id(), "9.9.9.9", 7);
  getter_.Put(SubjectKey(RecordType::kOwner, owner_.id()), RecordType::kPosting, "junk");
  getter_.Put(SubjectKey(RecordType::kOwner, owner_.id()), RecordType::kOwner, "junk");
  const auto places = Find(owner_.id());
  ASSERT_EQ(places.size(), 2U);
  EXPECT_EQ(places[0].endpoint.ip.ToString(), "9.9.9.9");
  EXPECT_EQ(places[0].speaker, Speaker::kOwner);
  EXPECT_EQ(places[1].speaker, Speaker::kPublishingKey);
}

TEST_F(OwnerSearchTest, NobodySaysAnything) { EXPECT_TRUE(Find(SomeKey(1)).empty()); }

}  // namespace
}  // namespace commresolve::dht
