// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The dialogues before TLS, played by hand: whole, cut into bytes, refused and abused.

#include "resolver/net/starttls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace commresolve {
namespace {

using std::string_literals::operator""s;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using Kind = StartTlsStep::Kind;

/// One side of a dialogue: what the server says, and what the client must have answered to it.
struct Turn {
  std::string server;
  std::string client;
};

struct Dialogue {
  Protocol protocol;
  std::vector<Turn> turns;  // The last one's `client` is empty: TLS starts.
};

const std::string kXmppHeader =
    "<?xml version='1.0'?><stream:stream to='im.example' xmlns='jabber:client' "
    "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>";
const std::string kXmppStartTls = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
const std::string kLdapRequest =
    "\x30\x1d\x02\x01\x01\x77\x18\x80\x16"
    "1.3.6.1.4.1.1466.20037"s;
const std::string kLdapSuccess = "\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00"s;

std::vector<Dialogue> GoodDialogues() {
  return {
      {Protocol::kSmtp,
       {{"220 mail.example ESMTP Postfix (Debian/GNU)\r\n", "EHLO client.invalid\r\n"},
        {"250-mail.example\r\n250-PIPELINING\r\n250-STARTTLS\r\n250 CHUNKING\r\n", "STARTTLS\r\n"},
        {"220 2.0.0 Ready to start TLS\r\n", ""}}},
      {Protocol::kSmtp,
       {{"220-mail.example ESMTP Exim\r\n220-no spam\r\n220\r\n", "EHLO client.invalid\r\n"},
        {"250-mail.example\n250 starttls\n", "STARTTLS\r\n"},
        {"220-TLS\r\n220 go ahead\r\n", ""}}},
      {Protocol::kImap,
       {{"* OK [CAPABILITY IMAP4rev1 STARTTLS] Dovecot ready.\r\n", "a STARTTLS\r\n"},
        {"* CAPABILITY IMAP4rev1\r\na OK Begin TLS negotiation now.\r\n", ""}}},
      {Protocol::kPop3, {{"+OK Dovecot ready.\r\n", "STLS\r\n"}, {"+OK Begin TLS\r\n", ""}}},
      {Protocol::kFtp,
       {{"220-Welcome\r\n 220 indented\r\n230-nor this\r\n220 (vsFTPd 3.0.3)\r\n", "AUTH TLS\r\n"},
        {"234 Proceed with negotiation.\r\n", ""}}},
      {Protocol::kXmppClient,
       {{"", kXmppHeader},
        {"<?xml version='1.0'?><stream:stream from='im.example' id='a>b' version='1.0' "
         "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>\n"
         "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/>"
         "</starttls></stream:features>",
         kXmppStartTls},
        {"<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", ""}}},
      {Protocol::kXmppClient,
       {{"", kXmppHeader},
        {"<?xml version=\"1.0\"?>\n<!-- > --><s:stream "
         "xmlns:s=\"http://etherx.jabber.org/streams\" "
         "version=\"1.0\"> <s:features >\n <tls:starttls "
         "xmlns:tls=\"urn:ietf:params:xml:ns:xmpp-tls\" />\n</s:features >",
         kXmppStartTls},
        {"\n<tls:proceed xmlns:tls=\"urn:ietf:params:xml:ns:xmpp-tls\"></tls:proceed>", ""}}},
      {Protocol::kLdap, {{"", kLdapRequest}, {kLdapSuccess, ""}}},
      {Protocol::kLdap,
       {{"", kLdapRequest},
        {"\x30\x84\x00\x00\x00\x28\x02\x01\x01\x78\x84\x00\x00\x00\x1f\x0a\x01\x00\x04\x00\x04\x00"
         "\x8a\x16"
         "1.3.6.1.4.1.1466.20037"s,
         ""}}},
      {Protocol::kPostgres, {{"", "\x00\x00\x00\x08\x04\xd2\x16\x2f"s}, {"S", ""}}},
  };
}

/// Says `text` to `dialogue` in pieces of `piece` bytes; the answers put together.
StartTlsStep Say(StartTls& dialogue, const std::string& text, size_t piece) {
  StartTlsStep total;
  for (size_t at = 0; at < text.size() && total.kind == Kind::kContinue; at += piece) {
    StartTlsStep step = dialogue.Feed(std::string_view(text).substr(at, piece));
    step.send.insert(0, total.send);
    total = step;
  }
  return total;
}

/// Feeds everything that `said` holds to a fresh dialogue, after its opening.
StartTlsStep SayAll(Protocol protocol, const std::string& said) {
  const auto dialogue = MakeStartTls(protocol, "im.example");
  dialogue->Feed("");
  return Say(*dialogue, said, said.size());
}

void Play(const Dialogue& script, size_t piece) {
  const auto dialogue = MakeStartTls(script.protocol, "im.example");
  ASSERT_NE(dialogue, nullptr);
  StartTlsStep step = dialogue->Feed("");
  for (const Turn& turn : script.turns) {
    SCOPED_TRACE(turn.server);
    if (!turn.server.empty()) step = Say(*dialogue, turn.server, piece);
    EXPECT_TRUE(step.kind == (turn.client.empty() ? Kind::kReady : Kind::kContinue)) << step.reason;
    EXPECT_EQ(step.send, turn.client);
  }
}

TEST(StartTlsTest, PlaysEveryDialogueHoweverItIsCut) {
  for (const Dialogue& script : GoodDialogues()) {
    SCOPED_TRACE(ProtocolName(script.protocol));
    for (const size_t piece : {1, 2, 3, 7, 4096}) Play(script, piece);
  }
}

TEST(StartTlsTest, RefusesPlainTextBehindTheGoAhead) {
  for (const Dialogue& script : GoodDialogues()) {
    SCOPED_TRACE(ProtocolName(script.protocol));
    const auto dialogue = MakeStartTls(script.protocol, "im.example");
    dialogue->Feed("");
    for (size_t i = 0; i + 1 < script.turns.size(); ++i) {
      if (!script.turns[i].server.empty()) Say(*dialogue, script.turns[i].server, 4096);
    }
    const StartTlsStep step = Say(*dialogue, script.turns.back().server + "x", 4096);
    EXPECT_TRUE(step.kind == Kind::kFailed);
    EXPECT_THAT(step.reason, HasSubstr("plain text after its go-ahead"));
  }
}

TEST(StartTlsTest, KnowsNoDialogueForTlsFromTheFirstByte) {
  EXPECT_EQ(MakeStartTls(Protocol::kTls, ""), nullptr);
  EXPECT_EQ(MakeStartTls(Protocol::kQuic, ""), nullptr);
}

TEST(StartTlsTest, SaysWhatTheServerSaidInsteadOfOfferingStartTls) {
  const std::string not_offered = "the server does not offer STARTTLS (said: ";
  EXPECT_EQ(SayAll(Protocol::kSmtp, "220 a\r\n250-a\r\n250 STARTTLSX\r\n").reason,
            not_offered + "250 STARTTLSX)");
  EXPECT_EQ(SayAll(Protocol::kSmtp, "220 a\r\n250 STARTTLS\r\n454 TLS not available\r\n").reason,
            not_offered + "454 TLS not available)");
  EXPECT_EQ(SayAll(Protocol::kImap, "* OK a\r\na BAD unknown\r\n").reason,
            not_offered + "a BAD unknown)");
  EXPECT_EQ(SayAll(Protocol::kPop3, "+OK a\r\n-ERR no\r\n").reason, not_offered + "-ERR no)");
  EXPECT_EQ(SayAll(Protocol::kFtp, "220 a\r\n500 no\r\n").reason, not_offered + "500 no)");
  EXPECT_EQ(SayAll(Protocol::kPostgres, "N").reason, not_offered + "N)");
  EXPECT_EQ(SayAll(Protocol::kLdap,
                   "\x30\x12\x02\x01\x01\x78\x0d\x0a\x01\x02\x04\x00\x04\x06"
                   "no TLS"s)
                .reason,
            not_offered + "LDAP result 2 no TLS)");
  EXPECT_EQ(SayAll(Protocol::kXmppClient, "<stream:stream><stream:features/>").reason,
            not_offered + "stream features without starttls)");
  EXPECT_EQ(
      SayAll(Protocol::kXmppClient, "<stream:stream><stream:error><host-unknown/></stream:error>")
          .reason,
      not_offered + "<host-unknown/>)");
}

TEST(StartTlsTest, RecognisesAnotherProtocol) {
  const std::string http = "HTTP/1.1 400 Bad Request\r\n\r\n";
  for (const Protocol protocol : {Protocol::kSmtp, Protocol::kImap, Protocol::kPop3, Protocol::kFtp,
                                  Protocol::kXmppClient, Protocol::kLdap, Protocol::kPostgres}) {
    const StartTlsStep step = SayAll(protocol, http);
    EXPECT_TRUE(step.kind == Kind::kFailed) << ProtocolName(protocol);
    EXPECT_THAT(step.reason, EndsWith("answer from the server (said: HTTP/1.1 400 Bad Request)"));
  }
}

TEST(StartTlsTest, QuotesNothingThatATerminalWouldObey) {
  const StartTlsStep step = SayAll(Protocol::kSmtp, "554 \x1b[31m\xffred\r\n");
  EXPECT_THAT(step.reason, HasSubstr("said: 554 ?[31m?red)"));
  const StartTlsStep long_step = SayAll(Protocol::kSmtp, "554 " + std::string(500, 'a') + "\r\n");
  EXPECT_LT(long_step.reason.size(), 160U);
}

TEST(StartTlsTest, EndsADialogueWithoutEnd) {
  for (const std::string& said : {"220-more\r\n"s, "aaaaaaaaaa"s}) {
    const auto dialogue = MakeStartTls(Protocol::kFtp, "");
    dialogue->Feed("");
    dialogue->Feed("220-");
    StartTlsStep step;
    size_t fed = 0;
    while (step.kind == Kind::kContinue && fed <= 2 * StartTls::kMaxDialogue) {
      step = dialogue->Feed(said);
      fed += said.size();
    }
    EXPECT_THAT(step.reason, HasSubstr("talks without end"));
    EXPECT_LE(fed, StartTls::kMaxDialogue + said.size());
  }
}

TEST(StartTlsTest, PutsOnlyHostNamesIntoTheStreamHeader) {
  EXPECT_THAT(MakeStartTls(Protocol::kXmppServer, "a'><x")->Feed("").send, Not(HasSubstr("to=")));
  EXPECT_THAT(MakeStartTls(Protocol::kXmppServer, "a.example")->Feed("").send,
              HasSubstr(" to='a.example' xmlns='jabber:server'"));
}

}  // namespace
}  // namespace commresolve
