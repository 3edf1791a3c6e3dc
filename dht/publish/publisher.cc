// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From due content to sealed blocks, and from callbacks to outcomes.

#include "dht/publish/publisher.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "dht/publish/pseudonym_sequence.h"

namespace commresolve::dht {
namespace {

/// The few that somebody waits for come first.
constexpr RecordType kInOrder[] = {RecordType::kOwner, RecordType::kRollover,
                                   RecordType::kObservation, RecordType::kPosting};

/// A network that comes and goes must not have everything put each time.
constexpr int64_t kBetweenAllDue = 3'600;

PublishOptions WithRoom(PublishOptions options) {
  options.puts_under_way = std::max<size_t>(options.puts_under_way, 1);
  return options;
}

}  // namespace

/// One content that is being put.
struct Publisher::Job {
  PutOutcome outcome;
  size_t blocks_left = 0;
};

/// What callbacks leave for the next step; shared with them, for they may outlive the publisher.
struct Publisher::Finished {
  /// One block of a job has come to its end.
  void End(Job& job, bool confirmed, size_t replicas) {
    job.outcome.confirmed = job.outcome.confirmed && confirmed;
    job.outcome.replicas = std::min(job.outcome.replicas, replicas);
    if (--job.blocks_left == 0) outcomes.push_back(job.outcome);
  }

