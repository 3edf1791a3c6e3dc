// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// commresolve-test-server: the fake server as a program, for shell tests and benchmarks. Echoes
// what it is sent, shows a new certificate after SIGHUP, ends at SIGTERM or SIGINT.

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <memory>
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

using Servers = std::vector<std::unique_ptr<commresolve::fakes::TlsServer>>;

struct Options {
  std::vector<std::string> listen;
  std::string protocol = "tls";
  std::string certificate;
  std::string key;
};

/// One server for each `--listen`; empty after a message if one cannot be understood.
Servers StartServers(const Options& options) {
  Servers servers;
  for (const std::string& text : options.listen) {
    const auto place = commresolve::ParseHostPort(text);
    const auto protocol = commresolve::ParseProtocol(options.protocol);
    commresolve::fakes::TlsServerOptions server;
    server.addresses.clear();
    if (!place.ok() || !protocol || !AppendAddresses(place->host, server.addresses)) {
      std::cerr << "commresolve-test-server: cannot use '" << text << "' with '" << options.protocol
                << "'\n";
      return {};
    }
    server.port = place->port;
    server.protocol = *protocol;
    servers.push_back(
        std::make_unique<commresolve::fakes::TlsServer>(options.certificate, options.key, server));
    std::cout << "listening on " << servers.back()->endpoint().ToString() << "\n";
  }
  return servers;
}

/// Waits for signals: reloads on SIGHUP, returns on any other.
void ServeUntilSignal(const sigset_t& signals, const Servers& servers, const Options& options) {
  for (int number = 0; sigwait(&signals, &number) == 0 && number == SIGHUP;) {
    bool good = true;
    for (const auto& server : servers) {
      good = server->Present(options.certificate, options.key) && good;
    }
    std::cout << (good ? "reloaded" : "cannot use the new certificate") << "\n" << std::flush;
  }
}

int Run(int argc, char** argv) {
  Options options;
  CLI::App app("A TLS server for tests");
  app.add_option("--listen", options.listen, "ADDR:PORT or FIRST-LAST:PORT; repeatable")
      ->required();
  app.add_option("--protocol", options.protocol, "What is spoken before TLS");
  app.add_option("--cert", options.certificate, "PEM file: the certificate, then its issuers")
      ->required();
  app.add_option("--key", options.key, "PEM file")->required();
  CLI11_PARSE(app, argc, argv);

  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGHUP, SIGTERM, SIGINT}) sigaddset(&signals, number);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  AllowManyFiles();
  const Servers servers = StartServers(options);
  if (servers.empty()) return 2;
  std::cout << "ready" << "\n" << std::flush;
  ServeUntilSignal(signals, servers, options);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return Run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "commresolve-test-server: " << error.what() << "\n";
    return 70;
  }
}
