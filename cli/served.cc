// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Each question to the client, and the connections that a daemon cannot hand over.

#include "cli/served.h"

#include <sys/stat.h>

#include "resolver/base/files.h"

namespace commresolve::cli {
namespace {

std::optional<uid_t> OwnerOf(const std::string& folder) {
  struct stat info{};
  if (::stat(folder.c_str(), &info) != 0) return std::nullopt;
  return info.st_uid;
}

}  // namespace

Result<daemon::RankedRows> ServedBackend::Search(const std::string& query, size_t offset,
                                                 size_t limit) {
  return client_->Search(query, offset, limit);
}

Result<daemon::PeersPart> ServedBackend::SearchWithPeers(const std::string& query, size_t limit,
                                                         const daemon::OwnSink& own,
                                                         const daemon::LookupSink& proved,
                                                         const std::atomic<bool>* stop) {
  return client_->SearchWithPeers(query, limit, own, proved, stop);
}

Result<std::vector<index::CountedWord>> ServedBackend::Complete(const std::string& beginning,
                                                                size_t limit) {
  return client_->Complete(beginning, limit);
}

Result<Resolution> ServedBackend::Ask(const ResolveRequest& request) {
  return client_->Resolve(request, context_.settings().suffix);
}

Result<bool> ServedBackend::Dial(Resolution& resolution) {
  COMMRESOLVE_ASSIGN(prober, context_.prober());
  Answer& answer = *resolution.answer;
  RaceResult race =
      prober->Race({answer.endpoint}, context_.settings().probe,
                   [&answer](const Handshake& shake) { return shake.key == answer.key; });
  if (!race.winner) return false;
  answer.proved_at = race.winner->handshake.time;
  answer.fresh = true;
  resolution.connection = std::move(race.winner->connection);
  return true;
}

Result<Resolution> ServedBackend::Resolve(const ResolveRequest& request) {
  if (!request.keep_connection) return Ask(request);
  // The handshake here is the proof, so one of the daemon's on record will do as a first try.
  ResolveRequest on_record = request;
  on_record.prove = Prove::kMaxAge;
  for (const ResolveRequest& attempt : {on_record, request}) {
    COMMRESOLVE_ASSIGN(resolution, Ask(attempt));
    if (resolution.refusal) return resolution;
    COMMRESOLVE_ASSIGN(dialled, Dial(resolution));
    if (dialled) return resolution;
  }
  return Error{Code::kUnavailable, "the server proved its key to the daemon, but not here",
               "try again"};
}

EndpointVerdict ServedBackend::VerifyServer(const std::string& server,
                                            std::optional<Protocol> protocol) {
  return client_->VerifyServer(server, protocol);
}

Result<Binding> ServedBackend::Bind(const daemon::BindOrder& order) {
  COMMRESOLVE_ASSIGN(binding, client_->Bind(order));
  // Those of a hashed binding are not sent.
  if (!binding.words) binding.words = order.words;
  return binding;
}

Status ServedBackend::Unbind(const KeywordSet& words) { return client_->Unbind(words); }

Result<std::vector<KeyId>> ServedBackend::Revoke(const WordsOrKey& what, const std::string& reason,
                                                 bool undo) {
  return client_->Revoke(what, reason, undo);
}

Status ServedBackend::Observe(const daemon::ObserveOrder& order, const std::atomic<bool>* stop,
                              const daemon::ObserveSink& report) {
  return client_->Observe(order, stop, report);
}

std::unique_ptr<daemon::Client> FindDaemon(const std::string& data_folder) {
  // Whoever can write there could name a socket of his own. Opening the stores says what is wrong.
  if (!CheckWriters(data_folder).ok()) return nullptr;
  const auto sockets = FileLock::NoteOfHolder(data_folder + "/" + daemon::kDaemonLock);
  if (!sockets || !sockets->starts_with('/') || !CheckWriters(*sockets).ok()) return nullptr;
  auto client = daemon::Client::Connect(*sockets + "/keeper.sock", OwnerOf(data_folder));
  return client.ok() ? std::move(*client) : nullptr;
}

}  // namespace commresolve::cli
