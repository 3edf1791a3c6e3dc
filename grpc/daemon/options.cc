// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// getopt_long, and where things stand by default.

#include "grpc/daemon/options.h"

#include <getopt.h>

#include <array>
#include <cstdlib>
#include <filesystem>

namespace commresolve::daemon {
namespace {

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string DefaultRuntimeDir(bool system) {
  // systemd names several folders with ':' between.
  if (const std::string given = Variable("RUNTIME_DIRECTORY"); !given.empty()) {
    return given.substr(0, given.find(':'));
  }
  if (system) return "/run/commresolve";
  const std::string user = Variable("XDG_RUNTIME_DIR");
  return user.starts_with('/') ? user + "/commresolve" : "";
}

}  // namespace

Result<DaemonOptions> ParseOptions(int argc, char** argv) {
  static const std::array<option, 8> kLong = {{{"config", required_argument, nullptr, 'c'},
                                               {"data-dir", required_argument, nullptr, 'd'},
                                               {"runtime-dir", required_argument, nullptr, 'r'},
                                               {"index-server", no_argument, nullptr, 'i'},
                                               {"system", no_argument, nullptr, 's'},
                                               {"help", no_argument, nullptr, 'h'},
                                               {"version", no_argument, nullptr, 'V'},
                                               {nullptr, 0, nullptr, 0}}};
  DaemonOptions options;
  optind = 1;
  opterr = 0;
  for (int c = 0; (c = getopt_long(argc, argv, ":h", kLong.data(), nullptr)) != -1;) {
    switch (c) {
      case 'c':
        options.config = optarg;
        break;
      case 'd':
        options.data_dir = optarg;
        break;
      case 'r':
        options.runtime_dir = optarg;
        break;
      case 'i':
        options.index_server = true;
        break;
      case 's':
        options.system = true;
        break;
      case 'h':
        options.help = true;
        break;
      case 'V':
        options.version = true;
        break;
      default:
        return Error{Code::kInvalidArgument,
                     std::string(c == ':' ? "a value is missing after " : "unknown option ") +
                         argv[optind - 1],
                     "see commresolved --help"};
    }
  }
  if (optind < argc) {
    return Error{Code::kInvalidArgument, std::string("unexpected argument ") + argv[optind],
                 "see commresolved --help"};
  }
  if (options.runtime_dir.empty()) options.runtime_dir = DefaultRuntimeDir(options.system);
  // It is told to programs that stand elsewhere.
  if (!options.runtime_dir.empty()) {
    options.runtime_dir =
        std::filesystem::absolute(options.runtime_dir).lexically_normal().string();
  }
  if (options.runtime_dir.empty() && !options.help && !options.version) {
    return Error{Code::kInvalidArgument, "neither XDG_RUNTIME_DIR nor RUNTIME_DIRECTORY is set",
                 "say where sockets and snapshot are to stand: --runtime-dir DIR"};
  }
  return options;
}

std::string HelpText() {
  return R"(commresolved: answers names of certificates for all programs of a user or a machine

Usage: commresolved [OPTIONS]

Owns the data folder, keeps the proofs of bound names young, publishes the names for the NSS module,
and serves gRPC on Unix sockets. Runs in the foreground until SIGTERM; SIGHUP reads the settings again.

  --config FILE       settings, as for commresolve
  --data-dir DIR      data folder; overrides the settings
  --runtime-dir DIR   for grpc.sock, keeper.sock, nss.sock and hosts.snap
                      [default: $XDG_RUNTIME_DIR/commresolve, with --system /run/commresolve]
  --system            for every user of the machine: all may open grpc.sock and nss.sock
  --index-server      only search the data folder, and answer other daemons over TCP; needs the
                      settings grpc_listen, grpc_certificate, grpc_key and grpc_client_ca
  --version           print the version
  -h, --help          show this text

Examples:
  commresolved                               with the user's own settings and data
  commresolved --system --config /etc/commresolve/config.toml --data-dir /var/lib/commresolve

Exit status: 0 stopped by SIGTERM or SIGINT, 2 wrong usage or settings, 4 a socket or the data folder is
not to be had, 70 a bug.
)";
}

}  // namespace commresolve::daemon
