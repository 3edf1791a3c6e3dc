// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One loop over a UDP socket, and the settings of unbound.

#include "tests/bench/dns_server.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <fcntl.h>
#include <poll.h>
#include <resolv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <fstream>
#include <string_view>

#include "resolver/base/unique_fd.h"

namespace commresolve::bench {
namespace {

using namespace std::string_view_literals;

constexpr char kUnbound[] = "/usr/sbin/unbound";
constexpr auto kAddress = "\xc0\x0c\0\1\0\1\0\0\x0e\x10\0\4\xc0\0\2\7"sv;
// A cache keeps "no such record" only with the lifetime that stands in an SOA record.
constexpr auto kNoAddress =
    "\xc0\x0c\0\6\0\1\0\0\x0e\x10\0\x16\0\0"
    "\0\0\0\1\0\0\x0e\x10\0\0\x0e\x10\0\0\x0e\x10\0\0\x0e\x10"sv;

UniqueFd BindLoopback(sockaddr_in* address) {
  *address = {};
  address->sin_family = AF_INET;
  address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof *address;
  UniqueFd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (::bind(fd.get(), reinterpret_cast<sockaddr*>(address), size) != 0 ||
      ::getsockname(fd.get(), reinterpret_cast<sockaddr*>(address), &size) != 0) {
    fd.Reset();
  }
  return fd;
}

[[noreturn]] void Serve(int fd, std::atomic<uint64_t>* questions) {
  while (true) {
    char packet[600] = {};
    sockaddr_in from{};
    socklen_t size = sizeof from;
    const ssize_t length =
        ::recvfrom(fd, packet, 512, 0, reinterpret_cast<sockaddr*>(&from), &size);
    if (length < 17) continue;
    ++*questions;
    // The question ends at its name's end and four bytes; what follows (EDNS) is not answered.
    size_t end = 12;
    while (end < 260 && packet[end] != 0) end += 1 + static_cast<size_t>(packet[end]);
    end += 5;
    const bool wants_v4 = packet[end - 3] == 1;
    packet[2] = static_cast<char>(0x81);
    packet[3] = static_cast<char>(0x80);
    packet[7] = wants_v4 ? 1 : 0;
    packet[9] = wants_v4 ? 0 : 1;
    packet[11] = 0;
    const std::string_view record = wants_v4 ? kAddress : kNoAddress;
    record.copy(packet + end, record.size());
    ::sendto(fd, packet, end + record.size(), 0, reinterpret_cast<sockaddr*>(&from), size);
  }
}

/// True if a question for `name` is answered within a moment.
bool Answers(const sockaddr_in& server, const std::string& name) {
  uint8_t question[300];
  const int size = ::res_mkquery(ns_o_query, name.c_str(), ns_c_in, ns_t_a, nullptr, 0, nullptr,
                                 question, sizeof question);
  const UniqueFd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (size < 0 ||
      ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&server), sizeof server) != 0 ||
      ::send(fd.get(), question, static_cast<size_t>(size), 0) != size) {
    return false;
  }
  pollfd waiting{fd.get(), POLLIN, 0};
  uint8_t reply[512];
  return ::poll(&waiting, 1, 100) == 1 && ::recv(fd.get(), reply, sizeof reply, 0) > 12 &&
         reply[7] == 1;
}

void WriteSettings(const std::string& path, uint16_t port, uint16_t upstream_port) {
  std::ofstream(path) << "server:\n  interface: 127.0.0.1@" << port << "\n"
                      << R"(  do-daemonize: no
  username: ""
  chroot: ""
  pidfile: ""
  use-syslog: no
  do-ip6: no
  do-not-query-localhost: no
  module-config: "iterator"
remote-control:
  control-enable: no
forward-zone:
  name: "."
  forward-addr: 127.0.0.1@)"
                      << upstream_port << "\n";
}

}  // namespace

std::unique_ptr<DnsServer> DnsServer::StartIdle() {
  std::unique_ptr<DnsServer> server(new DnsServer);
  const UniqueFd fd = BindLoopback(&server->address_);
  void* const shared = ::mmap(nullptr, sizeof *server->questions_, PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (!fd.valid() || shared == MAP_FAILED) return nullptr;
  server->questions_ = new (shared) std::atomic<uint64_t>(0);
  server->process_ = ::fork();
  if (server->process_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    Serve(fd.get(), server->questions_);
  }
  return server;
}

std::unique_ptr<DnsServer> DnsServer::StartUnbound(const DnsServer& upstream,
                                                   const std::string& folder,
                                                   const std::string& name) {
  if (::access(kUnbound, X_OK) != 0) return nullptr;
  std::unique_ptr<DnsServer> server(new DnsServer);
  // Gives the port back: unbound opens it itself.
  if (!BindLoopback(&server->address_).valid()) return nullptr;
  const std::string settings = folder + "/unbound.conf";
  WriteSettings(settings, ntohs(server->address_.sin_port), ntohs(upstream.address_.sin_port));
  server->process_ = ::fork();
  if (server->process_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const UniqueFd silence(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    ::dup2(silence.get(), STDERR_FILENO);
    ::execl(kUnbound, kUnbound, "-d", "-c", settings.c_str(), nullptr);
    ::_exit(127);
  }
  for (int i = 0; i < 100; ++i) {
    if (Answers(server->address_, name)) return server;
    ::poll(nullptr, 0, 100);
  }
  return nullptr;
}

DnsServer::~DnsServer() {
  if (process_ > 0) {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
}

uint64_t DnsServer::questions() const { return questions_ == nullptr ? 0 : questions_->load(); }

}  // namespace commresolve::bench
