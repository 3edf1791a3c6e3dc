// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reading and checking PEM files.

#include "grpc/daemon/doors.h"

#include <sys/stat.h>

#include "grpc/client/index_servers.h"
#include "grpc/daemon/key_pair.h"
#include "resolver/base/files.h"

namespace commresolve::daemon {
namespace {

constexpr size_t kMaxPemBytes = 1 << 20;

Result<std::string> ReadPem(const std::string& path) {
  COMMRESOLVE_TRY(CheckWriters(path));
  COMMRESOLVE_ASSIGN(text, ReadFile(path, kMaxPemBytes));
  if (text.find("-----BEGIN ") != std::string::npos) return text;
  return Error{Code::kInvalidArgument, path + " holds nothing in PEM"};
}

Result<std::string> ReadKey(const std::string& path) {
  COMMRESOLVE_ASSIGN(text, ReadPem(path));
  struct stat info{};
  if (::stat(path.c_str(), &info) == 0 && (info.st_mode & (S_IRWXG | S_IRWXO)) == 0) return text;
  return Error{Code::kUntrusted, path + " can be read by others", "chmod go= it"};
}

}  // namespace

Result<std::optional<TcpDoor>> TcpDoorOf(const Config& config) {
  if (config.grpc_listen.empty()) return std::optional<TcpDoor>();
  COMMRESOLVE_ASSIGN(certificate, ReadPem(config.grpc_certificate));
  COMMRESOLVE_ASSIGN(key, ReadKey(config.grpc_key));
  COMMRESOLVE_ASSIGN(client_ca, ReadPem(config.grpc_client_ca));
  return std::optional<TcpDoor>(
      {config.grpc_listen, std::move(certificate), std::move(key), std::move(client_ca)});
}

Result<std::unique_ptr<IndexServers>> IndexServersOf(const Config& config) {
  if (config.index_servers.empty()) return std::unique_ptr<IndexServers>();
  ClientIdentity identity;
  if (!config.index_client_key.empty()) {
    COMMRESOLVE_ASSIGN(certificate, ReadPem(config.index_client_certificate));
    COMMRESOLVE_ASSIGN(key, ReadKey(config.index_client_key));
    if (!KeyBelongs(key, certificate)) {
      return Error{Code::kInvalidArgument,
                   "index_client_key does not belong to index_client_certificate",
                   "both are PEM files, the key without passphrase"};
    }
    identity = {std::move(certificate), std::move(key)};
  }
  return ReachIndexServers(config.index_servers, identity);
}

}  // namespace commresolve::daemon
