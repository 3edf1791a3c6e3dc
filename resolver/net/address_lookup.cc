// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// AddressLookup by c-ares.

#include "resolver/net/address_lookup.h"

#include <ares.h>

#include "resolver/net/dns_run.h"

namespace commresolve {
namespace {

constexpr uint16_t kDnsPort = 53;

class DnsLookup final : public AddressLookup {
 public:
  DnsLookup(std::string servers, std::string own_suffix)
      : servers_(std::move(servers)), own_suffix_(std::move(own_suffix)) {}

  std::vector<LookupAnswer> Lookup(const std::vector<LookupQuestion>& questions,
                                   std::chrono::milliseconds patience) override {
    DnsRun run(own_suffix_);
    const Status opened = run.Open(servers_);
    if (!opened.ok()) {
      std::vector<LookupAnswer> answers;
      answers.reserve(questions.size());
      for (const LookupQuestion& question : questions) {
        answers.push_back({question, {}, opened.error().message});
      }
      return answers;
    }
    for (const LookupQuestion& question : questions) run.Ask(question);
    run.Wait(patience);
    return run.Answers();
  }

 private:
  std::string servers_;
  std::string own_suffix_;
};

/// The list as c-ares reads it, every entry with its port.
Result<std::string> JoinServers(const std::vector<std::string>& servers) {
  std::string joined;
  for (const std::string& server : servers) {
    COMMRESOLVE_ASSIGN(place, ParseHostPort(server));
    COMMRESOLVE_ASSIGN(ip, IpAddress::Parse(place.host));
    if (!joined.empty()) joined += ',';
    joined += ip.is_v6() ? "[" + ip.ToString() + "]" : ip.ToString();
    joined += ":" + std::to_string(place.port != 0 ? place.port : kDnsPort);
  }
  return joined;
}

}  // namespace

Result<std::unique_ptr<AddressLookup>> MakeDnsLookup(const std::vector<std::string>& servers,
                                                     const std::string& own_suffix) {
  static const int library = ares_library_init(ARES_LIB_INIT_ALL);
  if (library != ARES_SUCCESS) {
    return Error{Code::kInternal, std::string("c-ares cannot start: ") + ares_strerror(library)};
  }
  const Result<std::string> joined = JoinServers(servers);
  if (!joined.ok()) return joined.error().Within("DNS server");
  COMMRESOLVE_TRY(DnsRun(own_suffix).Open(*joined));
  return std::unique_ptr<AddressLookup>(std::make_unique<DnsLookup>(*joined, own_suffix));
}

}  // namespace commresolve
