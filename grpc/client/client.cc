// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One gRPC call for each question.

#include "grpc/client/client.h"

#include <grpcpp/grpcpp.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "commresolve/v1/keeper_service.grpc.pb.h"
#include "commresolve/v1/resolver_service.grpc.pb.h"
#include "grpc/client/call.h"
#include "grpc/client/search.h"
#include "grpc/service/unpack.h"
#include "resolver/base/unique_fd.h"

namespace commresolve::daemon {
namespace {

constexpr std::chrono::seconds kConnectPatience{2};
constexpr int kKeepaliveMs = 10'000;
constexpr size_t kServersInOneCall = 10'000;

std::string NameOf(const TypedName& name, const std::string& suffix) {
  if (const auto* words = std::get_if<KeywordSet>(&name)) return words->ToString();
  if (const auto* key = std::get_if<KeyId>(&name)) return NameOfKey(*key, suffix);
  return std::get<DnsName>(name).host;
}

proto::Prove ToProto(Prove prove) {
  switch (prove) {
    case Prove::kAlways:
      return proto::PROVE_ALWAYS;
    case Prove::kMaxAge:
      return proto::PROVE_MAX_AGE;
    case Prove::kNever:
      return proto::PROVE_NEVER;
  }
  return proto::PROVE_UNSPECIFIED;
}

/// What ResolveRequest and WhyRequest share.
template <class Message>
Message MessageOf(const ResolveRequest& request, const std::string& suffix) {
  Message message;
  message.set_name(NameOf(request.name, suffix));
  message.set_port(request.port);
  message.set_prove(ToProto(request.prove));
  if (request.protocol) message.set_protocol(daemon::ToProto(*request.protocol));
  return message;
}

std::string ServerText(const index::ObserveTarget& target) {
  const bool v6 = target.host.find(':') != std::string::npos;
  std::string text = v6 ? "[" + target.host + "]" : target.host;
  if (target.port != 0) text += ":" + std::to_string(target.port);
  return text;
}

/// gRPC would try again for a long time.
Status CheckListens(const std::string& socket, std::optional<uid_t> owner) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket.empty() || socket.size() >= sizeof address.sun_path) {
    return Error{Code::kInvalidArgument, "'" + socket + "' cannot be the path of a socket"};
  }
  socket.copy(static_cast<char*>(address.sun_path), socket.size());
  const UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd.valid() ||
      ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return Error{Code::kUnavailable, "no daemon answers at " + socket + ": " + std::strerror(errno),
                 "is commresolved running?"};
  }
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(fd.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
    return Error{Code::kUnavailable, "cannot tell who listens at " + socket};
  }
  if (!owner || peer.uid == *owner || peer.uid == 0) return {};
  return Error{Code::kUntrusted, "another user listens at " + socket};
}

}  // namespace

struct Client::Impl {
  std::unique_ptr<proto::ResolverService::Stub> resolver;
  std::unique_ptr<proto::KeeperService::Stub> keeper;
  std::unique_ptr<SharingClient> sharing;

  template <class Message, class Answer>
  Result<Resolution> Ask(grpc::Status (proto::ResolverService::Stub::*call)(grpc::ClientContext*,
                                                                            const Message&,
                                                                            Answer*),
                         const Message& message) {
    Call context;
    Answer answer;
    const grpc::Status status = (resolver.get()->*call)(&context, message, &answer);
    if (!status.ok()) return ErrorOf(status);
    return Unpack(answer);
  }

  Status ObserveSome(const proto::ObserveRequest& request, const std::atomic<bool>* stop,
                     const ObserveSink& report) {
    StoppableCall call(stop);
    const auto reader = keeper->Observe(call.context(), request);
    proto::ObserveResponse response;
    while (reader->Read(&response)) {
      COMMRESOLVE_ASSIGN(line, Unpack(response));
      std::vector<Binding> broken;
      for (const proto::Binding& told : response.broken()) {
        COMMRESOLVE_ASSIGN(binding, Unpack(told));
        broken.push_back(std::move(binding));
      }
      report(line, broken);
    }
    const grpc::Status status = reader->Finish();
    if (call.stopped()) {
      return Error{Code::kInterrupted, "stopped; what was seen is recorded"};
    }
    return status.ok() ? Status() : ErrorOf(status);
  }
};

