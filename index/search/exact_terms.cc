// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Files of exact terms, and a term of them as a part of a Xapian query.

#include "index/search/exact_terms.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <utility>

#include "index/search/champions.h"

namespace commresolve::index {
namespace {

constexpr const char* kFileName = "/exact";

/// Runs `body` on a new file.
template <class Body>
Status WriteFile(const std::string& folder, Body body) {
  const std::string path = folder + kFileName;
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  body(out);
  out.close();
  if (out) return {};
  return Error{Code::kUnavailable, path + ": cannot be written", "free some space on this disk"};
}

/// Of one term, in the database that Xapian asks at the moment.
class ExactSource final : public Xapian::PostingSource {
 public:
  ExactSource(std::shared_ptr<const ExactTerms> terms, std::string term, double weight,
              Carrying carrying, bool live)
      : terms_(std::move(terms)),
        term_(std::move(term)),
        weight_(weight),
        carrying_(carrying),
        live_(live) {}

  [[nodiscard]] ExactSource* clone() const override {
    return new ExactSource(terms_, term_, weight_, carrying_, live_);
  }

  void init(const Xapian::Database& database) override {
    at_ = started_ = 0;
    picked_.clear();
    range_ = {};
    table_ = terms_->Of(database);
    if (table_ != nullptr) {
      range_ = table_->Find(ExactKeyOf(term_));
      if (carrying_ == Carrying::kBest && range_.size() > kMaxChampions) PickBest();
    } else if (live_) {
      picked_.assign(database.postlist_begin(term_), database.postlist_end(term_));
    }
    size_ = picked_.empty() ? range_.size() : picked_.size();
    set_maxweight(weight_ + (carrying_ == Carrying::kBest ? kMostForRank : 0));
  }
  [[nodiscard]] Xapian::doccount get_termfreq_min() const override { return get_termfreq_max(); }
  [[nodiscard]] Xapian::doccount get_termfreq_est() const override { return get_termfreq_max(); }
  [[nodiscard]] Xapian::doccount get_termfreq_max() const override {
    return static_cast<Xapian::doccount>(size_);
  }
  void next(double /*min_weight*/) override {
    at_ += started_;
    started_ = 1;
  }
  /// In steps that double: those who ask seldom go far.
  void skip_to(Xapian::docid wanted, double /*min_weight*/) override {
    started_ = 1;
    size_t step = 1;
    while (at_ + step < size_ && ListingAt(at_ + step) < wanted) {
      at_ += step;
      step *= 2;
    }
    size_t end = std::min(size_, at_ + step);
    while (at_ < end) {
      const size_t middle = at_ + (end - at_) / 2;
      if (ListingAt(middle) < wanted) {
        at_ = middle + 1;
      } else {
        end = middle;
      }
    }
  }
  [[nodiscard]] bool at_end() const override { return at_ >= size_; }
  [[nodiscard]] Xapian::docid get_docid() const override { return ListingAt(at_); }
  [[nodiscard]] double get_weight() const override {
    if (table_ == nullptr || carrying_ == Carrying::kAll) return weight_;
    return weight_ + kRankWeight * table_->RankOf(get_docid());
  }

 private:
  [[nodiscard]] ListingId ListingAt(size_t at) const {
    return picked_.empty() ? table_->ListingAt(range_.begin + at) : picked_[at];
  }
  void PickBest() {
    std::vector<ListingId> all;
    all.reserve(range_.size());
    for (size_t i = range_.begin; i < range_.end; ++i) all.push_back(table_->ListingAt(i));
    const auto middle = all.begin() + kMaxChampions;
    std::partial_sort(all.begin(), middle, all.end(), [this](ListingId a, ListingId b) {
      const uint8_t rank_a = table_->RankOf(a);
      const uint8_t rank_b = table_->RankOf(b);
      return rank_a != rank_b ? rank_a > rank_b : a > b;
    });
    picked_.assign(all.begin(), middle);
    std::ranges::sort(picked_);
  }

  const std::shared_ptr<const ExactTerms> terms_;
  const std::string term_;
  const double weight_;
  const Carrying carrying_;
  const bool live_;
  const ExactTable* table_ = nullptr;  // Of the database; null for the live one.
  ExactTable::Range range_;            // In table_; all of it unless some are picked.
  std::vector<ListingId> picked_;
  size_t size_ = 0;
  size_t at_ = 0;
  size_t started_ = 0;  // 0 before the first call of next() or skip_to().
};

}  // namespace

Result<ExactFile> ExactFile::Open(const std::string& folder, const Shard& shard) {
  auto file = MappedFile::Open(folder + kFileName, std::numeric_limits<size_t>::max());
  if (!file.ok()) {
    const Error& error = file.error();
    return Error{error.code == Code::kUnavailable ? error.code : Code::kCorrupt, error.message};
  }
  COMMRESOLVE_ASSIGN(table, ExactTable::Read(file->bytes(), shard));
  return ExactFile{std::move(file).value(), table};
}

Status WriteExactFile(const std::string& folder, const Shard& shard,
                      std::vector<ExactPosting> postings, const std::vector<uint8_t>& ranks) {
  std::ranges::sort(postings);
  const auto same = std::ranges::unique(postings);  // Terms that share a key.
  postings.erase(same.begin(), same.end());
  return WriteFile(folder, [&](std::ostream& out) {
    ExactTableWriter writer(shard, out);
    for (const ExactPosting& posting : postings) writer.Add(posting);
    writer.Finish(ranks);
  });
}

Status MergeExactFiles(const std::vector<ShardFolder>& parts, const ShardFolder& whole) {
  std::vector<ExactFile> files;
  std::vector<ExactTable> tables;
  files.reserve(parts.size());
  tables.reserve(parts.size());
  for (const ShardFolder& part : parts) {
    auto file = ExactFile::Open(part.path, part.shard);
    if (!file.ok()) return file.error();
    tables.push_back(file->table);
    files.push_back(std::move(file).value());
  }
  return WriteFile(whole.path,
                   [&](std::ostream& out) { MergeExactTables(tables, whole.shard, out); });
}

Status ExactTerms::Add(const ShardFolder& shard, const Xapian::Database& database) {
  auto file = ExactFile::Open(shard.path, shard.shard);
  if (!file.ok()) return file.error();
  members_.push_back({database.get_uuid(), std::move(file).value()});
  return {};
}

size_t ExactTerms::Frequency(const std::string& term) const {
  const ExactKey key = ExactKeyOf(term);
  size_t frequency = 0;
  for (const Member& member : members_) frequency += member.file.table.Find(key).size();
  return frequency;
}

const ExactTable* ExactTerms::Of(const Xapian::Database& database) const {
  const std::string uuid = database.get_uuid();
  const auto member = std::ranges::find(members_, uuid, &Member::uuid);
  return member == members_.end() ? nullptr : &member->file.table;
}

Xapian::Query ExactQuery(std::shared_ptr<const ExactTerms> terms, const std::string& term,
                         double weight, Carrying carrying, bool live) {
  return Xapian::Query(
      (new ExactSource(std::move(terms), term, weight, carrying, live))->release());
}

}  // namespace commresolve::index
