// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Opening what a command needs.

#include "cli/context.h"

#include "cli/json.h"

namespace commresolve::cli {

std::atomic<bool> stop_requested{false};

Context::Context(const GlobalOptions& options, Config config)
    : options_(options),
      config_(std::move(config)),
      terminal_(options.color, options.quiet),
      known_certs_(config_.data_folder + "/known_certs") {}

Result<std::unique_ptr<Context>> Context::Make(const GlobalOptions& options) {
  auto loaded = LoadConfig(options.config);
  if (!loaded.ok()) {
    Error error = loaded.error();
    // A missing settings file is a mistake, not an answer.
    if (error.code == Code::kNotFound) error.code = Code::kInvalidArgument;
    return error;
  }
  Config config = std::move(*loaded);
  if (!options.data_dir.empty()) config.data_folder = options.data_dir;
  return std::unique_ptr<Context>(new Context(options, std::move(config)));
}

Result<index::Store*> Context::store() {
  if (!store_) {
    COMMRESOLVE_ASSIGN(store, index::Store::Open(config_.data_folder, config_.ca_file));
    store_ = std::move(store);
  }
  return store_.get();
}

Result<Prober*> Context::prober() {
  if (!prober_) {
    COMMRESOLVE_ASSIGN(prober, Prober::Make(clock_));
    prober_ = std::move(prober);
  }
  return prober_.get();
}

Result<AddressLookup*> Context::dns() {
  if (!config_.resolver.dns_hints) return static_cast<AddressLookup*>(nullptr);
  if (!dns_) {
    COMMRESOLVE_ASSIGN(dns, MakeDnsLookup(config_.dns_servers));
    dns_ = std::move(dns);
  }
  return dns_.get();
}

Result<std::unique_ptr<Resolver>> Context::MakeResolver() {
  COMMRESOLVE_ASSIGN(opened_store, store());
  COMMRESOLVE_ASSIGN(opened_prober, prober());
  COMMRESOLVE_ASSIGN(opened_dns, dns());
  return std::make_unique<Resolver>(
      config_.resolver,
      ResolverParts{&clock_, &known_certs_, opened_store, opened_store, opened_dns, opened_prober});
}

ExitCode Context::Fail(const Error& error) {
  if (options_.json) terminal_.Line(ErrorJson(error));
  terminal_.Error(error);
  return ExitCodeOf(error.code);
}

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

}  // namespace commresolve::cli
