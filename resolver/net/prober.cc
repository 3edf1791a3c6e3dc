// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ProbeAll and Race on top of AttemptSet.

#include "resolver/net/prober.h"

#include <algorithm>

#include "resolver/net/attempt_set.h"
#include "resolver/net/polite_queue.h"

namespace commresolve {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// RFC 8305 5: Connection Attempt Delay.
constexpr milliseconds kRaceDelay{250};
/// How often a stop flag is looked at while nothing happens.
constexpr milliseconds kStopInterval{100};
constexpr size_t kMostAtOnce = 10'000;

size_t AtOnce(const ProbeOptions& options) {
  return std::clamp<size_t>(options.at_once, 1, kMostAtOnce);
}

/// What is reported if an attempt could not even start.
Error NotStarted(Error error) {
  if (error.code == Code::kBusy) error.code = Code::kUnavailable;
  return error;
}

size_t PerAddress(const ProbeOptions& options) { return std::max<size_t>(options.per_address, 1); }

/// One race. Endpoints are known by their place in the list.
class RaceRun {
 public:
  RaceRun(const std::vector<Endpoint>& endpoints, AttemptSet& attempts, const ProbeOptions& options)
      : endpoints_(endpoints),
        attempts_(attempts),
        at_once_(AtOnce(options)),
        per_address_(PerAddress(options)) {}

  RaceResult Run(const AcceptHandshake& accept) {
    for (;;) {
      StartDue();
      if (attempts_.empty() && next_ == endpoints_.size()) return std::move(result_);
      const bool more = next_ < endpoints_.size();
      for (AttemptSet::Finished& finished :
           attempts_.Wait(more && MayStart() ? next_start_ : steady_clock::now() + kRaceDelay)) {
        if (finished.handshake.ok() && !result_.winner && accept(*finished.handshake)) {
          result_.winner = RaceWinner{*finished.handshake, finished.attempt->Release()};
          continue;
        }
        if (finished.handshake.ok()) finished.attempt->Close();
        Lose(finished.id, std::move(finished.handshake));
      }
      if (!result_.winner) continue;
      for (const size_t id : attempts_.UnderWay()) {
        Lose(id, Error{Code::kInterrupted, "given up, another endpoint was faster"}.Within(
                     endpoints_[id].ToString()));
      }
      return std::move(result_);
    }
  }

 private:
  /// True if the next endpoint would not be one too many, in all or at its address.
  [[nodiscard]] bool MayStart() const {
    const std::vector<size_t> ids = attempts_.UnderWay();
    const auto at_address = std::ranges::count_if(
        ids, [&](size_t id) { return endpoints_[id].ip == endpoints_[next_].ip; });
    return ids.size() < at_once_ && static_cast<size_t>(at_address) < per_address_;
  }

  void StartDue() {
    while (next_ < endpoints_.size() && MayStart() &&
           (attempts_.empty() || steady_clock::now() >= next_start_)) {
      const size_t id = next_++;
      const Status started = attempts_.Start(id, endpoints_[id]);
      if (!started.ok()) {
        Lose(id, NotStarted(started.error()));
        continue;
      }
      next_start_ = steady_clock::now() + kRaceDelay;
    }
  }

  void Lose(size_t id, Result<Handshake> outcome) {
    result_.losers.push_back({endpoints_[id], std::move(outcome)});
  }

  const std::vector<Endpoint>& endpoints_;
  AttemptSet& attempts_;
  size_t at_once_;
  size_t per_address_;
  size_t next_ = 0;
  SteadyTime next_start_;
  RaceResult result_;
};

}  // namespace

struct Prober::Impl {
  const Clock& clock;
  SslCtxPtr context;
};

Prober::Prober(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Prober::~Prober() = default;

Result<std::unique_ptr<Prober>> Prober::Make(const Clock& clock) {
  SslCtxPtr context = MakeProbeContext();
  if (context == nullptr) {
    return Error{Code::kInternal, "OpenSSL cannot start: " + TakeOpensslError()};
  }
  return std::unique_ptr<Prober>(
      new Prober(std::make_unique<Impl>(Impl{clock, std::move(context)})));
}

void Prober::ProbeAll(const std::vector<Endpoint>& endpoints, const ProbeOptions& options,
                      const std::function<void(ProbeOutcome)>& done,
                      const std::atomic<bool>* stop) {
  AttemptSet attempts(impl_->context.get(), impl_->clock, options.deadline);
  PoliteQueue queue(endpoints, PerAddress(options));
  size_t at_once = AtOnce(options);
  const auto report = [&](size_t id, Result<Handshake> outcome) {
    queue.Release(id);
    done({endpoints[id], std::move(outcome)});
  };
  for (;;) {
    if (stop != nullptr && stop->load(std::memory_order_relaxed)) return;
    while (attempts.size() < at_once) {
      const std::optional<size_t> id = queue.Next();
      if (!id) break;
      const Status started = attempts.Start(*id, endpoints[*id]);
      if (started.ok()) continue;
      if (started.error().code == Code::kBusy && !attempts.empty()) {
        // The process is out of descriptors: go on with as many as it has.
        queue.Return(*id);
        at_once = attempts.size();
      } else {
        report(*id, NotStarted(started.error()));
      }
    }
    if (attempts.empty()) return;
    for (AttemptSet::Finished& finished : attempts.Wait(steady_clock::now() + kStopInterval)) {
      if (finished.handshake.ok()) finished.attempt->Close();
      report(finished.id, std::move(finished.handshake));
    }
  }
}

RaceResult Prober::Race(const std::vector<Endpoint>& endpoints, const ProbeOptions& options,
                        const AcceptHandshake& accept) {
  AttemptSet attempts(impl_->context.get(), impl_->clock, options.deadline);
  return RaceRun(endpoints, attempts, options).Run(accept);
}

}  // namespace commresolve
