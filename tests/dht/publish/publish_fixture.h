// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the tests of publishing share: a folder of their own, contents, and a network that records.

#ifndef COMMRESOLVE_TESTS_DHT_PUBLISH_PUBLISH_FIXTURE_H_
#define COMMRESOLVE_TESTS_DHT_PUBLISH_PUBLISH_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "dht/publish/public_words.h"
#include "dht/publish/publish_queue.h"
#include "dht/publish/publisher.h"
#include "dht/publish/putter.h"
#include "tests/dht/record/samples.h"

namespace commresolve::dht {

/// A folder that is gone at the end.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// A set of `count` postings of a word, under a key of its own; `version` tells contents of one
/// stream apart.
PostingSet SampleSet(const std::string& word, size_t count, uint8_t version = 0);
Content SampleContent(const std::string& word, size_t count, uint8_t version = 0);

/// A listing whose names were seen often, with every word of them in class C2.
FoundListing Listing(const std::string& key, const std::vector<std::string>& names,
                     uint8_t score = 0);

/// A secret for pseudonyms; no owner's key.
Signers SampleSigners();

/// Confirms, refuses, or waits to be told what to say. Every payload has to pass CheckForStore().
class FakePutter final : public Putter {
 public:
  enum class Mode : uint8_t { kConfirm, kRefuse, kWait };
  struct Seen {
    DhtKey key{};
    RecordType type = RecordType::kPosting;
    std::string payload;
    OnPut done;  ///< Only if it waits.
  };

  void Put(const DhtKey& key, uint16_t type, std::vector<uint8_t> payload, OnPut done) override;
  /// Answers everything that waits.
  void Answer(bool confirmed, size_t replicas);

  Mode mode = Mode::kConfirm;
  UnixTime now = kNow;
  std::vector<Seen> seen;  ///< In the order of the puts.
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_TESTS_DHT_PUBLISH_PUBLISH_FIXTURE_H_
