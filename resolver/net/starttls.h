// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// StartTls: what is said in the clear before TLS, as a pure state machine fed with bytes.
//
// Nothing here is trusted: the dialogue only gets TLS started, and the handshake proves the key. So
// the machines are strict about two things alone: how much a server may say, and that it says
// nothing between its go-ahead and the handshake (plain text that would later be taken for text
// from inside TLS, as in CVE-2011-0411).

#ifndef COMMRESOLVE_RESOLVER_NET_STARTTLS_H_
#define COMMRESOLVE_RESOLVER_NET_STARTTLS_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "resolver/endpoint.h"

namespace commresolve {

/// What to do next in the dialogue.
struct StartTlsStep {
  enum class Kind {
    kContinue,  ///< Send `send` (may be empty), then feed what the server says.
    kReady,     ///< Start TLS now.
    kFailed,    ///< Give up: `reason`.
  };
  Kind kind = Kind::kContinue;
  std::string send = {};
  std::string reason = {};  ///< For an error message: printable ASCII, bounded.
};

/// One dialogue of one connection. After kReady or kFailed it is over and must not be fed again.
class StartTls {
 public:
  /// Most that a server may say before TLS.
  static constexpr size_t kMaxDialogue = 65536;
  /// Longest line, tag or message.
  static constexpr size_t kMaxPiece = 8192;

  virtual ~StartTls() = default;

  /// Feeds what the server sent, cut anywhere. Call it first with nothing: some protocols begin
  /// with the client.
  StartTlsStep Feed(std::string_view received);

 protected:
  /// Consumes what it understands from the front of `unread` and says what to do; kContinue with
  /// nothing to send if it needs more. Called again as long as it consumes and has more to read.
  virtual StartTlsStep Advance(std::string_view& unread) = 0;

 private:
  std::string unread_;
  size_t heard_ = 0;
};

/// The dialogue of `protocol`, or null for kTls and protocols that CanProbe() denies.
/// `server_name` (may be empty) goes into the XMPP stream header.
std::unique_ptr<StartTls> MakeStartTls(Protocol protocol, const std::string& server_name);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_NET_STARTTLS_H_
