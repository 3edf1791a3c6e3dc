// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Asking at once, judging what came back, merging.

#include "grpc/engine/wide_search.h"

#include <algorithm>

#include "grpc/engine/claim.h"
#include "grpc/engine/merge_parts.h"
#include "index/search/query.h"

namespace commresolve::daemon {
namespace {

constexpr size_t kMostQueryShown = 4'096;  // A corrected query can be longer than the one typed.

RankedRows AsClaims(const std::string& index_server, index::SearchRows found,
                    const KnownCerts& known) {
  RankedRows claims{std::move(found), {}};
  if (claims.found.did_you_mean.size() > kMostQueryShown) claims.found.did_you_mean.clear();
  claims.standings.reserve(claims.found.rows.size());
  for (index::SearchRow& row : claims.found.rows) {
    MakeClaim(index_server, row);
    // Names that nobody has checked must not stand beside the tier of a bound key.
    const bool revoked = StandingOf(row.best, known, 0, 0).revoked;
    claims.standings.push_back({Tier::kClaimed, revoked, {}});
  }
  return claims;
}

}  // namespace

Result<RankedRows> WideSearch::Search(const std::string& query, size_t offset, size_t limit,
                                      Deadline deadline) {
  // What cannot be read is told to nobody.
  if (const auto parsed = index::ParseQuery(query); !parsed.ok()) return parsed.error();
  COMMRESOLVE_ASSIGN(known, engine_.known_certs());
  const size_t count = offset + limit;
  const auto patience = std::min(TimeLeft(deadline, engine_.config()->index_timeout * 10) * 9 / 10,
                                 std::chrono::milliseconds(engine_.config()->index_timeout));
  Result<RankedRows> own = RankedRows();
  auto answers = servers_->Ask(query, std::min(count, kMaxRowsOfServer),
                               std::chrono::steady_clock::now() + patience,
                               [&] { own = engine_.Search(query, 0, count, deadline); });
  if (!own.ok() && own.error().code != Code::kNotFound) return own.error();
  std::vector<RankedRows> parts;
  parts.reserve(answers.size() + 1);
  parts.push_back(own.ok() ? std::move(*own) : RankedRows());
  std::vector<MissingPart> missing;
  for (IndexServerAnswer& answer : answers) {
    if (!answer.found.ok()) {
      missing.push_back({answer.index_server, answer.found.error()});
      continue;
    }
    if (count >= kMaxRowsOfServer) answer.found->more = false;
    parts.push_back(AsClaims(answer.index_server, std::move(*answer.found), *known));
  }
  RankedRows merged = MergeParts(std::move(parts), offset, limit);
  merged.missing = std::move(missing);
  return merged;
}

Result<std::vector<index::CountedWord>> WideSearch::Complete(const std::string& beginning,
                                                             size_t limit, Deadline deadline) {
  return engine_.Complete(beginning, limit, deadline);
}

}  // namespace commresolve::daemon
