// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Options: what the command line said, as plain data. Only command_line.cc and
// command_line_sharing.cc know how it was parsed.

#ifndef COMMRESOLVE_CLI_OPTIONS_H_
#define COMMRESOLVE_CLI_OPTIONS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace commresolve::cli {

/// Before or after the command, for every command.
struct GlobalOptions {
  std::string config;          ///< Settings file; empty: the usual place.
  std::string data_dir;        ///< Overrides the setting.
  std::string socket;          ///< Of a daemon to ask; empty: the one of the data folder, if any.
  std::string color = "auto";  ///< "auto", "always" or "never".
  bool no_daemon = false;      ///< Do it in this process even if a daemon runs.
  bool json = false;
  bool quiet = false;
};

struct ImportOptions {
  std::vector<std::string> paths;
};

struct ObserveOptions {
  std::vector<std::string> targets;
  std::string starttls;  ///< Protocol name; empty: by the port.
  std::string sni;
  std::string from;  ///< File of targets, "-" for standard input.
  size_t at_once = 256;
  size_t per_address = 2;
};

struct SearchOptions {
  std::vector<std::string> words;
  size_t limit = 10;
  size_t offset = 0;
  bool first = false;
  std::optional<bool> peers;  ///< --peers, --no-peers; empty: as the setting search_peers.
};

struct CompleteOptions {
  std::string beginning;
  size_t limit = 10;
};

/// resolve, verify, connect, open and why.
struct NameOptions {
  std::vector<std::string> words;
  std::string prove;  ///< "always", "max-age", "never"; empty: the command's default.
  uint16_t port = 0;
  std::string protocol;
  bool port_word = false;     ///< A last word that is a number is the port.
  bool brief = false;         ///< resolve -1: the address alone.
  bool launch = false;        ///< open --launch.
  std::optional<bool> peers;  ///< resolve --peers, --no-peers; empty: as the setting search_peers.
};

struct BindOptions {
  std::vector<std::string> words;
  std::string key;
  std::string at;        ///< HOST:PORT whose key to bind.
  std::string starttls;  ///< Protocol for --at.
  std::string name;
  std::string reason;
  bool add = false;
  bool critical = false;
};

struct KnownOptions {
  std::vector<std::string> words;
  std::string key;
};

struct RevokeOptions {
  std::vector<std::string> what;  ///< One key, or words.
  std::string reason;
  bool undo = false;
};

struct InspectOptions {
  std::vector<std::string> what;
  std::string starttls;
};

struct NssOptions {
  std::string root;  ///< Folder of the system to set up; empty: this one.
  bool dry_run = false;
};

struct IndexOptions {
  bool check = false;
};

/// dht join, publish, announce, delegate and lookup.
struct DhtOptions {
  std::vector<std::string> bootstrap;  ///< HOST:PORT.
  std::string postings;                ///< "yes", "no"; empty: as it is.
  std::string observations;            ///< The same.
  std::string named;                   ///< The same.
  std::string key_file;                ///< A private key; to withdraw also the key itself.
  std::vector<std::string> at;         ///< ADDRESS:PORT[,PROTO].
  std::vector<std::string> names;
  std::vector<std::string> new_keys;  ///< Keys, or files that hold one or a certificate of one.
  std::string from;                   ///< RFC 3339; empty: now.
  bool withdraw = false;
  std::string statement_file;  ///< Instead of a private key: it lets the publishing key speak.
  std::string publishing_key;  ///< Of another machine; empty: of this one.
  std::string out;             ///< Where a statement is written.
  std::string until;           ///< RFC 3339; empty: as long as usual.
  std::vector<std::string> words;
};

struct ObserverOptions {
  std::string who;   ///< A key; to remove also a name.
  int trust = 0;     ///< 0: as it is, or the usual amount.
  std::string name;  ///< Empty: as it is, or none.
};

}  // namespace commresolve::cli

#endif  // COMMRESOLVE_CLI_OPTIONS_H_
