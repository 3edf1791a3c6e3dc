// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The server's side of what is said before TLS starts, honest or not.

#ifndef COMMRESOLVE_TESTS_FAKES_SERVER_DIALOGUE_H_
#define COMMRESOLVE_TESTS_FAKES_SERVER_DIALOGUE_H_

#include "resolver/endpoint.h"

namespace commresolve::fakes {

/// How a server strays from the protocol in the dialogue before TLS.
enum class DialogueFault {
  kNone,
  kNotOffered,  ///< Knows no STARTTLS.
  kInjection,   ///< Sends plain text right behind the go-ahead.
  kEndless,     ///< Never comes to an end: repeats its greeting for ever.
};

/// Speaks on the blocking socket `fd` until the client may start TLS. False if the client left or
/// TLS is not to start. Not a byte of the TLS handshake is read.
bool SpeakBeforeTls(int fd, Protocol protocol, DialogueFault fault);

}  // namespace commresolve::fakes

#endif  // COMMRESOLVE_TESTS_FAKES_SERVER_DIALOGUE_H_
