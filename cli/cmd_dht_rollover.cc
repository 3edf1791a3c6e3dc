// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `dht rollover`: which keys may follow a key of the user's own.

#include "cli/commands.h"
#include "cli/json_sharing.h"
#include "cli/key_file.h"

namespace commresolve::cli {
namespace {

Result<daemon::RolloverStatement> WantedBy(const DhtOptions& options) {
  if (options.new_keys.empty()) {
    return Error{Code::kInvalidArgument, "--new is missing: which key may follow?",
                 "--new KEY or a certificate, or --withdraw if none may any more"};
  }
  daemon::RolloverStatement wanted;
  wanted.key_file = AbsolutePath(options.key_file);
  for (const std::string& text : options.new_keys) {
    COMMRESOLVE_ASSIGN(key, KeyOrKeyOfFile(text));
    wanted.new_keys.push_back(key);
  }
  if (options.from.empty()) return wanted;
  const auto from = ParseTime(options.from);
  if (!from.ok() || *from <= 0) {
    return Error{Code::kInvalidArgument, "--from: '" + options.from + "' is no time",
                 "as in 2027-03-01T12:00:00Z"};
  }
  wanted.from = *from;
  return wanted;
}

Result<daemon::RolloverStatement> Say(Context& context, const DhtOptions& options) {
  COMMRESOLVE_ASSIGN(wanted, WantedBy(options));
  COMMRESOLVE_ASSIGN(sharing, context.sharing());
  return sharing->AnnounceRollover(wanted);
}

/// The key of which something was said with this file, which need not be there any more.
Result<KeyId> KeySaid(daemon::SharingClient& sharing, const std::string& file_or_key) {
  if (const auto key = ParseKey(file_or_key); key.ok()) return *key;
  COMMRESOLVE_ASSIGN(status, sharing.GetStatus());
  const std::string path = AbsolutePath(file_or_key);
  for (const daemon::RolloverState& state : status.rollovers) {
    if (state.rollover.key_file == path) return state.rollover.key;
  }
  return Error{Code::kNotFound, "nothing is said of keys that may follow " + path,
               "see commresolve dht status"};
}

Result<KeyId> TakeBack(Context& context, const DhtOptions& options) {
  COMMRESOLVE_ASSIGN(sharing, context.sharing());
  COMMRESOLVE_ASSIGN(key, KeySaid(*sharing, options.key_file));
  COMMRESOLVE_TRY(sharing->WithdrawRollover(key));
  return key;
}

}  // namespace

ExitCode RunDhtRollover(Context& context, const DhtOptions& options) {
  Terminal& terminal = context.terminal();
  if (options.withdraw) {
    const auto key = TakeBack(context, options);
    if (!key.ok()) return context.Fail(key.error());
    terminal.Note("withdrawn: no key may follow " + KeyText(*key) +
                  "; peers are told so for 30 days, then it is forgotten");
    return ExitCode::kFound;
  }
  const auto said = Say(context, options);
  if (!said.ok()) return context.Fail(said.error());
  if (context.json()) {
    terminal.Line(RolloverJson(*said));
    return ExitCode::kFound;
  }
  terminal.Line("said until it is withdrawn");
  terminal.Line("key   " + KeyText(said->key));
  for (const KeyId& key : said->new_keys) terminal.Line("new   " + KeyText(key));
  terminal.Line("from  " + FormatTime(said->from));
  terminal.Note("put as soon as there are peers; see commresolve dht status");
  terminal.Note("keep the old key in use for two days: others have to know this for one day first");
  return ExitCode::kFound;
}

}  // namespace commresolve::cli