Client::Client(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Client::~Client() = default;

Result<std::unique_ptr<Client>> Client::Connect(const std::string& socket,
                                                std::optional<uid_t> owner) {
  COMMRESOLVE_TRY(CheckListens(socket, owner));
  ::setenv("GRPC_VERBOSITY", "NONE", 0);  // Errors are reported by us.
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  // Or an observation would wait for ever for a daemon that hangs.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveMs);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  const auto channel =
      grpc::CreateCustomChannel("unix:" + socket, grpc::InsecureChannelCredentials(), arguments);
  if (!channel->WaitForConnected(std::chrono::system_clock::now() + kConnectPatience)) {
    return Error{Code::kUnavailable, "the daemon at " + socket + " does not answer",
                 "restart commresolved, or ask without it: --no-daemon"};
  }
  auto impl = std::make_unique<Impl>();
  impl->resolver = proto::ResolverService::NewStub(channel);
  impl->keeper = proto::KeeperService::NewStub(channel);
  impl->sharing = std::make_unique<SharingClient>(channel);
  return std::unique_ptr<Client>(new Client(std::move(impl)));
}

SharingClient& Client::sharing() { return *impl_->sharing; }

Result<RankedRows> Client::Search(const std::string& query, size_t offset, size_t limit) {
  return SearchOver(*impl_->resolver, query, offset, limit);
}

Result<PeersPart> Client::SearchWithPeers(const std::string& query, size_t limit,
                                          const OwnSink& own, const LookupSink& proved,
                                          const std::atomic<bool>* stop) {
  return SearchWithPeersOver(*impl_->resolver, query, limit, own, proved, stop);
}

Result<std::vector<index::CountedWord>> Client::Complete(const std::string& beginning,
                                                         size_t limit) {
  Call context;
  proto::CompleteRequest request;
  request.set_beginning(beginning);
  request.set_limit(static_cast<uint32_t>(limit));
  proto::CompleteResponse response;
  const grpc::Status status = impl_->resolver->Complete(&context, request, &response);
  if (!status.ok()) return ErrorOf(status);
  std::vector<index::CountedWord> words;
  for (const proto::CompletedWord& word : response.words()) {
    words.push_back({word.word(), word.listings()});
  }
  return words;
}

Result<Resolution> Client::Resolve(const ResolveRequest& request, const std::string& suffix) {
  using Stub = proto::ResolverService::Stub;
  if (!request.may_bind) {
    return impl_->Ask(&Stub::Why, MessageOf<proto::WhyRequest>(request, suffix));
  }
  auto message = MessageOf<proto::ResolveRequest>(request, suffix);
  message.set_explain_refusal(true);
  message.set_peers(request.ask_peers);
  if (request.ask_peers && !request.typed.empty()) message.set_name(request.typed);
  return impl_->Ask(&Stub::Resolve, message);
}

EndpointVerdict Client::VerifyServer(const std::string& server, std::optional<Protocol> protocol) {
  Call context;
  proto::VerifyRequest request;
  request.set_server(server);
  if (protocol) request.set_protocol(daemon::ToProto(*protocol));
  proto::VerifyResponse response;
  const grpc::Status status = impl_->resolver->Verify(&context, request, &response);
  auto verdict = status.ok() ? Unpack(response) : Result<EndpointVerdict>(ErrorOf(status));
  if (verdict.ok()) return std::move(*verdict);
  EndpointVerdict failed;
  failed.failure = verdict.error();
  return failed;
}

Result<Binding> Client::Bind(const BindOrder& order) {
  Call context;
  proto::BindRequest request;
  request.set_words(order.words.ToString());
  request.set_key(std::string(order.key.view()));
  request.set_add(order.add);
  request.set_critical(order.critical);
  request.set_name(order.name);
  request.set_reason(order.reason);
  request.set_tier(daemon::ToProto(order.tier));
  proto::BindResponse response;
  const grpc::Status status = impl_->keeper->Bind(&context, request, &response);
  if (!status.ok()) return ErrorOf(status);
  return Unpack(response.binding());
}

Status Client::Unbind(const KeywordSet& words) {
  Call context;
  proto::UnbindRequest request;
  request.set_words(words.ToString());
  proto::UnbindResponse response;
  const grpc::Status status = impl_->keeper->Unbind(&context, request, &response);
  return status.ok() ? Status() : ErrorOf(status);
}

Result<std::vector<KeyId>> Client::Revoke(const WordsOrKey& what, const std::string& reason,
                                          bool undo) {
  Call context;
  proto::RevokeRequest request;
  if (const auto* key = std::get_if<KeyId>(&what)) request.set_key(std::string(key->view()));
  if (const auto* words = std::get_if<KeywordSet>(&what)) request.set_words(words->ToString());
  request.set_reason(reason);
  request.set_undo(undo);
  proto::RevokeResponse response;
  const grpc::Status status = impl_->keeper->Revoke(&context, request, &response);
  if (!status.ok()) return ErrorOf(status);
  return UnpackKeys(response.keys());
}

Status Client::Observe(const ObserveOrder& order, const std::atomic<bool>* stop,
                       const ObserveSink& report) {
  // Several protocols come from the ports, as they will there.
  const bool one_protocol = std::all_of(
      order.targets.begin(), order.targets.end(),
      [&](const auto& target) { return target.protocol == order.targets.front().protocol; });
  for (size_t done = 0; done < order.targets.size(); done += kServersInOneCall) {
    proto::ObserveRequest request;
    const size_t end = std::min(order.targets.size(), done + kServersInOneCall);
    for (size_t i = done; i < end; ++i) request.add_servers(ServerText(order.targets[i]));
    const index::ObserveTarget& first = order.targets.front();
    if (one_protocol && first.protocol) request.set_protocol(daemon::ToProto(*first.protocol));
    request.set_server_name(first.server_name);
    request.set_at_once(static_cast<uint32_t>(order.at_once));
    request.set_per_address(static_cast<uint32_t>(order.per_address));
    COMMRESOLVE_TRY(impl_->ObserveSome(request, stop, report));
  }
  return {};
}

}  // namespace commresolve::daemon
