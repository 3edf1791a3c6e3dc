// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// FakeSharing: notes what it is told and answers with what a test has set.

#ifndef COMMRESOLVE_TESTS_GRPC_SERVICE_FAKE_SHARING_H_
#define COMMRESOLVE_TESTS_GRPC_SERVICE_FAKE_SHARING_H_

#include <functional>
#include <mutex>
#include <thread>

#include "grpc/sharing/sharing.h"

namespace commresolve::fakes {

class FakeSharing final : public daemon::Sharing {
 public:
  Status Join(const std::vector<std::string>& bootstrap) override {
    const std::scoped_lock guard(lock_);
    if (refusal) return *refusal;
    answer.membership.joined = true;
    answer.membership.bootstrap = bootstrap;
    return {};
  }
  Status Leave() override {
    const std::scoped_lock guard(lock_);
    if (refusal) return *refusal;
    answer.membership.joined = false;
    return {};
  }
  [[nodiscard]] daemon::SharingStatus status() const override {
    const std::scoped_lock guard(lock_);
    return answer;
  }
  Result<daemon::PublishReport> Publish(const daemon::PublishChoice& choice,
                                        const std::atomic<bool>* stop) override {
    if (wait_for_stop) return Wait(stop);
    const std::scoped_lock guard(lock_);
    if (refusal) return *refusal;
    told_choice = choice;
    return report;
  }
  Result<daemon::Announcement> Announce(const daemon::Announcement& announcement) override {
    const std::scoped_lock guard(lock_);
    if (refusal) return *refusal;
    told = announcement;
    daemon::Announcement announced = announcement;
    announced.key = key;
    return announced;
  }
  Result<std::string> PublishingKeyText() override {
    const std::scoped_lock guard(lock_);
    if (refusal) return *refusal;
    return answer.publishing_key;
  }
  Status Withdraw(const KeyId& withdrawn) override {
    const std::scoped_lock guard(lock_);
    if (withdrawn == key) return {};
    return Error{Code::kNotFound, "this key is not announced", "see what is"};
  }
  Result<daemon::RolloverStatement> AnnounceRollover(
      const daemon::RolloverStatement& statement) override {
    const std::scoped_lock guard(lock_);
    if (refusal) return *refusal;
    told_rollover = statement;
    daemon::RolloverStatement said = statement;
    said.key = key;
    return said;
  }
  Status WithdrawRollover(const KeyId& withdrawn) override {
    const std::scoped_lock guard(lock_);
    if (withdrawn == key) return {};
    return Error{Code::kNotFound, "nothing is said of this key", "see what is"};
  }
  Result<daemon::LookupSummary> Lookup(const std::string& text, const daemon::LookupSink& sink,
                                       const std::atomic<bool>* stop) override {
    const std::scoped_lock guard(lock_);
    ++lookups;
    if (refusal) return *refusal;
    told_text = text;
    if (on_lookup) on_lookup();
    for (const daemon::LookupRow& row : rows) {
      if (!sink(row)) break;
    }
    if (wait_for_stop) return Wait(stop);
    return summary;
  }

  daemon::SharingStatus answer;
  daemon::PublishReport report;
  std::vector<daemon::LookupRow> rows;
  daemon::LookupSummary summary;
  KeyId key;
  std::function<void()> on_lookup;
  std::optional<Error> refusal;
  std::atomic<bool> wait_for_stop = false;  ///< Publish and Lookup end only if they are stopped.
  std::atomic<bool> stopped = false;        ///< One of them was.
  std::atomic<int> lookups = 0;             ///< That were asked for.

  daemon::PublishChoice told_choice;
  daemon::Announcement told;
  daemon::RolloverStatement told_rollover;
  std::string told_text;

 private:
  Error Wait(const std::atomic<bool>* stop) {
    while (!*stop) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    stopped = true;
    return {Code::kInterrupted, "stopped"};
  }

  mutable std::mutex lock_;
};

}  // namespace commresolve::fakes

#endif  // COMMRESOLVE_TESTS_GRPC_SERVICE_FAKE_SHARING_H_
