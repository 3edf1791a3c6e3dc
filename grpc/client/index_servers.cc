// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One streaming call for each server, on gRPC's threads, and one thread that waits for all.

#include "grpc/client/index_servers.h"

#include <grpcpp/grpcpp.h>

#include <array>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <optional>
#include <unordered_set>

#include "commresolve/v1/resolver_service.grpc.pb.h"
#include "grpc/service/unpack.h"
#include "resolver/endpoint.h"

namespace commresolve::daemon {
namespace {

constexpr int kMostMessageBytes = 256 << 10;
constexpr size_t kMostAnswerBytes = size_t{8} << 20;
constexpr int kFirstPauseMs = 100;  // Between attempts to connect.
constexpr int kLongestPauseMs = 1'000;
constexpr int kConnectMs = 10'000;
constexpr int kKeepaliveMs = 10'000;

/// A server of the settings, and the way to it.
struct Peer {
  std::string name;
  std::shared_ptr<std::atomic<Meeting>> meeting = std::make_shared<std::atomic<Meeting>>();
  std::unique_ptr<proto::ResolverService::Stub> stub = {};
};

/// How many answers of one question are still to come.
struct Round {
  std::mutex lock;
  std::condition_variable answered;
  size_t open = 0;
};

std::string TargetOf(const std::string& address) {
  if (address.starts_with('/')) return "unix:" + address;
  const auto where = ParseHostPort(address);
  const std::string port = ":" + std::to_string(where->port);
  const bool v6 = where->host.find(':') != std::string::npos;
  return v6 ? "ipv6:%5B" + where->host + "%5D" + port : "ipv4:" + where->host + port;
}

/// Why there was no connection, if the operating system told it; gRPC writes it into a text. (One
/// that was reset says nothing: TLS is refused so too.)
std::string CauseOf(const std::string& message) {
  constexpr std::array kCauses = {ECONNREFUSED, EHOSTUNREACH, ENETUNREACH,
                                  ETIMEDOUT,    ENOENT,       EACCES};
  for (const int cause : kCauses) {
    std::string text = std::strerror(cause);
    if (message.find(text) == std::string::npos) continue;
    text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
    return text;
  }
  return "";
}

Error Unreachable(const grpc::Status& status, Meeting meeting) {
  const std::string cause = CauseOf(status.error_message());
  if (cause.empty() && meeting == Meeting::kWrongKey) {
    return {Code::kUntrusted, "it proved another key than the settings name",
            "ask its owner for the key, and do not take it from the server itself"};
  }
  if (cause.empty() && meeting == Meeting::kRightKey) {
    return {Code::kUntrusted, "it closed the connection after it had proved its key",
            "see that its grpc_client_ca holds who issued index_client_certificate"};
  }
  return {Code::kUnavailable, cause.empty() ? "the connection broke" : cause,
          "see that it runs and can be reached"};
}

Error OtherVersion() {
  return {Code::kCorrupt, "it is of another version, too old for this one",
          "run the same version of commresolved there and here"};
}

/// In our own words: those of the server are not to be trusted.
Error ErrorOf(const grpc::Status& status, Meeting meeting) {
  switch (status.error_code()) {
    case grpc::StatusCode::CANCELLED:
      return {Code::kInterrupted, "this daemon is stopping"};
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return {Code::kDeadlineExceeded, "no answer in time", "see index_timeout"};
    case grpc::StatusCode::UNAVAILABLE:
      return Unreachable(status, meeting);
    case grpc::StatusCode::PERMISSION_DENIED:
    case grpc::StatusCode::UNAUTHENTICATED:
      return {Code::kUntrusted, "it refuses to answer", "ask its owner"};
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      // Of this side of the connection: a message, or what comes with it.
      if (status.error_message().find("larger than max") != std::string::npos ||
          status.error_message().find("metadata") != std::string::npos) {
        return {Code::kCorrupt, "it sent more than a row may have", "ask its owner"};
      }
      return {Code::kBusy, "it has too many questions at once", "try again in a moment"};
    case grpc::StatusCode::UNIMPLEMENTED:
    case grpc::StatusCode::INVALID_ARGUMENT:
      return OtherVersion();
    case grpc::StatusCode::DATA_LOSS:
      return {Code::kCorrupt, "its index is damaged", "ask its owner"};
    default:
      return {Code::kUnavailable, "it failed", "see its log"};
  }
}

/// One question to one server. Deletes nothing; lives until its round is over.
class Question final : public grpc::ClientReadReactor<proto::SearchResponse> {
 public:
  Question(Peer& peer, const proto::SearchRequest& request, Deadline deadline,
           std::shared_ptr<Round> round)
      : peer_(peer), request_(request), round_(std::move(round)) {
    const auto left = TimeLeft(deadline, std::chrono::minutes(1));
    context_.set_deadline(std::chrono::system_clock::now() + left);
    peer.stub->async()->Search(&context_, &request_, this);
  }
  /// From here on it may end at any time.
  void Start() {
    StartRead(&response_);
    StartCall();
  }
  /// Any time before its end.
  void Cancel() { context_.TryCancel(); }
  /// After its end.
  IndexServerAnswer TakeAnswer() {
    if (problem_) return {peer_.name, *problem_};
    return {peer_.name, std::move(found_)};
  }

