// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// STARTTLS in the two protocols that talk in bytes: LDAP and PostgreSQL.

#include <optional>
#include <utility>

#include "resolver/net/starttls_dialogues.h"

namespace commresolve {
namespace {

constexpr std::string_view kStartTlsRequest(
    "\x30\x1d"          // LDAPMessage
    "\x02\x01\x01"      // messageID 1
    "\x77\x18\x80\x16"  // [APPLICATION 23] ExtendedRequest, [0] requestName
    "1.3.6.1.4.1.1466.20037",
    31);
constexpr uint8_t kSequence = 0x30;
constexpr uint8_t kExtendedResponse = 0x78;
constexpr uint8_t kInteger = 0x02;
constexpr uint8_t kEnumerated = 0x0a;
constexpr uint8_t kOctetString = 0x04;

constexpr std::string_view kSslRequest("\x00\x00\x00\x08\x04\xd2\x16\x2f", 8);

/// One element of BER with a definite length, as LDAP demands (RFC 4511 5.1).
struct Element {
  uint8_t tag = 0;
  std::string_view content;
};

enum class Ber { kWhole, kIncomplete, kBroken };

/// Takes the element at the front off `data`. Some servers (Active Directory) write every length in
/// four bytes.
Ber TakeElement(std::string_view& data, Element& element) {
  if (data.size() < 2) return Ber::kIncomplete;
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(data[i]); };
  size_t header = 2;
  size_t size = byte(1);
  if (size >= 0x80) {
    const size_t count = size & 0x7f;
    if (count < 1 || count > 4) return Ber::kBroken;
    if (data.size() < header + count) return Ber::kIncomplete;
    size = 0;
    for (; header < 2 + count; ++header) size = size << 8 | byte(header);
    if (size > StartTls::kMaxPiece) return Ber::kBroken;
  }
  if (data.size() - header < size) return Ber::kIncomplete;
  element = {byte(0), data.substr(header, size)};
  data.remove_prefix(header + size);
  return Ber::kWhole;
}

/// The same where the element must be there, with this tag.
std::optional<std::string_view> TakeTagged(std::string_view& data, uint8_t tag) {
  Element element;
  if (TakeElement(data, element) != Ber::kWhole || element.tag != tag) return std::nullopt;
  return element.content;
}

class LdapStartTls final : public StartTls {
 protected:
  StartTlsStep Advance(std::string_view& unread) override {
    if (!std::exchange(asked_, true)) {
      return {StartTlsStep::Kind::kContinue, std::string(kStartTlsRequest)};
    }
    const std::string_view said = unread;
    if (!said.empty() && static_cast<uint8_t>(said[0]) != kSequence) return NotSpoken("LDAP", said);
    Element message;
    switch (TakeElement(unread, message)) {
      case Ber::kIncomplete:
        return {};
      case Ber::kBroken:
        return NotSpoken("LDAP", said);
      case Ber::kWhole:
        break;
    }
    return OnMessage(message.content, said);
  }

 private:
  static StartTlsStep OnMessage(std::string_view message, std::string_view said) {
    if (!TakeTagged(message, kInteger)) return NotSpoken("LDAP", said);
    std::optional<std::string_view> response = TakeTagged(message, kExtendedResponse);
    if (!response) return NotSpoken("LDAP", said);
    const std::optional<std::string_view> result = TakeTagged(*response, kEnumerated);
    if (!result || result->size() != 1) return NotSpoken("LDAP", said);
    if ((*result)[0] == 0) return {StartTlsStep::Kind::kReady};
    TakeTagged(*response, kOctetString);
    const std::string_view diagnostic = TakeTagged(*response, kOctetString).value_or("");
    return NotOffered("LDAP result " + std::to_string(static_cast<uint8_t>((*result)[0])) + " " +
                      std::string(diagnostic));
  }

  bool asked_ = false;
};

class PostgresStartTls final : public StartTls {
 protected:
  StartTlsStep Advance(std::string_view& unread) override {
    if (!std::exchange(asked_, true)) {
      return {StartTlsStep::Kind::kContinue, std::string(kSslRequest)};
    }
    if (unread.empty()) return {};
    const std::string_view said = unread;
    unread.remove_prefix(1);
    switch (said[0]) {
      case 'S':
        return {StartTlsStep::Kind::kReady};
      case 'N':
        return NotOffered("N");
      default:
        return NotSpoken("PostgreSQL", said);
    }
  }

 private:
  bool asked_ = false;
};

}  // namespace

std::unique_ptr<StartTls> MakeLdapStartTls() { return std::make_unique<LdapStartTls>(); }
std::unique_ptr<StartTls> MakePostgresStartTls() { return std::make_unique<PostgresStartTls>(); }

}  // namespace commresolve
