// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// STARTTLS in the protocols that talk in lines: SMTP, IMAP, POP3, FTP.

#include <algorithm>

#include "resolver/net/starttls_dialogues.h"

namespace commresolve {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// True if `line` begins with `words`, in whatever case, and they end there.
bool StartsWithWords(std::string_view line, std::string_view words) {
  return std::ranges::equal(line.substr(0, words.size()), words, {}, Lower, Lower) &&
         (line.size() == words.size() || line[words.size()] == ' ');
}

/// A reply code of SMTP and FTP.
bool IsReplyCode(std::string_view code) {
  return code.size() == 3 && code.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Hands whole lines, without their end, to OnLine().
class LineStartTls : public StartTls {
 protected:
  StartTlsStep Advance(std::string_view& unread) final {
    const size_t end = unread.find('\n');
    if (end == std::string_view::npos) return {};
    std::string_view line = unread.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    // The line stays valid until the next call: the base class consumes only afterwards.
    unread.remove_prefix(end + 1);
    return OnLine(line);
  }

  virtual StartTlsStep OnLine(std::string_view line) = 0;

  static StartTlsStep Send(std::string text) {
    return {StartTlsStep::Kind::kContinue, std::move(text)};
  }
  static StartTlsStep Ready() { return {StartTlsStep::Kind::kReady}; }
};

/// SMTP: a reply is lines "250-text" up to one "250 text" (RFC 5321 4.2.1).
class SmtpStartTls final : public LineStartTls {
 protected:
  StartTlsStep OnLine(std::string_view line) override {
    const std::string_view code = line.substr(0, 3);
    if (!IsReplyCode(code)) return NotSpoken("SMTP", line);
    const bool last = line.size() == 3 || line[3] != '-';
    if (state_ == State::kEhlo && line.size() > 4 && StartsWithWords(line.substr(4), "STARTTLS")) {
      offered_ = true;
    }
    if (!last) return {};
    switch (state_) {
      case State::kGreeting:
        if (code != "220") return NotSpoken("SMTP", line);
        state_ = State::kEhlo;
        // A name of nobody (RFC 6761 6.4): who asks is none of the server's business.
        return Send("EHLO client.invalid\r\n");
      case State::kEhlo:
        if (code != "250" || !offered_) return NotOffered(line);
        state_ = State::kStartTls;
        return Send("STARTTLS\r\n");
      case State::kStartTls:
        break;
    }
    return code == "220" ? Ready() : NotOffered(line);
  }

 private:
  enum class State { kGreeting, kEhlo, kStartTls } state_ = State::kGreeting;
  bool offered_ = false;
};

/// FTP: a reply of several lines begins with "220-" and ends with "220 "; what stands between may
/// look like anything (RFC 959 4.2).
class FtpStartTls final : public LineStartTls {
 protected:
  StartTlsStep OnLine(std::string_view line) override {
    const std::string_view code = line.substr(0, 3);
    if (!open_reply_.empty() && !(code == open_reply_ && line.substr(3, 1) == " ")) return {};
    if (!IsReplyCode(code)) return NotSpoken("FTP", line);
    if (line.substr(3, 1) == "-") {
      open_reply_ = code;
      return {};
    }
    open_reply_.clear();
    if (asked_) return code == "234" ? Ready() : NotOffered(line);
    if (code == "120") return {};
    if (code != "220") return NotSpoken("FTP", line);
    asked_ = true;
    return Send("AUTH TLS\r\n");
  }

 private:
  std::string open_reply_;
  bool asked_ = false;
};

class ImapStartTls final : public LineStartTls {
 protected:
  StartTlsStep OnLine(std::string_view line) override {
    if (!asked_) {
      if (!StartsWithWords(line, "* OK")) return NotSpoken("IMAP", line);
      asked_ = true;
      return Send("a STARTTLS\r\n");
    }
    if (StartsWithWords(line, "* BYE")) return NotOffered(line);
    if (line.starts_with('*')) return {};
    return StartsWithWords(line, "a OK") ? Ready() : NotOffered(line);
  }

 private:
  bool asked_ = false;
};

class Pop3StartTls final : public LineStartTls {
 protected:
  StartTlsStep OnLine(std::string_view line) override {
    const bool good = StartsWithWords(line, "+OK");
    if (asked_) return good ? Ready() : NotOffered(line);
    if (!good) return NotSpoken("POP3", line);
    asked_ = true;
    return Send("STLS\r\n");
  }

 private:
  bool asked_ = false;
};

}  // namespace

std::unique_ptr<StartTls> MakeLineStartTls(Protocol protocol) {
  switch (protocol) {
    case Protocol::kSmtp:
      return std::make_unique<SmtpStartTls>();
    case Protocol::kImap:
      return std::make_unique<ImapStartTls>();
    case Protocol::kPop3:
      return std::make_unique<Pop3StartTls>();
    default:
      return std::make_unique<FtpStartTls>();
  }
}

}  // namespace commresolve
