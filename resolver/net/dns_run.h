// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// DnsRun: one round of DNS questions with c-ares, asked and answered together.

#ifndef COMMRESOLVE_RESOLVER_NET_DNS_RUN_H_
#define COMMRESOLVE_RESOLVER_NET_DNS_RUN_H_

#include <ares.h>

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "resolver/base/result.h"
#include "resolver/net/address_lookup.h"

namespace commresolve {

/// Opens its own channel, so that a change of /etc/resolv.conf counts from the next round on. Does
/// not move: c-ares holds pointers into it.
class DnsRun {
 public:
  /// No name under .alt or `own_suffix` is asked for.
  explicit DnsRun(std::string own_suffix) : own_suffix_(std::move(own_suffix)) {}
  DnsRun(const DnsRun&) = delete;
  DnsRun& operator=(const DnsRun&) = delete;

  /// `servers` is "IP:PORT,[IP]:PORT"; empty for those of /etc/resolv.conf.
  Status Open(const std::string& servers);
  void Ask(const LookupQuestion& question);
  /// Waits until everything is answered or `patience` has passed.
  void Wait(std::chrono::milliseconds patience);
  /// One per question, in order.
  [[nodiscard]] std::vector<LookupAnswer> Answers() const;

 private:
  struct Question;

  /// One host name whose addresses are asked for.
  struct Host {
    Question* question;
    uint16_t port;
    std::vector<IpAddress> addresses;
    std::string error;
  };
  struct Question {
    DnsRun* run;
    LookupQuestion asked;
    std::deque<Host> hosts;  // In order of preference. A deque: c-ares holds pointers into it.
    std::string error;
  };
  struct CloseChannel {
    void operator()(ares_channel channel) const { ares_destroy(channel); }
  };

  static void OnSocket(void* self, ares_socket_t fd, int readable, int writable);
  static void OnServices(void* question, int status, int timeouts, unsigned char* bytes, int size);
  static void OnAddresses(void* host, int status, int timeouts, ares_addrinfo* found);
  void AskServices(Question& question);
  void AskAddresses(Question& question, const std::string& name, uint16_t port);
  void AddServices(Question& question, const unsigned char* bytes, int size);
  void ProcessSockets(std::chrono::milliseconds longest);
  [[nodiscard]] std::string ErrorText(int status) const;

  [[nodiscard]] bool IsOurs(const std::string& host) const;

  std::string own_suffix_;
  std::deque<Question> questions_;
  std::map<ares_socket_t, short> sockets_;  // What poll() is to wait for.
  size_t unanswered_ = 0;
  std::chrono::milliseconds patience_{};
  // The last member: closing it calls back into all the others.
  std::unique_ptr<ares_channeldata, CloseChannel> channel_;
};

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_NET_DNS_RUN_H_
