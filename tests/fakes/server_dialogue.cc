// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// STARTTLS as servers speak it, in the shortest form that real clients accept.

#include "tests/fakes/server_dialogue.h"

#include <sys/socket.h>

#include <string>
#include <string_view>

namespace commresolve::fakes {
namespace {

/// Longest thing a client says before TLS.
constexpr size_t kMaxHeard = 4096;

/// A conversation on a socket. Reads byte by byte, so that the ClientHello stays in the socket.
class Line {
 public:
  Line(int fd, DialogueFault fault) : fd_(fd), fault_(fault) {}

  [[nodiscard]] bool refuses() const { return fault_ == DialogueFault::kNotOffered; }

  bool Say(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t sent = send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      text.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }

  /// The last words before TLS, with what an attacker would add to them.
  [[nodiscard]] bool GoAhead(std::string_view text) const {
    return Say(std::string(text) + (fault_ == DialogueFault::kInjection ? "220 injected\r\n" : ""));
  }

  /// Everything up to and including `end` and, once `needed` has been seen; empty if it never came.
  [[nodiscard]] std::string Hear(char end, std::string_view needed = {}) const {
    std::string heard;
    char byte = 0;
    while (heard.size() < kMaxHeard && recv(fd_, &byte, 1, 0) == 1) {
      heard.push_back(byte);
      if (byte == end && heard.find(needed) != std::string::npos) return heard;
    }
    return {};
  }

  /// `size` bytes; fewer if the client left.
  [[nodiscard]] std::string HearBytes(size_t size) const {
    std::string heard(size, '\0');
    const ssize_t got = recv(fd_, heard.data(), size, MSG_WAITALL);
    heard.resize(got < 0 ? 0 : static_cast<size_t>(got));
    return heard;
  }

 private:
  int fd_;
  DialogueFault fault_;
};

bool Smtp(const Line& line) {
  if (!line.Say("220-fake.example ESMTP\r\n220 ready\r\n")) return false;
  for (std::string heard = line.Hear('\n'); !heard.empty(); heard = line.Hear('\n')) {
    if (heard.starts_with("EHLO")) {
      line.Say(line.refuses() ? "250-fake.example\r\n250 HELP\r\n"
                              : "250-fake.example\r\n250-STARTTLS\r\n250 HELP\r\n");
    } else if (heard.starts_with("STARTTLS") && !line.refuses()) {
      return line.GoAhead("220 go ahead\r\n");
    } else {
      line.Say("502 not implemented\r\n");
    }
  }
  return false;
}

bool Imap(const Line& line) {
  if (!line.Say("* OK fake.example ready\r\n")) return false;
  for (std::string heard = line.Hear('\n'); !heard.empty(); heard = line.Hear('\n')) {
    const std::string tag = heard.substr(0, heard.find(' '));
    if (heard.find(" CAPABILITY") != std::string::npos) {
      line.Say("* CAPABILITY IMAP4rev1" + std::string(line.refuses() ? "" : " STARTTLS") + "\r\n" +
               tag + " OK done\r\n");
    } else if (heard.find(" STARTTLS") != std::string::npos && !line.refuses()) {
      return line.GoAhead("* NOTE untagged\r\n" + tag + " OK begin TLS\r\n");
    } else {
      line.Say(tag + " BAD unknown command\r\n");
    }
  }
  return false;
}

bool Pop3(const Line& line) {
  if (!line.Say("+OK fake.example ready\r\n")) return false;
  for (std::string heard = line.Hear('\n'); !heard.empty(); heard = line.Hear('\n')) {
    if (heard.starts_with("STLS") && !line.refuses()) return line.GoAhead("+OK begin TLS\r\n");
    line.Say("-ERR unknown command\r\n");
  }
  return false;
}

bool Ftp(const Line& line) {
  if (!line.Say("220-Welcome\r\n to this server\r\n220 ready\r\n")) return false;
  for (std::string heard = line.Hear('\n'); !heard.empty(); heard = line.Hear('\n')) {
    if (heard.starts_with("AUTH TLS") && !line.refuses()) return line.GoAhead("234 begin TLS\r\n");
    line.Say("500 unknown command\r\n");
  }
  return false;
}

bool Xmpp(const Line& line, std::string_view default_namespace) {
  if (line.Hear('>', "<stream:stream").empty()) return false;
  const std::string stream =
      "<?xml version='1.0'?><stream:stream xmlns='" + std::string(default_namespace) +
      "' xmlns:stream='http://etherx.jabber.org/streams' id='1' from='fake.example' version='1.0'>";
  const std::string starttls =
      "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>";
  line.Say(stream + "<stream:features>" + (line.refuses() ? "" : starttls) +
           "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/></stream:features>");
  if (line.Hear('>', "<starttls").empty()) return false;
  return line.GoAhead("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
}

bool Ldap(const Line& line) {
  const std::string header = line.HearBytes(2);
  if (header.size() != 2 || header[0] != 0x30) return false;
  const std::string body = line.HearBytes(static_cast<uint8_t>(header[1]));
  if (body.find("1.3.6.1.4.1.1466.20037") == std::string::npos || body.size() < 3) return false;
  const char result = line.refuses() ? 2 : 0;
  const std::string answer = {0x30, 0x0c, 0x02,   0x01, body[2], 0x78, 0x07,
                              0x0a, 0x01, result, 0x04, 0x00,    0x04, 0x00};
  return line.GoAhead(answer) && !line.refuses();
}

bool Postgres(const Line& line) {
  using std::string_literals::operator""s;
  if (line.HearBytes(8) != "\0\0\0\x08\x04\xd2\x16\x2f"s) return false;
  return line.GoAhead(line.refuses() ? "N" : "S") && !line.refuses();
}

}  // namespace

bool SpeakBeforeTls(int fd, Protocol protocol, DialogueFault fault) {
  const Line line(fd, fault);
  if (fault == DialogueFault::kEndless) {
    const std::string greeting = protocol == Protocol::kImap ? "* OK more\r\n" : "220-more\r\n";
    while (line.Say(greeting)) {
    }
    return false;
  }
  switch (protocol) {
    case Protocol::kXmppClient:
      return Xmpp(line, "jabber:client");
    case Protocol::kXmppServer:
      return Xmpp(line, "jabber:server");
    case Protocol::kSmtp:
      return Smtp(line);
    case Protocol::kImap:
      return Imap(line);
    case Protocol::kPop3:
      return Pop3(line);
    case Protocol::kLdap:
      return Ldap(line);
    case Protocol::kPostgres:
      return Postgres(line);
    case Protocol::kFtp:
      return Ftp(line);
    default:
      return true;
  }
}

}  // namespace commresolve::fakes
