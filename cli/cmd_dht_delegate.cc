// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `dht delegate`: a certificate's key lets a publishing key speak for it.

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "cli/commands.h"
#include "cli/json_sharing.h"
#include "cli/key_file.h"
#include "grpc/sharing/own_keys.h"
#include "resolver/base/files.h"
#include "resolver/base/unique_fd.h"

namespace commresolve::cli {
namespace {

constexpr int64_t kUsualTime = 365LL * 86'400;
constexpr char kUsualFile[] = "commresolve-publishing-key";

Result<std::string> KeyOfThisMachine(Context& context) {
  COMMRESOLVE_ASSIGN(sharing, context.sharing());
  return sharing->PublishingKeyText();
}

Result<dht::Ed25519Key> WhoMaySpeak(Context& context, const DhtOptions& options) {
  std::string text = options.publishing_key;
  if (text.empty()) {
    COMMRESOLVE_ASSIGN(own, KeyOfThisMachine(context));
    text = own;
  }
  const auto key = ParseObserver(text);
  if (key.ok()) return key->bytes;
  return Error{Code::kInvalidArgument, "--to: '" + text + "' is no publishing key",
               "see commresolve dht delegate on the machine that shall publish"};
}

Result<dht::Delegation> WantedBy(Context& context, const DhtOptions& options) {
  dht::Delegation wanted;
  COMMRESOLVE_ASSIGN(key, WhoMaySpeak(context, options));
  wanted.publishing_key = key;
  wanted.valid_from = context.now();
  // Whoever makes another one later wants that one.
  wanted.sequence = static_cast<uint32_t>(context.now());
  wanted.valid_until = wanted.valid_from + kUsualTime;
  if (options.until.empty()) return wanted;
  const auto until = ParseTime(options.until);
  if (!until.ok()) {
    return Error{Code::kInvalidArgument, "--until: '" + options.until + "' is no time",
                 "as in 2027-03-01T12:00:00Z"};
  }
  wanted.valid_until = *until;
  return wanted;
}

/// Everybody may read it: a server has to serve it.
Status WriteForAll(const std::string& path, const std::string& statement) {
  COMMRESOLVE_TRY(ReplaceFile(path, statement));
  // Of no other file, even if somebody else may write the folder.
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (file.valid() && ::fchmod(file.get(), 0644) == 0) return {};
  return Error{Code::kUnavailable, path + ": " + std::strerror(errno)};
}

Result<dht::Delegation> Delegate(Context& context, const DhtOptions& options,
                                 const std::string& path) {
  COMMRESOLVE_ASSIGN(key, daemon::ReadPrivateKey(AbsolutePath(options.key_file)));
  COMMRESOLVE_ASSIGN(wanted, WantedBy(context, options));
  wanted.subject = key.id();
  if (dht::SpkiOf(wanted.publishing_key) == key.spki()) {
    return Error{Code::kInvalidArgument, "--to: this is the key itself, which may speak anyway"};
  }
  COMMRESOLVE_ASSIGN(statement, dht::WriteDelegation(wanted, key));
  COMMRESOLVE_TRY(WriteForAll(path, statement));
  return wanted;
}

ExitCode ShowKey(Context& context) {
  const auto key = KeyOfThisMachine(context);
  if (!key.ok()) return context.Fail(key.error());
  context.terminal().Line(context.json() ? PublishingKeyJson(*key) : *key);
  context.terminal().Note(
      "where a certificate's key is: commresolve dht delegate --key FILE --to " + *key);
  return ExitCode::kFound;
}

}  // namespace

ExitCode RunDhtDelegate(Context& context, const DhtOptions& options) {
  if (options.key_file.empty()) return ShowKey(context);
  const std::string path = AbsolutePath(options.out.empty() ? kUsualFile : options.out);
  const auto made = Delegate(context, options, path);
  if (!made.ok()) return context.Fail(made.error());
  Terminal& terminal = context.terminal();
  if (context.json()) {
    terminal.Line(DelegationJson(*made, path));
    return ExitCode::kFound;
  }
  terminal.Line("statement   " + Printable(path));
  terminal.Line("key         " + KeyText(made->subject));
  terminal.Line("publishing  " + ObserverText({made->publishing_key}));
  terminal.Line("until       " + FormatTime(made->valid_until));
  terminal.Note("the server of the key has to serve it at https://NAME" +
                std::string(dht::kDelegationPath));
  terminal.Note("then, where it is published: commresolve dht announce --statement FILE --at ...");
  return ExitCode::kFound;
}

}  // namespace commresolve::cli
