// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A bounded queue and a few workers.

#include "grpc/daemon/nss_answerer.h"

#include "resolver/keyword/typed_name.h"

namespace commresolve::daemon {
namespace {

constexpr size_t kWorkers = 8;
constexpr size_t kMaxWaiting = 256;

}  // namespace

NssAnswerer::NssAnswerer(Engine& engine) : engine_(engine) {
  for (size_t i = 0; i < kWorkers; ++i) workers_.emplace_back([this] { Work(); });
}

NssAnswerer::~NssAnswerer() {
  {
    const std::scoped_lock guard(lock_);
    stop_ = true;
  }
  arrived_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void NssAnswerer::Take(NssQuestion question, NssReplier replier) {
  {
    const std::scoped_lock guard(lock_);
    if (stop_ || waiting_.size() >= kMaxWaiting) return;
    waiting_.emplace_back(std::move(question), std::move(replier));
  }
  arrived_.notify_one();
}

void NssAnswerer::Work() {
  std::unique_lock guard(lock_);
  for (;;) {
    arrived_.wait(guard, [this] { return stop_ || !waiting_.empty(); });
    if (stop_) return;
    Asked asked = std::move(waiting_.front());
    waiting_.pop_front();
    guard.unlock();
    // Nobody waits for it any more, and the next question will ask again.
    if (std::chrono::steady_clock::now() < asked.first.deadline) {
      asked.second.Answer(AnswerTo(asked.first.name));
    }
    guard.lock();
  }
}

NssAnswer NssAnswerer::AnswerTo(const std::string& name) {
  const auto config = engine_.config();
  const auto typed = ParseTypedName(name, config->resolver.suffix);
  if (!typed.ok()) return {NssStatus::kNoSuchName, {}};
  const auto known = engine_.known_certs();
  if (!known.ok()) return {NssStatus::kTryAgain, {}};
  if (const auto* words = std::get_if<KeywordSet>(&*typed)) {
    if (!(*known)->Find(*words)) return {NssStatus::kNoSuchName, {}};
  } else if (const auto* key = std::get_if<KeyId>(&*typed)) {
    const auto candidate = engine_.FindKey(*key);
    if (!candidate.ok()) return {NssStatus::kTryAgain, {}};
    if (!*candidate) return {NssStatus::kNoSuchName, {}};
  } else {
    return {NssStatus::kNoSuchName, {}};
  }
  const Resolution resolution = engine_.Resolve({.name = *typed, .protocol = {}}, Deadline::max());
  if (!resolution.answer) return {NssStatus::kTryAgain, {}};
  SnapshotRecord record;
  record.name = name;
  record.addresses = {resolution.answer->endpoint.ip};
  record.proved_until = resolution.answer->proved_at + config->resolver.max_age;
  return {NssStatus::kFound, std::move(record)};
}

}  // namespace commresolve::daemon
