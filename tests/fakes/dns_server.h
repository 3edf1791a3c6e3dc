// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// DnsServer: a DNS server inside the test program that knows what the test tells it, over UDP.

#ifndef COMMRESOLVE_TESTS_FAKES_DNS_SERVER_H_
#define COMMRESOLVE_TESTS_FAKES_DNS_SERVER_H_

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "resolver/base/unique_fd.h"
#include "resolver/endpoint.h"

namespace commresolve::fakes {

/// Listens on 127.0.0.1 from construction to destruction. Names without records do not exist
/// (NXDOMAIN). Names are lower-case, without dot at the end. Safe for concurrent use.
class DnsServer {
 public:
  DnsServer();
  DnsServer(const DnsServer&) = delete;
  DnsServer& operator=(const DnsServer&) = delete;
  ~DnsServer();

  /// "127.0.0.1:PORT", as MakeDnsLookup takes it.
  [[nodiscard]] std::string server() const { return "127.0.0.1:" + std::to_string(port_); }

  void AddAddress(const std::string& name, const IpAddress& ip);
  void AddAlias(const std::string& name, const std::string& target);
  /// `target` "." says that the service is not offered (RFC 2782).
  void AddService(const std::string& name, const std::string& target, uint16_t port,
                  uint16_t priority = 10, uint16_t weight = 10);
  /// From now on: no answers at all, or answers again.
  void SetSilent(bool silent);

  /// Questions received.
  [[nodiscard]] uint64_t queries() const;
  /// Every name asked for, in order, with its type in front: "A www.example".
  [[nodiscard]] std::vector<std::string> asked() const;

 private:
  enum class Type : uint16_t { kA = 1, kCname = 5, kAaaa = 28, kSrv = 33 };
  void Add(const std::string& name, Type type, std::string data);
  void Run();
  std::string Answer(const std::string& query);

  UniqueFd socket_;
  UniqueFd stop_;
  uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::map<std::string, std::vector<std::pair<Type, std::string>>> records_;  // Guarded by mutex_.
  std::vector<std::string> asked_;                                            // Guarded by mutex_.
  bool silent_ = false;                                                       // Guarded by mutex_.
  std::thread thread_;
};

}  // namespace commresolve::fakes

#endif  // COMMRESOLVE_TESTS_FAKES_DNS_SERVER_H_