  std::mutex lock;  // Guards what follows, and the jobs.
  std::vector<PutOutcome> outcomes;
  size_t under_way = 0;
};

/// One payload of it.
struct Publisher::Block {
  std::shared_ptr<Job> job;
  DhtKey key{};
  std::string payload;
};

Publisher::Publisher(PublishOptions options, Signers signers, PublishQueue& queue, Putter& putter,
                     std::function<void()> wake)
    : options_(WithRoom(options)),
      signers_(std::move(signers)),
      queue_(queue),
      putter_(putter),
      wake_(std::move(wake)),
      finished_(std::make_shared<Finished>()) {}

Publisher::~Publisher() = default;

size_t Publisher::under_way() const {
  const std::scoped_lock guard(finished_->lock);
  return finished_->under_way;
}

Status Publisher::Step(UnixTime now, const NetworkState& network) {
  COMMRESOLVE_TRY(Note(now));
  COMMRESOLVE_TRY(LookAtNetwork(now, network));
  if (!network.connected) {
    Abandon();
    return Note(now);
  }
  COMMRESOLVE_TRY(RenewPseudonym(now));
  PutWaiting();
  if (waiting_.empty()) COMMRESOLVE_TRY(Take(now));
  return Note(now);
}

Status Publisher::Note(UnixTime now) {
  {
    const std::scoped_lock guard(finished_->lock);
    std::ranges::move(finished_->outcomes, std::back_inserter(outcomes_));
    finished_->outcomes.clear();
  }
  if (outcomes_.empty()) return {};
  COMMRESOLVE_TRY(queue_.Record(outcomes_, now));
  for (const PutOutcome& outcome : outcomes_) {
    taken_.erase(outcome.stream);
    ++(outcome.confirmed ? counts_.confirmed : counts_.failed);
  }
  outcomes_.clear();
  return {};
}

Status Publisher::LookAtNetwork(UnixTime now, const NetworkState& network) {
  if (now < last_step_ - kClockSkew) {
    COMMRESOLVE_TRY(queue_.PullBack(now));
    next_all_due_ = 0;
  }
  last_step_ = now;
  if (joins_ != 0 && network.joins > joins_) was_away_ = true;
  joins_ = network.joins;
  if (!was_away_ || now < next_all_due_) return {};
  COMMRESOLVE_TRY(queue_.AllDue(now));
  was_away_ = false;
  next_all_due_ = now + kBetweenAllDue;
  return {};
}

Status Publisher::RenewPseudonym(UnixTime now) {
  if (!options_.postings && !options_.observations) return {};
  if (signers_.secret == decltype(signers_.secret){}) {
    return Error{Code::kInvalidArgument, "publisher: no secret to make pseudonyms of"};
  }
  const int64_t period = now / kPseudonymPeriod;
  if (pseudonym_ && period == period_) return {};
  COMMRESOLVE_ASSIGN(key, PseudonymAt(signers_.secret, now));
  pseudonym_ = std::move(key);
  period_ = period;
  return {};
}

Status Publisher::Take(UnixTime now) {
  for (const RecordType type : kInOrder) {
    if (!options_.Wants(type)) continue;
    while (under_way() < options_.puts_under_way) {
      const size_t room = options_.puts_under_way - under_way();
      COMMRESOLVE_ASSIGN(due, queue_.Due(type, now, room, taken_));
      if (due.empty()) break;
      for (const DueContent& content : due) Seal(content, now);
      PutWaiting();
      // A putter that calls back at once would otherwise be given the whole queue in one step.
      if (taken_.size() >= 2 * options_.puts_under_way) return {};
    }
  }
  return {};
}

bool Publisher::IsAnonymous(const Content& content) const {
  return !content.owner() && !(options_.named && content.type() == RecordType::kObservation);
}

const SigningKey* Publisher::SignerOf(const Content& content) const {
  if (IsAnonymous(content)) return &*pseudonym_;
  const auto owner = content.owner();
  if (!owner) return signers_.observer;
  const SigningKey* const own = signers_.owner ? signers_.owner(*owner) : nullptr;
  // Nobody hears a rollover that another key signed.
  if (own != nullptr || content.type() != RecordType::kOwner || !signers_.publishing) return own;
  return signers_.publishing(*owner);
}

void Publisher::Fail(const DueContent& due, const std::string& problem) {
  counts_.last_problem = problem;
  outcomes_.push_back({due.content.stream(), due.sequence, false, 0, 0});
}

Result<Header> Publisher::HeaderOf(const DueContent& due, UnixTime now) const {
  const Stream stream = due.content.stream();
  const UnixTime expires = ExpiryAt(stream.type, now);
  if (!IsAnonymous(due.content)) return Header{due.sequence, expires};
  COMMRESOLVE_ASSIGN(sequence, PseudonymSequence(signers_.secret, stream, due.sequence, now));
  return Header{sequence, expires};
}

void Publisher::Seal(const DueContent& due, UnixTime now) {
  taken_.insert(due.content.stream());
  const SigningKey* signer = SignerOf(due.content);
  if (signer == nullptr) {
    Fail(due, std::string(KindOf(due.content.type()).name) + ": its key is not at hand");
    return;
  }
  const auto header = HeaderOf(due, now);
  auto payloads = header.ok() ? due.content.Seal(*header, *signer)
                              : Result<std::vector<std::string>>(header.error());
  if (!payloads.ok()) {
    Fail(due, payloads.error().message);
    return;
  }
  const auto job = std::make_shared<Job>();
  job->outcome = {due.content.stream(), due.sequence, true, SIZE_MAX, header->expires};
  job->blocks_left = payloads->size();
  for (std::string& payload : *payloads) {
    waiting_.push_back({job, due.content.key(), std::move(payload)});
  }
}

void Publisher::PutWaiting() {
  while (!waiting_.empty()) {
    {
      const std::scoped_lock guard(finished_->lock);
      if (finished_->under_way >= options_.puts_under_way) return;
      ++finished_->under_way;
    }
    const Block block = std::move(waiting_.front());
    waiting_.pop_front();
    ++counts_.records;
    const auto type = static_cast<uint16_t>(block.job->outcome.stream.type);
    const auto done = [job = block.job, finished = finished_, wake = wake_](bool confirmed,
                                                                            size_t replicas) {
      {
        const std::scoped_lock guard(finished->lock);
        --finished->under_way;
        finished->End(*job, confirmed, replicas);
      }
      if (wake) wake();
    };
    putter_.Put(block.key, type, {block.payload.begin(), block.payload.end()}, done);
  }
}

void Publisher::Abandon() {
  const std::scoped_lock guard(finished_->lock);
  for (const Block& block : waiting_) finished_->End(*block.job, false, 0);
  waiting_.clear();
}

}  // namespace commresolve::dht
