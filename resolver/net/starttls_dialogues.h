// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The dialogues behind MakeStartTls(), and the words in which they fail.

#ifndef COMMRESOLVE_RESOLVER_NET_STARTTLS_DIALOGUES_H_
#define COMMRESOLVE_RESOLVER_NET_STARTTLS_DIALOGUES_H_

#include <memory>
#include <string>
#include <string_view>

#include "resolver/net/starttls.h"

namespace commresolve {

/// RFC 3207 (SMTP), RFC 3501 6.2.1 (IMAP), RFC 2595 4 (POP3), RFC 4217 4 (FTP).
std::unique_ptr<StartTls> MakeLineStartTls(Protocol protocol);
/// RFC 6120 5.4.2.
std::unique_ptr<StartTls> MakeXmppStartTls(Protocol protocol, const std::string& server_name);
/// RFC 4511 4.14.
std::unique_ptr<StartTls> MakeLdapStartTls();
/// PostgreSQL's SSLRequest.
std::unique_ptr<StartTls> MakePostgresStartTls();

/// "the server does not offer STARTTLS (said: ...)"
StartTlsStep NotOffered(std::string_view said);
/// "no `protocol` answer from the server (said: ...)"
StartTlsStep NotSpoken(std::string_view protocol, std::string_view said);
/// At most 80 characters of the first line of `text` that is not empty: printable ASCII with '?'
/// for the rest.
std::string Printable(std::string_view text);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_NET_STARTTLS_DIALOGUES_H_
