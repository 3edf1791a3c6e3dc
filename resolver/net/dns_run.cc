// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// c-ares with a poll loop of our own: the library has no threads, and neither have we.

#include "resolver/net/dns_run.h"

#include <netinet/in.h>
#include <poll.h>
#include <strings.h>

#include <algorithm>

#include "resolver/net/system_error.h"

namespace commresolve {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr const char* kNotInDns = "names under this suffix are not in DNS";
constexpr size_t kMaxServices = 8;
constexpr size_t kMaxAddresses = 32;
constexpr int kTriesPerServer = 3;
constexpr int kFirstTimeoutMs = 1500;
/// What passes every path unfragmented (DNS flag day 2020).
constexpr int kMaxUdpAnswer = 1232;

struct FreeReply {
  void operator()(ares_srv_reply* reply) const { ares_free_data(reply); }
  void operator()(ares_addrinfo* found) const { ares_freeaddrinfo(found); }
};

Result<IpAddress> ToIpAddress(const sockaddr* address) {
  if (address->sa_family == AF_INET6) {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(address);
    return IpAddress::FromBytes({reinterpret_cast<const char*>(&v6->sin6_addr), 16});
  }
  const auto* v4 = reinterpret_cast<const sockaddr_in*>(address);
  return IpAddress::FromBytes({reinterpret_cast<const char*>(&v4->sin_addr), 4});
}

}  // namespace

Status DnsRun::Open(const std::string& servers) {
  // "b": DNS alone, no /etc/hosts. No search domains and no HOSTALIASES: names are taken as they
  // are.
  char lookups[] = "b";
  ares_options options{};
  options.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES | ARES_FLAG_EDNS;
  options.ednspsz = kMaxUdpAnswer;
  options.lookups = lookups;
  options.timeout = kFirstTimeoutMs;
  options.tries = kTriesPerServer;
  options.sock_state_cb = OnSocket;
  options.sock_state_cb_data = this;
  ares_channel channel = nullptr;
  int status =
      ares_init_options(&channel, &options,
                        ARES_OPT_FLAGS | ARES_OPT_LOOKUPS | ARES_OPT_DOMAINS | ARES_OPT_TIMEOUTMS |
                            ARES_OPT_TRIES | ARES_OPT_EDNSPSZ | ARES_OPT_SOCK_STATE_CB);
  if (status == ARES_SUCCESS) {
    channel_.reset(channel);
    if (servers.empty()) return {};
    status = ares_set_servers_ports_csv(channel, servers.c_str());
    if (status == ARES_SUCCESS) return {};
  }
  return Error{Code::kInternal, "DNS cannot start: " + SmallFirstLetter(ares_strerror(status))};
}

void DnsRun::Ask(const LookupQuestion& question) {
  Question& added = questions_.emplace_back(Question{this, question, {}, ""});
  if (question.service.empty()) {
    AskAddresses(added, question.host, 0);
  } else {
    AskServices(added);
  }
}

bool DnsRun::IsOurs(const std::string& host) const {
  const std::string_view name =
      std::string_view(host).substr(0, host.size() - (host.ends_with('.') ? 1 : 0));
  for (const std::string_view suffix : {std::string_view("alt"), std::string_view(own_suffix_)}) {
    if (suffix.empty() || name.size() < suffix.size()) continue;
    const std::string_view before = name.substr(0, name.size() - suffix.size());
    if ((before.empty() || before.ends_with('.')) &&
        strncasecmp(name.data() + before.size(), suffix.data(), suffix.size()) == 0) {
      return true;
    }
  }
  return false;
}

void DnsRun::AskServices(Question& question) {
  if (IsOurs(question.asked.host)) {
    question.error = kNotInDns;
    return;
  }
  const std::string name = question.asked.service + "." + question.asked.host;
  constexpr int kClassIn = 1;
  constexpr int kTypeSrv = 33;
  ++unanswered_;
  ares_query(channel_.get(), name.c_str(), kClassIn, kTypeSrv, OnServices, &question);
}

void DnsRun::AskAddresses(Question& question, const std::string& name, uint16_t port) {
  Host& host = question.hosts.emplace_back(Host{&question, port, {}, ""});
  if (IsOurs(name)) {
    host.error = kNotInDns;
    return;
  }
  ares_addrinfo_hints hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  ++unanswered_;
  ares_getaddrinfo(channel_.get(), name.c_str(), nullptr, &hints, OnAddresses, &host);
}

void DnsRun::OnSocket(void* self, ares_socket_t fd, int readable, int writable) {
  auto& sockets = static_cast<DnsRun*>(self)->sockets_;
  if (readable == 0 && writable == 0) {
    sockets.erase(fd);
  } else {
    sockets[fd] = static_cast<short>((readable != 0 ? POLLIN : 0) | (writable != 0 ? POLLOUT : 0));
  }
}

