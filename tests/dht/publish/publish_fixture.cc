// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Contents and a network for the tests of publishing.

#include "tests/dht/publish/publish_fixture.h"

#include <cstdlib>
#include <filesystem>
#include <utility>

#include "dht/record/check_for_store.h"
#include "resolver/keyword/fold.h"
#include "resolver/keyword/host_name.h"

namespace commresolve::dht {

TempFolder::TempFolder() : path_(testing::TempDir() + "publish.XXXXXX") {
  EXPECT_NE(::mkdtemp(path_.data()), nullptr);
}

TempFolder::~TempFolder() { std::filesystem::remove_all(path_); }

PostingSet SampleSet(const std::string& word, size_t count, uint8_t version) {
  PostingSet set{HotWordKey(word, 0), {}};
  for (size_t i = 0; i < count; ++i) {
    Posting posting{{}, version, SketchOf({word})};
    posting.key.fill(static_cast<uint8_t>(i + 1));
    set.entries.push_back({word, posting, {}});
  }
  return set;
}

Content SampleContent(const std::string& word, size_t count, uint8_t version) {
  return Content::Of(SampleSet(word, count, version)).value();
}

FoundListing Listing(const std::string& key, const std::vector<std::string>& names, uint8_t score) {
  FoundListing listing;
  listing.key = KeyId{Sha256(key)};
  listing.score = score;
  for (const std::string& name : names) {
    listing.names.push_back({name, 3});
    for (const std::string& word : FoldWords(DisplayHostName(name))) {
      listing.words.push_back({word, Field::kDnsName, EvidenceClass::kSubLabel});
    }
  }
  return listing;
}

Signers SampleSigners() {
  Signers signers;
  signers.secret.fill(7);
  return signers;
}

void FakePutter::Put(const DhtKey& key, uint16_t type, std::vector<uint8_t> payload, OnPut done) {
  const auto known = RecordTypeOf(type);
  ASSERT_TRUE(known.has_value());
  const std::string text(payload.begin(), payload.end());
  const Status fit = CheckForStore(*known, key, ValueId(text), payload, now);
  EXPECT_TRUE(fit.ok()) << fit.error().message;
  seen.push_back({key, *known, text, nullptr});
  if (mode == Mode::kWait) {
    seen.back().done = std::move(done);
  } else {
    done(mode == Mode::kConfirm, mode == Mode::kConfirm ? 8 : 0);
  }
}

void FakePutter::Answer(bool confirmed, size_t replicas) {
  for (Seen& put : seen) {
    if (put.done) std::exchange(put.done, nullptr)(confirmed, replicas);
  }
}

}  // namespace commresolve::dht
