// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// RequestFrom: the command line of resolve, connect, verify, open and why as a ResolveRequest, and
// the words of bind, unbind, known and revoke.

#ifndef COMMRESOLVE_CLI_REQUEST_H_
#define COMMRESOLVE_CLI_REQUEST_H_

#include <optional>
#include <string>
#include <vector>

#include "cli/context.h"

namespace commresolve::cli {

/// kInvalidArgument for a name, protocol or --prove that makes no sense. With port_word a last word
/// of digits alone is the port, or an error, if other words come before it and --port is not given.
Result<ResolveRequest> RequestFrom(const Context& context, const NameOptions& options,
                                   Prove default_prove);

/// Whether peers are asked: as --peers and --no-peers say, else as the setting search_peers. With
/// --peers it fails as Context::sharing(): only a daemon has a node.
Result<bool> AsksPeers(Context& context, std::optional<bool> choice);

/// ParseKey() of an option, with a hint for those who have the short form of tables.
Result<KeyId> KeyFrom(const std::string& text);
/// True for at least as many characters of a key as tables show, and not all of them.
bool LooksLikeShortKey(const std::string& text);

/// Words as bind, known and revoke take them: free text, or a name under the suffix.
Result<WordsOrKey> WordsOrKeyFrom(const Context& context, const std::vector<std::string>& words);
/// The same where a key makes no sense: kInvalidArgument.
Result<KeywordSet> WordsFrom(const Context& context, const std::vector<std::string>& words);

/// "VERIFIED", "NEW", "CHANGED", "REVOKED", "HOLD".
std::string LoudVerdict(Verdict verdict);

}  // namespace commresolve::cli

#endif  // COMMRESOLVE_CLI_REQUEST_H_
