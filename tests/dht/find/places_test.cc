// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where a key may live, and whose word that is.

#include "dht/find/places.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/dht/find/fake_getter.h"

namespace commresolve::dht {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

Endpoint At(const char* ip, const char* name = "") {
  return {*IpAddress::Parse(ip), 443, Protocol::kTls, name};
}

OwnerRecord OwnersWord(uint32_t sequence, std::vector<Endpoint> endpoints) {
  OwnerRecord record = SampleOwner(SomeKey(5));
  record.header.sequence = sequence;
  record.endpoints = std::move(endpoints);
  return record;
}

Observation Seen(uint8_t observer, const Endpoint& endpoint) {
  Observation record = SampleObservation();
  record.observer = Finder(observer);
  record.endpoint = endpoint;
  return record;
}

TEST(PlaceBoardTest, TheOwnersWordComesFirstThenThatOfChosenObservers) {
  Acquaintances known;
  known.is_chosen = [](const Ed25519Key& observer) { return observer == Finder(1); };
  PlaceBoard board(known, 1);
  for (uint8_t stranger = 10; stranger < 20; ++stranger) {
    board.Add(Seen(stranger, At("9.9.9.3")));
  }
  board.Add(Seen(1, At("9.9.9.2")));
  board.Add(OwnersWord(1, {At("9.9.9.9"), At("9.9.9.1")}), kNow);
  const auto places = board.Ranked(10);
  ASSERT_THAT(places, SizeIs(4));
  EXPECT_EQ(places[0].endpoint, At("9.9.9.9"));
  EXPECT_EQ(places[0].speaker, Speaker::kOwner);
  EXPECT_EQ(places[0].key, SomeKey(5));
  EXPECT_EQ(places[1].endpoint, At("9.9.9.1"));
  EXPECT_EQ(places[2].speaker, Speaker::kChosenObserver);
  EXPECT_EQ(places[3].speaker, Speaker::kStranger);
  EXPECT_EQ(places[3].voices, 10U);
  EXPECT_THAT(board.Ranked(2), SizeIs(2));
}

TEST(PlaceBoardTest, WhoConfirmsTheOwnerIsNotCountedForHim) {
  PlaceBoard board({}, 1);
  board.Add(Seen(10, At("9.9.9.9")));
  board.Add(OwnersWord(1, {At("9.9.9.9")}), kNow);
  ASSERT_THAT(board.Ranked(10), SizeIs(1));
  EXPECT_EQ(board.Ranked(10)[0].speaker, Speaker::kOwner);
  EXPECT_EQ(board.Ranked(10)[0].voices, 1U);
}

TEST(PlaceBoardTest, AnOldRecordNeverWins) {
  PlaceBoard board({}, 1);
  board.Add(OwnersWord(2, {At("9.9.9.2")}), kNow);
  board.Add(OwnersWord(1, {At("9.9.9.1")}), kNow);
  ASSERT_THAT(board.Ranked(10), SizeIs(1));
  EXPECT_EQ(board.Ranked(10)[0].endpoint, At("9.9.9.2"));
  board.Add(OwnersWord(3, {}), kNow);
  EXPECT_THAT(board.Ranked(10), IsEmpty());
  EXPECT_TRUE(board.withdrawn());
  board.Add(OwnersWord(4, {At("9.9.9.4")}), kNow);
  EXPECT_FALSE(board.withdrawn());
}

TEST(PlaceBoardTest, WhatHoldsLaterDoesNotHoldYet) {
  PlaceBoard board({}, 1);
  OwnerRecord record = OwnersWord(1, {At("9.9.9.1")});
  record.valid_from = kNow + kHour;
  board.Add(record, kNow);
  EXPECT_THAT(board.Ranked(10), IsEmpty());
}

TEST(PlaceBoardTest, APublishingKeySpeaksForTheOwnerOnlyIfDelegated) {
  OwnerRecord record = OwnersWord(9, {At("9.9.9.7")});
  record.publishing_key = RawKey(SeedKey(1));
  PlaceBoard stranger({}, 1);
  stranger.Add(OwnersWord(1, {At("9.9.9.1")}), kNow);
  stranger.Add(record, kNow);
  ASSERT_THAT(stranger.Ranked(10), SizeIs(2)) << "the owner is not outbid";
  EXPECT_EQ(stranger.Ranked(10)[1].speaker, Speaker::kPublishingKey);

  Acquaintances known;
  known.delegation = [](const KeyId& subject) -> std::optional<Delegation> {
    Delegation delegation = SampleDelegation();
    delegation.subject = subject;
    return delegation;
  };
  PlaceBoard delegated(known, 1);
  EXPECT_TRUE(delegated.IsOwners(record, kNow));
  delegated.Add(OwnersWord(1, {At("9.9.9.1")}), kNow);
  delegated.Add(record, kNow);
  ASSERT_THAT(delegated.Ranked(10), SizeIs(1));
  EXPECT_EQ(delegated.Ranked(10)[0].endpoint, At("9.9.9.7"));
}

TEST(PlaceBoardTest, StrangersNameFewPlacesAndHideNobody) {
  Acquaintances known;
  known.is_chosen = [](const Ed25519Key& observer) { return observer == Finder(1); };
  PlaceBoard board(known, 1);
  for (uint8_t stranger = 10; stranger < 110; ++stranger) {
    for (int host = 1; host < 20; ++host) {
      const std::string ip = "9.9." + std::to_string(stranger) + "." + std::to_string(host);
      board.Add(Seen(stranger, At(ip.c_str())));
    }
  }
  board.Add(Seen(1, At("8.8.8.8")));
  board.Add(OwnersWord(1, {At("9.9.9.9")}), kNow);
  const auto places = board.Ranked(100);
  ASSERT_THAT(places, SizeIs(2 + PlaceBoard::kPlacesOfStrangers));
  EXPECT_EQ(places[0].speaker, Speaker::kOwner);
  EXPECT_EQ(places[1].speaker, Speaker::kChosenObserver);
}

TEST(PlaceBoardTest, OneObserverNamesSoManyPlaces) {
  Acquaintances known;
  known.is_chosen = [](const Ed25519Key&) { return true; };
  PlaceBoard board(known, 1);
  for (int host = 1; host < 20; ++host) {
    const std::string ip = "9.9.9." + std::to_string(host);
    board.Add(Seen(1, At(ip.c_str())));
  }
  EXPECT_THAT(board.Ranked(100), SizeIs(PlaceBoard::kPlacesOfSpeaker));
}

TEST(PlaceBoardTest, AnOldObservationNeverWins) {
  PlaceBoard board({}, 1);
  Observation record = Seen(10, At("9.9.9.1"));
  board.Add(record);
  record.header = {record.header.sequence - 1, kNow + kHour};
  board.Add(record);
  EXPECT_EQ(board.Ranked(10)[0].until, SampleObservation().header.expires);
}

TEST(PlaceBoardTest, PrivateNamesAreNotPassedOn) {
  PlaceBoard board({}, 1);
  board.Add(Seen(10, At("9.9.9.9", "nas.local")));
  board.Add(OwnersWord(1, {At("9.9.9.1", "git.internal"), At("9.9.9.2", "bugs.debian.org")}), kNow);
  ASSERT_THAT(board.Ranked(10), SizeIs(1));
  EXPECT_EQ(board.Ranked(10)[0].endpoint.server_name, "bugs.debian.org");
}

}  // namespace
}  // namespace commresolve::dht
