// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Batches into the ledger without chain checks, which would only fail.

#include "tests/bench/synthetic_store.h"

#include <algorithm>

#include "index/certificate/certificate.h"
#include "index/indexer.h"
#include "tests/bench/bench.h"

namespace commresolve::bench {
namespace {

constexpr uint64_t kBatch = 10'000;

}  // namespace

index::Observation ObservationOf(const SyntheticCertificate& made) {
  return {{made.der}, made.endpoint, std::min(kNow, made.not_after), "import", false, ""};
}

std::map<CertId, uint64_t> Fill(index::Store& store, const Generator& generator, uint64_t count) {
  std::map<CertId, uint64_t> numbers;
  for (uint64_t begin = 0; begin < count; begin += kBatch) {
    const auto batch = Need(store.ledger().Begin());
    for (uint64_t i = begin; i < std::min(count, begin + kBatch); ++i) {
      const SyntheticCertificate made = generator.Make(i);
      const index::ParsedCertificate parsed = Need(index::ParseInBulk(made.der));
      const index::Observation observation = ObservationOf(made);
      const Kind kind = made.identity.kind;
      const bool valid = kind != Kind::kDevice && kind != Kind::kPerson;
      const PublicChain chain{valid, observation.time, valid ? "" : "synthetic"};
      Need(batch->Add(observation, parsed, &chain));
      numbers.emplace(parsed.facts.id, i);
    }
    Need(batch->Commit());
  }
  Need(index::CatchUpIndex(store, {}));
  return numbers;
}

}  // namespace commresolve::bench
