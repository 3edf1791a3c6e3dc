// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Cutting patience to what is left.

#include "grpc/engine/deadline.h"

#include <algorithm>

namespace commresolve::daemon {

std::chrono::milliseconds TimeLeft(Deadline deadline, std::chrono::milliseconds limit) {
  if (deadline == Deadline::max()) return limit;
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      deadline - std::chrono::steady_clock::now());
  return std::clamp(left, std::chrono::milliseconds(0), limit);
}

RaceResult DeadlineTransport::Race(const std::vector<Endpoint>& endpoints,
                                   const ProbeOptions& options, const AcceptHandshake& accept) {
  ProbeOptions shorter = options;
  shorter.deadline = TimeLeft(deadline_, options.deadline);
  if (shorter.deadline.count() > 0) return transport_.Race(endpoints, shorter, accept);
  RaceResult result;
  result.losers.reserve(endpoints.size());
  for (const Endpoint& endpoint : endpoints) {
    result.losers.push_back(
        {endpoint, Error{Code::kDeadlineExceeded,
                         endpoint.ToString() + " was not asked: the caller's time was over",
                         "allow more time"}});
  }
  return result;
}

std::vector<LookupAnswer> DeadlineLookup::Lookup(const std::vector<LookupQuestion>& questions,
                                                 std::chrono::milliseconds patience) {
  const auto shorter = TimeLeft(deadline_, patience);
  if (shorter.count() > 0) return lookup_.Lookup(questions, shorter);
  std::vector<LookupAnswer> answers;
  answers.reserve(questions.size());
  for (const LookupQuestion& question : questions) {
    answers.push_back({question, {}, "not asked: the caller's time was over"});
  }
  return answers;
}

}  // namespace commresolve::daemon
