// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// commresolve-test-server: the fake server as a program, for shell tests and benchmarks. Echoes
// what it is sent, shows a new certificate after SIGHUP, ends at SIGTERM or SIGINT.

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <vector>

#include "tests/fakes/tls_server.h"

namespace {

using commresolve::IpAddress;

uint32_t V4Number(const IpAddress& ip) {
  uint32_t number = 0;
  for (const char byte : ip.bytes()) number = number << 8 | static_cast<uint8_t>(byte);
  return number;
}

/// Appends "127.0.0.1" or every address of "127.0.0.1-127.0.0.9"; false if `text` is neither.
bool AppendAddresses(const std::string& text, std::vector<std::string>& addresses) {
  const size_t dash = text.find('-');
  const auto first = IpAddress::Parse(text.substr(0, dash));
  if (!first.ok()) return false;
  if (dash == std::string::npos) {
    addresses.push_back(first->ToString());
    return true;
  }
  const auto last = IpAddress::Parse(text.substr(dash + 1));
  if (!last.ok() || first->is_v6() || last->is_v6()) return false;
  for (uint32_t ip = V4Number(*first); ip <= V4Number(*last); ++ip) {
    const char bytes[] = {static_cast<char>(ip >> 24), static_cast<char>(ip >> 16),
                          static_cast<char>(ip >> 8), static_cast<char>(ip)};
    addresses.push_back(IpAddress::FromBytes({bytes, 4})->ToString());
  }
  return true;
}

void AllowManyFiles() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/// Waits for signals: reloads on SIGHUP, returns on any other.
void ServeUntilSignal(const sigset_t& signals,
                      std::vector<std::unique_ptr<commresolve::fakes::TlsServer>>& servers,
                      const std::string& certificate, const std::string& key) {
  for (int number = 0; sigwait(&signals, &number) == 0 && number == SIGHUP;) {
    bool good = true;
    for (const auto& server : servers) good = server->Present(certificate, key) && good;
    std::puts(good ? "reloaded" : "cannot use the new certificate");
    std::fflush(stdout);
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> listen;
  std::string protocol_name = "tls";
  std::string certificate;
  std::string key;
  CLI::App app("A TLS server for tests");
  app.add_option("--listen", listen, "ADDR:PORT or FIRST-LAST:PORT; repeatable")->required();
  app.add_option("--protocol", protocol_name, "What is spoken before TLS");
  app.add_option("--cert", certificate, "PEM file: the certificate, then its issuers")->required();
  app.add_option("--key", key, "PEM file")->required();
  CLI11_PARSE(app, argc, argv);

  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGHUP, SIGTERM, SIGINT}) sigaddset(&signals, number);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  AllowManyFiles();

  const auto protocol = commresolve::ParseProtocol(protocol_name);
  std::vector<std::unique_ptr<commresolve::fakes::TlsServer>> servers;
  for (const std::string& text : listen) {
    const size_t colon = text.rfind(':');
    commresolve::fakes::TlsServerOptions options;
    options.addresses.clear();
    if (colon == std::string::npos || !protocol ||
        !AppendAddresses(text.substr(0, colon), options.addresses)) {
      std::fprintf(stderr, "commresolve-test-server: cannot use '%s' with '%s'\n", text.c_str(),
                   protocol_name.c_str());
      return 2;
    }
    options.port = static_cast<uint16_t>(std::stoul(text.substr(colon + 1)));
    options.protocol = *protocol;
    servers.push_back(std::make_unique<commresolve::fakes::TlsServer>(certificate, key, options));
    std::printf("listening on %s\n", servers.back()->endpoint().ToString().c_str());
  }
  std::puts("ready");
  std::fflush(stdout);
  ServeUntilSignal(signals, servers, certificate, key);
  return 0;
}