  void OnReadDone(bool ok) override {
    if (!ok) return;
    *peer_.meeting = Meeting::kAnswered;
    if (const Status taken = Take(); taken.ok()) {
      StartRead(&response_);
    } else {
      problem_ = taken.error();
      context_.TryCancel();
    }
  }
  void OnDone(const grpc::Status& status) override {
    // Nothing indexed yet is nothing found.
    const bool empty = status.error_code() == grpc::StatusCode::NOT_FOUND;
    if (!problem_ && !status.ok() && !empty) problem_ = ErrorOf(status, *peer_.meeting);
    // gRPC ends the stream at a message that it cannot read, and says nothing.
    if (!problem_ && !empty && !has_summary_) problem_ = Unlike();
    // The round outlives its questions.
    const std::shared_ptr<Round> round = round_;
    const std::scoped_lock guard(round->lock);
    --round->open;
    round->answered.notify_all();
  }

 private:
  Status Take() {
    bytes_ += response_.ByteSizeLong();
    if (bytes_ > kMostAnswerBytes) return TooMuch();
    if (response_.has_summary()) {
      if (!found_.rows.empty()) return Unlike();
      found_ = Unpack(response_.summary()).found;
      has_summary_ = true;
      return {};
    }
    if (!response_.result().has_score()) return OtherVersion();
    auto row = Unpack(response_.result());
    if (!row.ok()) return Unlike();
    if (found_.rows.size() == request_.limit()) return TooMuch();
    found_.rows.push_back(std::move(*row));
    return {};
  }
  static Error Unlike() {
    return {Code::kCorrupt, "it sent an answer that cannot be read", "ask its owner"};
  }
  static Error TooMuch() {
    return {Code::kCorrupt, "it sent more than it was asked for", "ask its owner"};
  }

  Peer& peer_;
  const proto::SearchRequest request_;
  const std::shared_ptr<Round> round_;
  grpc::ClientContext context_;
  proto::SearchResponse response_;
  size_t bytes_ = 0;
  bool has_summary_ = false;
  index::SearchRows found_;
  std::optional<Error> problem_;
};

class GrpcIndexServers final : public IndexServers {
 public:
  GrpcIndexServers(const std::vector<IndexServer>& servers, const ClientIdentity& identity) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kFirstPauseMs);
    arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kConnectMs);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kLongestPauseMs);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveMs);
    arguments.SetMaxReceiveMessageSize(kMostMessageBytes);
    // The limit counts compressed bytes, which may become a thousand times as many.
    arguments.SetInt(GRPC_ARG_ENABLE_PER_MESSAGE_DECOMPRESSION, 0);
    peers_.reserve(servers.size());
    for (const IndexServer& server : servers) {
      Peer peer{.name = server.name};
      const auto credentials = server.key
                                   ? PinnedKeyCredentials(*server.key, identity, peer.meeting)
                                   : grpc::InsecureChannelCredentials();
      peer.stub = proto::ResolverService::NewStub(
          grpc::CreateCustomChannel(TargetOf(server.address), credentials, arguments));
      peers_.push_back(std::move(peer));
    }
  }

  std::vector<IndexServerAnswer> Ask(const std::string& query, size_t count, Deadline deadline,
                                     const std::function<void()>& meanwhile) override {
    proto::SearchRequest request;
    request.set_query(query);
    request.set_limit(static_cast<uint32_t>(count));
    request.set_own_index(true);
    const auto round = std::make_shared<Round>();
    round->open = peers_.size();
    std::vector<std::unique_ptr<Question>> questions;
    questions.reserve(peers_.size());
    for (Peer& peer : peers_) {
      questions.push_back(std::make_unique<Question>(peer, request, deadline, round));
    }
    Begin(questions);
    meanwhile();
    {
      std::unique_lock guard(round->lock);
      round->answered.wait(guard, [&round] { return round->open == 0; });
    }
    Forget(questions);
    std::vector<IndexServerAnswer> answers;
    answers.reserve(questions.size());
    for (const auto& question : questions) answers.push_back(question->TakeAnswer());
    return answers;
  }

  void End() override {
    const std::scoped_lock guard(lock_);
    ended_ = true;
    for (Question* question : open_) question->Cancel();
  }

 private:
  using Questions = std::vector<std::unique_ptr<Question>>;

  void Begin(const Questions& questions) {
    const std::scoped_lock guard(lock_);
    for (const auto& question : questions) {
      open_.insert(question.get());
      question->Start();
      if (ended_) question->Cancel();
    }
  }
  void Forget(const Questions& questions) {
    const std::scoped_lock guard(lock_);
    for (const auto& question : questions) open_.erase(question.get());
  }

  std::vector<Peer> peers_;
  std::mutex lock_;  // Guards what follows.
  std::unordered_set<Question*> open_;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<IndexServers> ReachIndexServers(const std::vector<IndexServer>& servers,
                                                const ClientIdentity& identity) {
  return std::make_unique<GrpcIndexServers>(servers, identity);
}

}  // namespace commresolve::daemon
