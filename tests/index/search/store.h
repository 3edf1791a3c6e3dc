// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A search index in a temporary folder, filled with listings made by hand.

#ifndef COMMRESOLVE_TESTS_INDEX_SEARCH_STORE_H_
#define COMMRESOLVE_TESTS_INDEX_SEARCH_STORE_H_

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "index/search/search_index.h"

namespace commresolve::index {

inline constexpr UnixTime kNow = 1'700'000'000;
inline constexpr UnixTime kDay = 86'400;

/// A folder that goes with the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "search-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~TemporaryFolder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] std::string Path(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline Listing Hosts(const std::vector<std::string>& names) {
  Listing listing;
  for (const std::string& name : names) listing.fields.push_back({Field::kDnsName, name});
  listing.public_chain = true;
  return listing;
}

inline Listing WithOrganization(Listing listing, const std::string& name) {
  listing.fields.insert(listing.fields.begin(), {Field::kOrganization, name});
  return listing;
}

/// Borrows `listing`.
inline ListingTexts TextsOf(const Listing& listing, bool issuers = false) {
  return {listing.id,
          {listing.fields.begin(), listing.fields.end()},
          issuers ? listing.issuers : std::set<std::string>()};
}

/// The index together with what the ledger would know.
class SearchStore {
 public:
  SearchStore() : path_(folder_.Path("search")) {
    Result<std::unique_ptr<SearchWriter>> writer = SearchWriter::Open(path_);
    EXPECT_TRUE(writer.ok()) << writer.error().message;
    writer_ = std::move(writer).value();
  }

  /// Numbers and adds `listing`, unexpired and seen today unless `facts` says otherwise.
  ListingId Add(Listing listing, ListingFacts facts = Fresh()) {
    listing.id = static_cast<ListingId>(listings_.size() + 1);
    facts.public_chain = listing.public_chain;
    facts_[listing.id] = facts;
    EXPECT_TRUE(writer_->Put(listing).ok());
    changed_ = true;
    const ListingId id = listing.id;
    listings_[id] = std::move(listing);
    return id;
  }

  static ListingFacts Fresh() {
    ListingFacts facts;
    facts.not_after = kNow + 60 * kDay;
    facts.first_seen = kNow - 30 * kDay;
    facts.last_seen = kNow;
    facts.observations = 3;
    return facts;
  }
  static ListingFacts Expired() {
    ListingFacts facts = Fresh();
    facts.not_after = kNow - kDay;
    return facts;
  }

  SearchReader& Reader() {
    if (changed_) {
      EXPECT_TRUE(writer_->Commit().ok());
      changed_ = false;
    }
    if (!reader_) {
      Result<std::unique_ptr<SearchReader>> reader = SearchReader::Open(path_);
      EXPECT_TRUE(reader.ok()) << reader.error().message;
      reader_ = std::move(reader).value();
    }
    return *reader_;
  }

  FactsSource Facts() {
    FactsSource source;
    source.facts = [this](ListingId id) -> std::optional<ListingFacts> {
      const auto at = facts_.find(id);
      if (at == facts_.end()) return {};
      return at->second;
    };
    source.texts = [this](ListingId id, bool issuers) -> std::optional<ListingTexts> {
      const auto at = listings_.find(id);
      if (at == listings_.end()) return {};
      return TextsOf(at->second, issuers);
    };
    source.listings_of_key = [this](const std::string& key) { return of_key_[key]; };
    source.listings_at_ip = [this](const std::string& ip) { return at_ip_[ip]; };
    return source;
  }

  SearchResult Search(const std::string& text, size_t offset = 0, size_t limit = 20) {
    const Result<Query> query = ParseQuery(text);
    EXPECT_TRUE(query.ok()) << text << ": " << query.error().message;
    Result<SearchResult> result = Reader().Search(*query, offset, limit, kNow, Facts());
    EXPECT_TRUE(result.ok()) << text << ": " << result.error().message;
    return std::move(result).value();
  }

  std::vector<ListingId> Find(const std::string& text, size_t offset = 0, size_t limit = 20) {
    std::vector<ListingId> ids;
    for (const Hit& hit : Search(text, offset, limit).hits) ids.push_back(hit.listing);
    return ids;
  }

  std::vector<ListingId> Carrying(const std::string& words, size_t limit = 100) {
    const Result<KeywordSet> set = KeywordSet::FromText(words);
    EXPECT_TRUE(set.ok());
    Result<SearchReader::Carriers> carriers = Reader().ListingsCarrying(*set, limit);
    EXPECT_TRUE(carriers.ok());
    return carriers->listings;
  }

  [[nodiscard]] const std::string& path() const { return path_; }
  SearchWriter& writer() { return *writer_; }
  void Close() {
    reader_.reset();
    writer_.reset();
  }
  std::map<std::string, std::vector<ListingId>>& of_key() { return of_key_; }
  std::map<std::string, std::vector<ListingId>>& at_ip() { return at_ip_; }
  void Forget(ListingId id) { listings_.erase(id); }

 private:
  TemporaryFolder folder_;
  std::string path_;
  std::unique_ptr<SearchWriter> writer_;
  std::unique_ptr<SearchReader> reader_;
  std::map<ListingId, Listing> listings_;
  std::map<ListingId, ListingFacts> facts_;
  std::map<std::string, std::vector<ListingId>> of_key_;
  std::map<std::string, std::vector<ListingId>> at_ip_;
  bool changed_ = true;
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_TESTS_INDEX_SEARCH_STORE_H_
