// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a person sees of peers: commands over a real socket, with a network that says what a test
// wants.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <sstream>

#include "tests/cli/sharing_fixture.h"

namespace commresolve::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

KeyId Key(char fill) { return *DigestFromBytes<KeyId>(std::string(32, fill)); }

daemon::LookupRow Row(char fill) {
  daemon::LookupRow row;
  row.certificate.key = Key(fill);
  row.certificate.names = {"chat.example", "b.example"};
  row.certificate.organizations = {"Evil\033[31m"};
  row.endpoint = {*IpAddress::Parse("192.0.2.7"), 443, Protocol::kTls, "chat.example"};
  row.proved_at = 1'700'000'000;
  row.standing.tier = Tier::kProven;
  row.finders = 3;
  row.good_finders = 1;
  row.told_by = dht::Speaker::kOwner;
  return row;
}

class SharingTest : public SharingFixture {
 protected:
  ExitCode Lookup(bool json = false) {
    DhtOptions options;
    options.words = {"chat", "example"};
    return Run([&](Context& context) { return RunDhtLookup(context, options); }, json);
  }
};

TEST_F(SharingTest, ALookupShowsWhatIsProvedAndWhatToDoNext) {
  fake_.rows = {Row('k')};
  fake_.summary = {4, 1, 1, 1, 1, true, false, 12, 6'120};
  EXPECT_EQ(Lookup(), ExitCode::kFound);
  EXPECT_EQ(fake_.told_text, "chat example");
  EXPECT_THAT(out_, StartsWith("#   NAMES  "));
  EXPECT_THAT(out_, HasSubstr("\n1   chat.example +1  "));
  EXPECT_THAT(out_, AllOf(HasSubstr("Evil?[31m"), Not(HasSubstr("\033"))));
  EXPECT_THAT(out_, HasSubstr("192.0.2.7:443"));
  EXPECT_THAT(out_, HasSubstr("proven"));
  EXPECT_THAT(out_, HasSubstr("owner            3, 1 good\n"));
  EXPECT_EQ(error_,
            "commresolve: 1 of 4 claims proved, 1 did not answer, 1 without a place to try, 1 "
            "without the words; looked at 12 records, 6120 bytes\n"
            "commresolve: hint: if it is meant: commresolve bind chat example --key " +
                KeyText(Key('k')) + "\n");
}

TEST_F(SharingTest, OfSeveralTheUserChooses) {
  fake_.rows = {Row('a'), Row('b')};
  fake_.summary.proved = 2;
  fake_.summary.complete = false;
  EXPECT_EQ(Lookup(), ExitCode::kFound);
  EXPECT_THAT(error_, HasSubstr("; ended early, there may be more\n"));
  EXPECT_THAT(error_,
              HasSubstr("hint: choose which one is meant: commresolve bind chat example\n"));
}

TEST_F(SharingTest, ARevokedKeyIsNotProposed) {
  fake_.rows = {Row('a')};
  fake_.rows[0].standing.revoked = true;
  EXPECT_EQ(Lookup(), ExitCode::kFound);
  EXPECT_THAT(out_, HasSubstr("revoked"));
  EXPECT_THAT(error_, Not(HasSubstr("hint")));
}

TEST_F(SharingTest, NothingFound) {
  fake_.summary.too_common = true;
  EXPECT_EQ(Lookup(), ExitCode::kNone);
  EXPECT_EQ(out_, "");
  EXPECT_THAT(error_, StartsWith("commresolve: nothing found\ncommresolve: 0 of 0 claims proved"));
  EXPECT_THAT(error_, HasSubstr("hint: a word is so common"));
}

TEST_F(SharingTest, CtrlCEndsALookup) {
  fake_.rows = {Row('a')};
  fake_.wait_for_stop = true;
  stop_requested = true;
  EXPECT_EQ(Lookup(), ExitCode::kInterrupted);
  stop_requested = false;
  stop_is_watched = false;
  EXPECT_THAT(error_, HasSubstr("error: stopped; what was proved is recorded\n"));
}

TEST_F(SharingTest, EveryMemberOfJsonIsDocumented) {
  fake_.rows = {Row('k')};
  ASSERT_EQ(Lookup(true), ExitCode::kFound);
  EXPECT_THAT(out_, StartsWith(R"({"schema":"commresolve.v1","kind":"lookup_row",)"));
  EXPECT_THAT(out_, HasSubstr("\n{\"schema\":\"commresolve.v1\",\"kind\":\"lookup_summary\","));
  EXPECT_THAT(out_, HasSubstr(R"("told_by":"owner")"));
  std::ifstream file(std::string(COMMRESOLVE_SOURCE_DIR) + "/docs/json.md");
  std::stringstream document;
  document << file.rdbuf();
  const std::regex member("\"(\\w+)\":");
  for (std::sregex_iterator found(out_.begin(), out_.end(), member), end; found != end; ++found) {
    const std::string name = (*found)[1];
    if (name == "schema" || name == "kind") continue;
    EXPECT_THAT(document.str(), HasSubstr("| `" + name + "` |"));
  }
}

TEST_F(SharingTest, StatusAtAGlance) {
  daemon::SharingStatus& said = fake_.answer;
  said.membership = {true, true, false, true, {"node.example:4222"}};
  said.running = true;
  said.listens4 = {*IpAddress::Parse("0.0.0.0"), 4222};
  said.listens6 = {*IpAddress::Parse("::"), 4222};
  said.health.connected = true;
  said.health.peers4 = 12;
  said.health.networks = 1;
  said.health.dropped[1] = 2;
  said.health.dropped[5] = 1;
  said.questions = 3;
  said.queue[0] = {10, 1, 2, 3, 4, 80};
  said.announcements = {{{Key('k'), "/k.pem", {Row('k').endpoint}, {"chat.example"}},
                         {true, 8, SystemClock().Now() + 2 * 3'600 + 60, ""}},
                        {{Key('l'), "/l.pem", {}, {}}, {false, 0, 0, "/l.pem is not there"}}};
  said.rollovers = {{{Key('k'), "/k.pem", {Key('l'), Key('m')}, 1'800'000'000}, {}},
                    {{Key('l'), "/l.pem", {}, 1'800'000'000}, {}}};
  said.observer = "xyz";
  said.publishing_key = "uvw";
  said.pseudonym = "abc";
  EXPECT_EQ(Run(RunDhtStatus), ExitCode::kFound);
  EXPECT_EQ(error_, "");
  EXPECT_EQ(
      out_,
      "state               joined, connected\n"
      "listens             0.0.0.0:4222, [::]:4222\n"
      "peers               12 over IPv4, 0 over IPv6, in 1 network\n"
      "estimated size      0 nodes\n"
      "stored for all      0 records, 0 bytes\n"
      "asked peers         3 questions\n"
      "received            0 packets, 0 bytes\n"
      "sent                0 packets, 0 bytes\n"
      "dropped             3 packets (2 malformed, 1 rate)\n"
      "refused             0 records that break a rule, 0 for want of room\n"
      "begins at           node.example:4222\n"
      "publishes           postings yes, observations no\n"
      "observer            xyz\n"
      "pseudonym           abc\n"
      "publishing key      uvw\n"
      "\n"
      "PUBLISHED      ENTRIES  DUE  NEVER PUT  FAILING  LOST  REPLICAS\n"
      "posting block  10       1    3          4        2     80\n"
      "\n"
      "ANNOUNCED   NAMES         AT             STATE                     FILE\n"
      "" + KeyShort(Key('k')) +
          "  chat.example  192.0.2.7:443  on 8 nodes, again in 2 h  /k.pem\n" + KeyShort(Key('l')) +
          "  -             withdrawn      /l.pem is not there       /l.pem\n"
          "\n"
          "OLD KEY     MAY BE FOLLOWED BY      FROM                  STATE        KEY FILE\n" +
          KeyShort(Key('k')) + "  " + KeyShort(Key('l')) + ", " + KeyShort(Key('m')) +
          "  2027-01-15T08:00:00Z  not put yet  /k.pem\n" + KeyShort(Key('l')) +
          "  withdrawn               2027-01-15T08:00:00Z  not put yet  /l.pem\n");
}

TEST_F(SharingTest, StatusSaysWhatIsWrong) {
  daemon::SharingStatus& said = fake_.answer;
  EXPECT_EQ(Run(RunDhtStatus), ExitCode::kNone);
  EXPECT_THAT(out_, StartsWith("state               not joined\n"));
  said.membership.joined = true;
  said.problem = "the port is taken";
  EXPECT_EQ(Run(RunDhtStatus), ExitCode::kFound);
  EXPECT_THAT(out_, StartsWith("state               joined, but not running\n"
                               "problem             the port is taken\n"));
  said.running = true;
  EXPECT_EQ(Run(RunDhtStatus), ExitCode::kFound);
  EXPECT_THAT(out_, StartsWith("state               joined, no peer has answered yet\n"));
  said.health.zombie = true;
  EXPECT_EQ(Run(RunDhtStatus), ExitCode::kFound);
  EXPECT_THAT(out_, StartsWith("state               zombie: nothing came back"));
}

}  // namespace
}  // namespace commresolve::cli
