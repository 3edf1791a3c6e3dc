// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// DNS servers on the loopback for measurements: one that does no work, and a real cache before it.

#ifndef COMMRESOLVE_TESTS_BENCH_DNS_SERVER_H_
#define COMMRESOLVE_TESTS_BENCH_DNS_SERVER_H_

#include <netinet/in.h>
#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

namespace commresolve::bench {

/// A DNS server in a process of its own, which ends with the object.
class DnsServer {
 public:
  /// Answers every question for an A record with one address, and others with "no such record",
  /// from memory. nullptr if there is no socket.
  static std::unique_ptr<DnsServer> StartIdle();
  /// unbound, with `upstream` behind its cache and its files in `folder`. nullptr if it is not
  /// installed, or does not answer for `name` within ten seconds.
  static std::unique_ptr<DnsServer> StartUnbound(const DnsServer& upstream,
                                                 const std::string& folder,
                                                 const std::string& name);
  DnsServer(const DnsServer&) = delete;
  DnsServer& operator=(const DnsServer&) = delete;
  ~DnsServer();

  [[nodiscard]] const sockaddr_in& address() const { return address_; }
  /// Questions that came to an idle server.
  [[nodiscard]] uint64_t questions() const;

 private:
  DnsServer() = default;
  sockaddr_in address_{};
  pid_t process_ = -1;
  std::atomic<uint64_t>* questions_ = nullptr;  // Shared with the process.
};

}  // namespace commresolve::bench

#endif  // COMMRESOLVE_TESTS_BENCH_DNS_SERVER_H_
