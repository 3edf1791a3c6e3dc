// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one thread behind the NSS socket.

#include "grpc/nss_endpoint/nss_endpoint.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "grpc/nss_endpoint/listener.h"

namespace commresolve {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr uint64_t kListenerId = 0;
constexpr uint64_t kWakeId = 1;
constexpr uint64_t kFirstConnectionId = 2;
constexpr int kMostEvents = 64;
constexpr int kMostAcceptsInARow = 64;
// Out of descriptors, accepting again at once would spin.
constexpr std::chrono::milliseconds kAcceptPause{50};

struct Connection {
  UniqueFd fd;
  ucred peer{};
  SteadyClock::time_point deadline;
  bool asked = false;
  NssRequest request;
};

}  // namespace

/// Where answers wait for the thread; outlives the endpoint as long as a replier is out.
struct NssReplier::Mailbox {
  struct Letter {
    uint64_t connection;
    NssAnswer answer;
  };

  void Post(Letter letter) {
    {
      const std::lock_guard lock(mutex);
      letters.push_back(std::move(letter));
    }
    Wake();
  }
  void Wake() const {
    const uint64_t one = 1;
    // Fails only when the counter is full, and then the thread is awake.
    [[maybe_unused]] const ssize_t written = ::write(wake_fd.get(), &one, sizeof one);
  }
  std::vector<Letter> Collect() {
    uint64_t count = 0;
    [[maybe_unused]] const ssize_t read = ::read(wake_fd.get(), &count, sizeof count);
    const std::lock_guard lock(mutex);
    return std::exchange(letters, {});
  }

  UniqueFd wake_fd{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  std::mutex mutex;
  std::vector<Letter> letters;  // Guarded by `mutex`.
};

NssReplier::NssReplier(std::shared_ptr<Mailbox> mailbox, uint64_t connection)
    : mailbox_(std::move(mailbox)), connection_(connection) {}

NssReplier& NssReplier::operator=(NssReplier&& other) noexcept {
  if (this != &other) {
    Answer({});
    mailbox_ = std::move(other.mailbox_);
    connection_ = other.connection_;
  }
  return *this;
}

NssReplier::~NssReplier() { Answer({}); }

void NssReplier::Answer(NssAnswer answer) {
  if (const auto mailbox = std::exchange(mailbox_, nullptr)) {
    mailbox->Post({connection_, std::move(answer)});
  }
}

/// Everything but the counters and the mailbox belongs to its thread.
class NssServer {
 public:
  NssServer(Listener listener, NssEndpointOptions options, NssHandler handler)
      : listener_(std::move(listener)),
        options_(std::move(options)),
        handler_(std::move(handler)) {}
  ~NssServer() { Stop(); }
  NssServer(const NssServer&) = delete;
  NssServer& operator=(const NssServer&) = delete;

  Status Start();
  void Stop();
  [[nodiscard]] NssEndpointCounters counters() const;

 private:
  using Connections = std::unordered_map<uint64_t, Connection>;

  void Run();
  [[nodiscard]] int WaitMilliseconds() const;
  bool Watch(int operation, int fd, uint32_t events, uint64_t id);
  void AcceptSome();
  void Admit(UniqueFd fd);
  void Serve(uint64_t id, uint32_t events);
  void TakeRequest(Connections::iterator connection);
  void DeliverLetters();
  void Send(const Connection& connection, const NssAnswer& answer);
  void DropOverdue();
  Connections::iterator Drop(Connections::iterator connection);

  Listener listener_;
  NssEndpointOptions options_;
  NssHandler handler_;
  UniqueFd epoll_{::epoll_create1(EPOLL_CLOEXEC)};
  std::shared_ptr<NssReplier::Mailbox> mailbox_ = std::make_shared<NssReplier::Mailbox>();
  Connections connections_;
  std::unordered_map<uid_t, size_t> connections_of_user_;
  uint64_t next_id_ = kFirstConnectionId;
  SteadyClock::time_point accept_again_;
  bool accepting_ = true;
  std::atomic<bool> stopping_ = false;
  std::atomic<uint64_t> accepted_ = 0, refused_ = 0, questions_ = 0;
  std::atomic<uint64_t> answered_ = 0, overdue_ = 0, malformed_ = 0;
  std::thread thread_;
};

bool NssServer::Watch(int operation, int fd, uint32_t events, uint64_t id) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = id;
  return ::epoll_ctl(epoll_.get(), operation, fd, &event) == 0;
}

Status NssServer::Start() {
  if (!epoll_.valid() || !mailbox_->wake_fd.valid() ||
      !Watch(EPOLL_CTL_ADD, listener_.fd(), EPOLLIN, kListenerId) ||
      !Watch(EPOLL_CTL_ADD, mailbox_->wake_fd.get(), EPOLLIN, kWakeId)) {
    return Error{Code::kUnavailable,
                 std::string("cannot wait for NSS clients: ") + std::strerror(errno)};
  }
  thread_ = std::thread([this] { Run(); });
  return {};
}

void NssServer::Stop() {
  if (!thread_.joinable()) return;
  stopping_ = true;
  mailbox_->Wake();
  thread_.join();
  connections_.clear();
  const Listener closed = std::move(listener_);
}

NssEndpointCounters NssServer::counters() const {
  return {accepted_, refused_, questions_, answered_, overdue_, malformed_};
}

