// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an import is compared with: the terms alone, the plainest inverter, and FTS5.

#include <algorithm>

#include "index/certificate/certificate.h"
#include "index/search/terms.h"
#include "tests/bench/bench.h"
#include "tests/bench/inverter.h"
#include "tests/bench/million.h"

namespace commresolve::bench {
namespace {

constexpr uint64_t kBlock = 1'000;

/// What one certificate alone would be as a listing.
index::Listing ListingOf(const SyntheticCertificate& made, uint64_t number) {
  index::Listing listing;
  listing.id = static_cast<index::ListingId>(number + 1);
  for (index::FieldText& field : Need(index::ParseInBulk(made.der)).fields) {
    if (field.field == Field::kIssuer) {
      listing.issuers.insert(field.text);
    } else {
      listing.fields.push_back(std::move(field));
    }
  }
  if (made.endpoint) {
    listing.ports.insert(made.endpoint->port);
    listing.protocols.insert(made.endpoint->protocol);
  }
  return listing;
}

/// Terms and an inverted index of listings, each with its time.
class Ruler {
 public:
  /// The terms of `listings`, for the caller to use as well.
  std::vector<std::vector<index::Term>> Take(const std::vector<index::Listing>& listings) {
    std::vector<std::vector<index::Term>> terms;
    terms.reserve(listings.size());
    tokenise_.Begin();
    for (const index::Listing& listing : listings) terms.push_back(index::TermsOf(listing));
    tokenise_.End();
    invert_.Begin();
    for (size_t i = 0; i < listings.size(); ++i) {
      for (const index::Term& term : terms[i]) inverter_.Add(listings[i].id, term.text);
    }
    invert_.End();
    for (const auto& some : terms) terms_ += static_cast<double>(some.size());
    listings_ += static_cast<double>(listings.size());
    return terms;
  }

  [[nodiscard]] TokenCost Each() const {
    return {terms_ / listings_, tokenise_.cpu() / listings_, invert_.cpu() / listings_,
            static_cast<double>(inverter_.bytes()) / listings_};
  }

 private:
  Stopwatch tokenise_;
  Stopwatch invert_;
  Inverter inverter_;
  double listings_ = 0;
  double terms_ = 0;
};

void ReportCost(const TokenCost& cost, const std::string& each) {
  Report("terms, " + each, cost.terms, "");
  Report("tokenise, " + each, cost.tokenise * 1e6, "us");
  Report("invert in memory, " + each, cost.invert * 1e6, "us");
  Report("bytes of the inverter, " + each, cost.bytes, "bytes");
}

/// Terms may hold any byte. FTS5 takes all but NUL, and a line end ends a term here.
std::string Lines(const std::vector<index::Term>& terms) {
  constexpr char kEscape = '\x01';
  std::string lines;
  for (const index::Term& term : terms) {
    for (const char c : term.text) {
      if (c == '\0' || c == '\n' || c == kEscape) lines += kEscape;
      lines += c == '\0' ? '0' : c == '\n' ? 'n' : c;
    }
    lines += '\n';
  }
  return lines;
}

}  // namespace

TokenCost MeasureTokens(const Million& million) {
  Ruler ruler;
  for (uint64_t begin = 0; begin < million.count; begin += kBlock) {
    std::vector<index::Listing> listings;
    for (uint64_t i = begin; i < std::min(million.count, begin + kBlock); ++i) {
      listings.push_back(ListingOf(million.generator.Make(i), i));
    }
    ruler.Take(listings);
  }
  return ruler.Each();
}

void ReportTokens(const std::vector<TokenCost>& costs, double import_cpu) {
  TokenCost mean;
  for (const TokenCost& some : costs) {
    const auto share = 1 / static_cast<double>(costs.size());
    mean.terms += some.terms * share;
    mean.tokenise += some.tokenise * share;
    mean.invert += some.invert * share;
    mean.bytes += some.bytes * share;
    Report("tokenise and invert, one time", (some.tokenise + some.invert) * 1e6, "us");
  }
  ReportCost(mean, "each certificate");
  Report("import CPU / (tokenise and invert)", import_cpu / (mean.tokenise + mean.invert), "x",
         Maximum(2));
}

void MeasureListings(Million& million) {
  million.fts5 = std::make_unique<Fts5>(million.folder + "/fts5.db");
  Ruler ruler;
  Stopwatch fts5;
  std::vector<index::Listing> listings;
  uint64_t count = 0;
  const auto flush = [&] {
    const auto terms = ruler.Take(listings);
    std::vector<std::string> texts;
    texts.reserve(terms.size());
    for (const auto& some : terms) texts.push_back(Lines(some));
    fts5.Begin();
    for (size_t i = 0; i < listings.size(); ++i) million.fts5->Add(listings[i].id, texts[i]);
    fts5.End();
    count += listings.size();
    listings.clear();
  };
  const index::Ledger& ledger = million.store->ledger();
  const uint64_t last = Need(ledger.Counts()).listings;
  for (uint64_t id = 1; id <= last; ++id) {
    auto listing = Need(ledger.GetListing(static_cast<index::ListingId>(id)));
    if (listing) listings.push_back(*std::move(listing));
    if (listings.size() >= kBlock) flush();
  }
  flush();
  fts5.Begin();
  million.fts5->Finish();
  fts5.End();
  ReportCost(ruler.Each(), "each listing");
  const auto all = static_cast<double>(count);
  Report("SQLite FTS5, same terms, each listing", fts5.cpu() / all * 1e6, "us");
  Report("bytes of FTS5, each listing", static_cast<double>(million.fts5->bytes()) / all, "bytes");
  Report("bytes of FTS5, each certificate",
         static_cast<double>(million.fts5->bytes()) / static_cast<double>(million.count), "bytes");
}

}  // namespace commresolve::bench
