// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Opening what a command needs.

#include "cli/context.h"

#include "cli/embedded.h"
#include "cli/json.h"
#include "cli/served.h"
#include "index/indexer.h"

namespace commresolve::cli {

std::atomic<bool> stop_requested{false};
std::atomic<bool> stop_is_watched{false};

const std::atomic<bool>* WatchStop() {
  stop_is_watched = true;
  return &stop_requested;
}

Context::Context(const GlobalOptions& options, Config config)
    : options_(options),
      config_(std::move(config)),
      terminal_(options.color, options.quiet),
      known_certs_(config_.data_folder + "/known_certs") {}

Result<std::unique_ptr<Context>> Context::Make(const GlobalOptions& options) {
  auto loaded = LoadConfig(options.config, options.data_dir);
  if (!loaded.ok()) {
    Error error = loaded.error();
    // A missing settings file is a mistake, not an answer.
    if (error.code == Code::kNotFound) error.code = Code::kInvalidArgument;
    return error;
  }
  return std::unique_ptr<Context>(new Context(options, std::move(*loaded)));
}

Result<std::unique_ptr<daemon::Client>> Context::FindClient() {
  if (!options_.socket.empty()) return daemon::Client::Connect(options_.socket);
  return options_.no_daemon ? nullptr : FindDaemon(config_.data_folder);
}

Result<daemon::SharingClient*> Context::sharing() {
  if (options_.no_daemon) {
    return Error{Code::kInvalidArgument, "only a daemon shares, and --no-daemon asks none",
                 "leave --no-daemon out"};
  }
  if (!sharing_) {
    COMMRESOLVE_ASSIGN(client, FindClient());
    sharing_ = std::move(client);
  }
  if (sharing_) return &sharing_->sharing();
  return Error{Code::kUnavailable, "sharing needs a daemon, and none serves " + config_.data_folder,
               "start it: systemctl --user start commresolved"};
}

Result<Backend*> Context::backend() {
  if (backend_) return backend_.get();
  COMMRESOLVE_ASSIGN(client, FindClient());
  if (client) {
    backend_ = std::make_unique<ServedBackend>(*this, std::move(client));
  } else {
    backend_ = std::make_unique<EmbeddedBackend>(*this);
  }
  return backend_.get();
}

Status Context::NeedFolder() const {
  if (options_.socket.empty()) return {};
  return Error{Code::kInvalidArgument,
               "this needs the data folder, and --socket only asks a daemon",
               "run it without --socket, as the owner of the data"};
}

Result<index::Store*> Context::store() {
  COMMRESOLVE_TRY(NeedFolder());
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
    COMMRESOLVE_ASSIGN(dns, MakeDnsLookup(config_.dns_servers, config_.resolver.suffix));
    dns_ = std::move(dns);
  }
  return dns_.get();
}

Result<std::shared_ptr<const KnownCerts>> Context::known() {
  COMMRESOLVE_TRY(NeedFolder());
  return known_certs_.Load();
}

void Context::CatchUp(std::chrono::milliseconds patience) {
  if (!store_) return;
  const auto behind = store_->ledger().ChangedCount();
  if (!behind.ok() || *behind == 0) return;
  // Whoever holds the lock will index it, or the next one who can take it.
  const auto lock = store_->LockForWriting(patience);
  if (!lock.ok()) return;
  if (const Status status = index::CatchUpIndex(*store_, {}); !status.ok()) {
    terminal_.Note("the search index could not be brought up to date: " + status.error().message);
  }
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