int NssServer::WaitMilliseconds() const {
  auto first = accepting_ ? SteadyClock::time_point::max() : accept_again_;
  for (const auto& [id, connection] : connections_) first = std::min(first, connection.deadline);
  if (first == SteadyClock::time_point::max()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(first - SteadyClock::now());
  return static_cast<int>(std::max<int64_t>(0, left.count()));
}

void NssServer::Run() {
  epoll_event events[kMostEvents];
  while (!stopping_) {
    const int count = ::epoll_wait(epoll_.get(), events, kMostEvents, WaitMilliseconds());
    for (int i = 0; i < count && !stopping_; ++i) {
      switch (const uint64_t id = events[i].data.u64) {
        case kListenerId:
          AcceptSome();
          break;
        case kWakeId:
          DeliverLetters();
          break;
        default:
          Serve(id, events[i].events);
      }
    }
    DropOverdue();
  }
}

void NssServer::AcceptSome() {
  for (int i = 0; i < kMostAcceptsInARow; ++i) {
    UniqueFd fd(::accept4(listener_.fd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (fd.valid()) {
      Admit(std::move(fd));
    } else if (errno == EAGAIN) {
      return;
    } else if (errno != EINTR && errno != ECONNABORTED) {
      accepting_ = false;
      accept_again_ = SteadyClock::now() + kAcceptPause;
      Watch(EPOLL_CTL_MOD, listener_.fd(), 0, kListenerId);
      return;
    }
  }
}

void NssServer::Admit(UniqueFd fd) {
  ++accepted_;
  Connection connection;
  socklen_t size = sizeof connection.peer;
  if (::getsockopt(fd.get(), SOL_SOCKET, SO_PEERCRED, &connection.peer, &size) != 0) return;
  const auto user = connections_of_user_.find(connection.peer.uid);
  // Closing tells the program at once; leaving it in the queue would let it wait.
  if (connections_.size() >= options_.most_connections ||
      (user != connections_of_user_.end() && user->second >= options_.most_connections_of_user) ||
      !Watch(EPOLL_CTL_ADD, fd.get(), EPOLLIN | EPOLLRDHUP, next_id_)) {
    ++refused_;
    return;
  }
  connection.fd = std::move(fd);
  connection.deadline = SteadyClock::now() + options_.patience;
  ++connections_of_user_[connection.peer.uid];
  connections_.emplace(next_id_++, std::move(connection));
}

void NssServer::Serve(uint64_t id, uint32_t events) {
  const auto connection = connections_.find(id);
  if (connection == connections_.end()) return;
  if ((events & (EPOLLHUP | EPOLLRDHUP | EPOLLERR)) != 0 || connection->second.asked) {
    Drop(connection);
  } else {
    TakeRequest(connection);
  }
}

void NssServer::TakeRequest(Connections::iterator connection) {
  Connection& client = connection->second;
  char datagram[kMostNssRequest + 1];
  const ssize_t size = ::recv(client.fd.get(), datagram, sizeof datagram, MSG_DONTWAIT);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
  auto request = DecodeRequest({datagram, static_cast<size_t>(std::max<ssize_t>(size, 0))});
  if (!request.ok()) {
    if (size > 0) ++malformed_;
    Drop(connection);
    return;
  }
  client.request = std::move(*request);
  client.asked = true;
  client.deadline = SteadyClock::now() + std::min(client.request.budget, options_.most_budget);
  // A second request ends the connection: one is what each may ask.
  const NssQuestion question{client.request.name, client.deadline, client.peer.uid,
                             client.peer.pid};
  ++questions_;
  handler_(question, NssReplier(mailbox_, connection->first));
}

void NssServer::Send(const Connection& connection, const NssAnswer& answer) {
  const std::string reply = EncodeReply(connection.request, answer);
  // One small datagram fits the empty queue of any socket; whoever does not read it harms nobody.
  [[maybe_unused]] const ssize_t sent =
      ::send(connection.fd.get(), reply.data(), reply.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
}

void NssServer::DeliverLetters() {
  for (const auto& [id, answer] : mailbox_->Collect()) {
    const auto connection = connections_.find(id);
    if (connection == connections_.end()) continue;
    ++answered_;
    Send(connection->second, answer);
    Drop(connection);
  }
}

void NssServer::DropOverdue() {
  const auto now = SteadyClock::now();
  for (auto connection = connections_.begin(); connection != connections_.end();) {
    if (now < connection->second.deadline) {
      ++connection;
      continue;
    }
    ++overdue_;
    if (connection->second.asked) Send(connection->second, {});
    connection = Drop(connection);
  }
  if (!accepting_ && now >= accept_again_) {
    accepting_ = true;
    Watch(EPOLL_CTL_MOD, listener_.fd(), EPOLLIN, kListenerId);
  }
}

NssServer::Connections::iterator NssServer::Drop(Connections::iterator connection) {
  const auto user = connections_of_user_.find(connection->second.peer.uid);
  if (--user->second == 0) connections_of_user_.erase(user);
  return connections_.erase(connection);
}

NssEndpoint::NssEndpoint(std::unique_ptr<NssServer> server) : server_(std::move(server)) {}
NssEndpoint::~NssEndpoint() = default;
void NssEndpoint::Stop() { server_->Stop(); }
NssEndpointCounters NssEndpoint::counters() const { return server_->counters(); }

Result<std::unique_ptr<NssEndpoint>> NssEndpoint::Start(NssEndpointOptions options,
                                                        NssHandler handler) {
  auto listener = options.inherited.valid() ? Listener::Adopt(std::move(options.inherited))
                                            : Listener::Bind(options.path, options.mode);
  if (!listener.ok()) return listener.error();
  auto server =
      std::make_unique<NssServer>(std::move(*listener), std::move(options), std::move(handler));
  COMMRESOLVE_TRY(server->Start());
  return std::unique_ptr<NssEndpoint>(new NssEndpoint(std::move(server)));
}

}  // namespace commresolve
