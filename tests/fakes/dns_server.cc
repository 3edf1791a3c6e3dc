// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Just enough of RFC 1035 to answer one question per packet.

#include "tests/fakes/dns_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace commresolve::fakes {
namespace {

constexpr size_t kHeaderSize = 12;

void AppendU16(std::string& out, size_t value) {
  out.push_back(static_cast<char>(value >> 8 & 0xff));
  out.push_back(static_cast<char>(value & 0xff));
}

/// "www.example" as length-prefixed labels; "." and "" as the root.
std::string EncodeName(std::string_view name) {
  std::string out;
  while (!name.empty() && name != ".") {
    const std::string_view label = name.substr(0, name.find('.'));
    out.push_back(static_cast<char>(label.size()));
    out += label;
    name.remove_prefix(std::min(name.size(), label.size() + 1));
  }
  out.push_back('\0');
  return out;
}

/// The name at `at`, lower-case, and `at` moved behind it; "" if the packet is broken.
std::string DecodeName(const std::string& packet, size_t& at) {
  std::string name;
  while (at < packet.size() && packet[at] != 0) {
    const size_t size = static_cast<uint8_t>(packet[at]);
    if (size > 63 || at + 1 + size > packet.size()) return "";
    if (!name.empty()) name.push_back('.');
    for (size_t i = 0; i < size; ++i) {
      name.push_back(static_cast<char>(std::tolower(static_cast<uint8_t>(packet[at + 1 + i]))));
    }
    at += 1 + size;
  }
  ++at;
  return name;
}

void Check(bool good, const char* what) {
  if (good) return;
  std::perror(what);
  std::abort();
}

}  // namespace

DnsServer::DnsServer()
    : socket_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)), stop_(eventfd(0, EFD_CLOEXEC)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  Check(bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), size) == 0, "bind");
  Check(getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0,
        "getsockname");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { Run(); });
}

DnsServer::~DnsServer() {
  eventfd_write(stop_.get(), 1);
  thread_.join();
}

void DnsServer::Add(const std::string& name, Type type, std::string data) {
  const std::lock_guard lock(mutex_);
  records_[name].emplace_back(type, std::move(data));
}

void DnsServer::AddAddress(const std::string& name, const IpAddress& ip) {
  Add(name, ip.is_v6() ? Type::kAaaa : Type::kA, std::string(ip.bytes()));
}

void DnsServer::AddAlias(const std::string& name, const std::string& target) {
  Add(name, Type::kCname, target);
}

void DnsServer::AddService(const std::string& name, const std::string& target, uint16_t port,
                           uint16_t priority, uint16_t weight) {
  std::string data;
  AppendU16(data, priority);
  AppendU16(data, weight);
  AppendU16(data, port);
  Add(name, Type::kSrv, data + EncodeName(target));
}

void DnsServer::SetSilent(bool silent) {
  const std::lock_guard lock(mutex_);
  silent_ = silent;
}

uint64_t DnsServer::queries() const {
  const std::lock_guard lock(mutex_);
  return asked_.size();
}

std::vector<std::string> DnsServer::asked() const {
  const std::lock_guard lock(mutex_);
  return asked_;
}

void DnsServer::Run() {
  for (;;) {
    pollfd fds[] = {{socket_.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}};
    if (poll(fds, 2, -1) < 0) continue;
    if (fds[1].revents != 0) return;
    char bytes[1500];
    sockaddr_in from{};
    socklen_t size = sizeof from;
    const ssize_t got =
        recvfrom(socket_.get(), bytes, sizeof bytes, 0, reinterpret_cast<sockaddr*>(&from), &size);
    if (got <= 0) continue;
    const std::string answer = Answer({bytes, static_cast<size_t>(got)});
    if (answer.empty()) continue;
    sendto(socket_.get(), answer.data(), answer.size(), 0, reinterpret_cast<sockaddr*>(&from),
           size);
  }
}

std::string DnsServer::Answer(const std::string& query) {
  size_t at = kHeaderSize;
  std::string name = DecodeName(query, at);
  if (at + 4 > query.size()) return "";
  const auto type =
      static_cast<Type>(static_cast<uint8_t>(query[at]) << 8 | static_cast<uint8_t>(query[at + 1]));
  const std::lock_guard lock(mutex_);
  const char* type_name = type == Type::kA      ? "A "
                          : type == Type::kAaaa ? "AAAA "
                          : type == Type::kSrv  ? "SRV "
                                                : "other ";
  asked_.push_back(type_name + name);
  if (silent_) return "";
  const bool exists = records_.count(name) != 0;
  std::string answers;
  size_t count = 0;
  const auto append = [&](const std::string& owner, Type kind, const std::string& data) {
    answers += EncodeName(owner);
    AppendU16(answers, static_cast<uint16_t>(kind));
    AppendU16(answers, 1);
    answers.append("\0\0\0\x3c", 4);
    AppendU16(answers, data.size());
    answers += data;
    ++count;
  };
  for (int hops = 0; hops < 8; ++hops) {
    const auto found = records_.find(name);
    if (found == records_.end() || found->second.front().first != Type::kCname) break;
    append(name, Type::kCname, EncodeName(found->second.front().second));
    name = found->second.front().second;
  }
  if (const auto found = records_.find(name); found != records_.end()) {
    for (const auto& [kind, data] : found->second) {
      if (kind == type) append(name, kind, data);
    }
  }
  std::string packet = query.substr(0, 2);
  packet += '\x85';                    // A response, authoritative, recursion desired.
  packet += exists ? '\x80' : '\x83';  // Recursion available; NXDOMAIN.
  AppendU16(packet, 1);
  AppendU16(packet, count);
  AppendU16(packet, 0);
  AppendU16(packet, 0);
  return packet + query.substr(kHeaderSize, at + 4 - kHeaderSize) + answers;
}

}  // namespace commresolve::fakes
