// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What all dialogues share: buffering, the bound, and the refusal of bytes after the go-ahead.

#include "resolver/net/starttls.h"

#include <algorithm>

#include "resolver/net/starttls_dialogues.h"

namespace commresolve {
namespace {

constexpr size_t kMaxQuoted = 80;

StartTlsStep Failed(std::string reason) {
  return {StartTlsStep::Kind::kFailed, "", std::move(reason)};
}

}  // namespace

StartTlsStep StartTls::Feed(std::string_view received) {
  heard_ += received.size();
  unread_ += received;
  StartTlsStep total;
  std::string_view unread = unread_;
  for (;;) {
    const size_t before = unread.size();
    StartTlsStep step = Advance(unread);
    if (step.kind == StartTlsStep::Kind::kReady && !unread.empty()) {
      return Failed("the server sent plain text after its go-ahead for TLS");
    }
    if (step.kind != StartTlsStep::Kind::kContinue) return step;
    total.send += step.send;
    if (unread.empty() || (unread.size() == before && step.send.empty())) break;
  }
  if (heard_ > kMaxDialogue || unread.size() > kMaxPiece) {
    return Failed("the server talks without end before TLS");
  }
  unread_.erase(0, unread_.size() - unread.size());
  return total;
}

std::unique_ptr<StartTls> MakeStartTls(Protocol protocol, const std::string& server_name) {
  switch (protocol) {
    case Protocol::kXmppClient:
    case Protocol::kXmppServer:
      return MakeXmppStartTls(protocol, server_name);
    case Protocol::kSmtp:
    case Protocol::kImap:
    case Protocol::kPop3:
    case Protocol::kFtp:
      return MakeLineStartTls(protocol);
    case Protocol::kLdap:
      return MakeLdapStartTls();
    case Protocol::kPostgres:
      return MakePostgresStartTls();
    default:
      return nullptr;
  }
}

StartTlsStep NotOffered(std::string_view said) {
  return Failed("the server does not offer STARTTLS (said: " + Printable(said) + ")");
}

StartTlsStep NotSpoken(std::string_view protocol, std::string_view said) {
  return Failed("no " + std::string(protocol) +
                " answer from the server (said: " + Printable(said) + ")");
}

std::string Printable(std::string_view text) {
  text.remove_prefix(std::min(text.size(), text.find_first_not_of(" \t\r\n")));
  text = text.substr(0, text.find_first_of("\r\n"));
  std::string printable(text.substr(0, kMaxQuoted));
  for (char& c : printable) {
    if (c < ' ' || c > '~') c = '?';
  }
  return text.size() > kMaxQuoted ? printable + "..." : printable;
}

}  // namespace commresolve