void DnsRun::OnServices(void* arg, int status, int, unsigned char* bytes, int size) {
  Question& question = *static_cast<Question*>(arg);
  --question.run->unanswered_;
  if (status == ARES_SUCCESS) {
    question.run->AddServices(question, bytes, size);
  } else {
    question.error = question.run->ErrorText(status);
  }
}

void DnsRun::AddServices(Question& question, const unsigned char* bytes, int size) {
  ares_srv_reply* list = nullptr;
  const int status = ares_parse_srv_reply(bytes, size, &list);
  const std::unique_ptr<ares_srv_reply, FreeReply> owner(list);
  if (status != ARES_SUCCESS) {
    question.error = ErrorText(status);
    return;
  }
  std::vector<const ares_srv_reply*> services;
  for (; list != nullptr; list = list->next) {
    const std::string_view target = list->host;
    // RFC 2782: the root as target says that the service is decidedly not there.
    if (!target.empty() && target != "." && list->port != 0) services.push_back(list);
  }
  if (services.empty()) question.error = "the service is not offered";
  std::ranges::sort(services, [](const auto* a, const auto* b) {
    return a->priority != b->priority ? a->priority < b->priority : a->weight > b->weight;
  });
  if (services.size() > kMaxServices) services.resize(kMaxServices);
  for (const ares_srv_reply* service : services) {
    AskAddresses(question, service->host, service->port);
  }
}

void DnsRun::OnAddresses(void* arg, int status, int, ares_addrinfo* found) {
  const std::unique_ptr<ares_addrinfo, FreeReply> owner(found);
  Host& host = *static_cast<Host*>(arg);
  DnsRun& run = *host.question->run;
  --run.unanswered_;
  if (status != ARES_SUCCESS || found == nullptr) {
    host.error = run.ErrorText(status);
    return;
  }
  for (const auto* node = found->nodes; node != nullptr; node = node->ai_next) {
    if (host.addresses.size() == kMaxAddresses) return;
    const auto ip = ToIpAddress(node->ai_addr);
    if (ip.ok()) host.addresses.push_back(*ip);
  }
}

std::string DnsRun::ErrorText(int status) const {
  if (status == ARES_ECANCELLED) {
    return "no answer within " + std::to_string(patience_.count()) + " ms";
  }
  return SmallFirstLetter(ares_strerror(status));
}

void DnsRun::Wait(milliseconds patience) {
  patience_ = patience;
  const auto deadline = steady_clock::now() + patience;
  while (unanswered_ > 0) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
    if (left <= milliseconds::zero()) break;
    ProcessSockets(left);
  }
  ares_cancel(channel_.get());
}

void DnsRun::ProcessSockets(milliseconds longest) {
  timeval most{};
  most.tv_sec = static_cast<time_t>(longest.count() / 1000);
  most.tv_usec = static_cast<suseconds_t>(longest.count() % 1000 * 1000);
  timeval retry{};
  const timeval* wait = ares_timeout(channel_.get(), &most, &retry);
  std::vector<pollfd> fds;
  fds.reserve(sockets_.size());
  for (const auto& [fd, events] : sockets_) fds.push_back({fd, events, 0});
  const int milliseconds_to_wait =
      static_cast<int>(wait->tv_sec * 1000 + (wait->tv_usec + 999) / 1000);
  poll(fds.data(), fds.size(), milliseconds_to_wait);
  for (const pollfd& fd : fds) {
    if (fd.revents == 0) continue;
    const bool writable = (fd.revents & POLLOUT) != 0;
    const bool readable = (fd.revents & ~POLLOUT) != 0;
    ares_process_fd(channel_.get(), readable ? fd.fd : ARES_SOCKET_BAD,
                    writable ? fd.fd : ARES_SOCKET_BAD);
  }
  // Also tells c-ares the time, so that questions without answer are repeated.
  ares_process_fd(channel_.get(), ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

std::vector<LookupAnswer> DnsRun::Answers() const {
  std::vector<LookupAnswer> answers;
  for (const Question& question : questions_) {
    LookupAnswer& answer = answers.emplace_back();
    answer.question = question.asked;
    std::string error = question.error;
    for (const Host& host : question.hosts) {
      if (error.empty()) error = host.error;
      for (const IpAddress& ip : host.addresses) {
        const bool known = std::ranges::any_of(answer.addresses, [&](const auto& address) {
          return address.ip == ip && address.port == host.port;
        });
        if (!known && answer.addresses.size() < kMaxAddresses) {
          answer.addresses.push_back({ip, host.port});
        }
      }
    }
    if (answer.addresses.empty()) answer.error = error.empty() ? "no addresses" : error;
  }
  return answers;
}

}  // namespace commresolve
