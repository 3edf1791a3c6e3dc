// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `search` and `resolve` with peers: commands over a real socket, with a network that says what a
// test wants.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <sstream>

#include "tests/cli/sharing_fixture.h"

namespace commresolve::cli {
namespace {

using fakes::Eventually;
using fakes::MakeCertificate;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

KeyId Key(char fill) { return *DigestFromBytes<KeyId>(std::string(32, fill)); }

daemon::LookupRow Row(const KeyId& key) {
  daemon::LookupRow row;
  row.certificate.key = key;
  row.certificate.names = {"moss.example"};
  row.endpoint = {*IpAddress::Parse("192.0.2.7"), 443, Protocol::kTls, "moss.example"};
  row.proved_at = 1'700'000'000;
  row.standing.tier = Tier::kProven;
  row.finders = 3;
  row.told_by = dht::Speaker::kOwner;
  return row;
}

class SearchPeersTest : public SharingFixture {
 protected:
  SearchPeersTest() {
    fake_.rows = {Row(Key('k'))};
    fake_.summary = {4, 1, 1, 1, 1, true, false, 12, 6'120};
    search_.words = {"moss", "garden"};
    search_.peers = true;
  }
  KeyId SomethingHere() {
    const auto certificate = MakeCertificate({.names = {"moss-garden.example"}});
    world_.Observe(fakes::TlsServer(certificate));
    EXPECT_TRUE(Eventually([this] {
      const auto found = world_.engine().Search("moss garden", 0, 10, daemon::Deadline::max());
      return found.ok() && !found->found.rows.empty();
    }));
    return certificate.key_id();
  }
  ExitCode Search(bool json = false) {
    return Run([this](Context& context) { return RunSearch(context, search_); }, json);
  }
  ExitCode Resolve(const NameOptions& options) {
    return Run([&options](Context& context) { return RunResolve(context, options); });
  }

  SearchOptions search_;
};

TEST_F(SearchPeersTest, WhatIsHereComesFirstThenTheRest) {
  fake_.rows = {Row(SomethingHere()), Row(Key('k'))};
  fake_.summary.proved = 2;
  EXPECT_EQ(Search(), ExitCode::kFound);
  EXPECT_THAT(out_, StartsWith("#  MATCHED"));
  EXPECT_THAT(out_, HasSubstr("\n1  moss garden  moss-garden.example"));
  EXPECT_THAT(out_, HasSubstr("\n#   NAMES  "));
  EXPECT_THAT(out_, HasSubstr("\n2   moss.example  "));
  EXPECT_THAT(out_, Not(HasSubstr("\n3 ")));
  EXPECT_EQ(error_,
            "commresolve: 2 of 4 claims proved, 1 shown above already, 1 did not answer, 1 without "
            "a place to try, 1 without the words; looked at 12 records, 6120 bytes\n");
}

TEST_F(SearchPeersTest, WithNothingHereItIsALookUp) {
  EXPECT_EQ(Search(), ExitCode::kFound);
  EXPECT_THAT(out_, StartsWith("#   NAMES  "));
  EXPECT_THAT(out_, HasSubstr("\n1   moss.example  "));
  EXPECT_THAT(error_, AllOf(HasSubstr("1 of 4 claims proved"), HasSubstr("hint: if it is meant")));
  fake_.rows.clear();
  EXPECT_EQ(Search(), ExitCode::kNone);
  EXPECT_THAT(error_, StartsWith("commresolve: nothing found\n"));
}

TEST_F(SearchPeersTest, TheFirstOneIsTheirsOnlyIfThereIsNoneHere) {
  search_.first = true;
  EXPECT_EQ(Search(), ExitCode::kFound);
  EXPECT_EQ(out_, KeyText(Key('k')) + " moss.example\n");
  EXPECT_EQ(error_, "");
  fake_.lookups = 0;
  const KeyId here = SomethingHere();
  EXPECT_EQ(Search(), ExitCode::kFound);
  EXPECT_EQ(out_, KeyText(here) + " moss-garden.example\n");
  EXPECT_EQ(fake_.lookups, 0);
}

TEST_F(SearchPeersTest, WithoutPeersWhatIsHereStands) {
  fake_.refusal = Error{Code::kUnavailable, "this machine is no peer", "join it"};
  EXPECT_EQ(Search(), ExitCode::kNone);
  EXPECT_EQ(error_,
            "commresolve: nothing found\n"
            "commresolve: peers could not be asked: this machine is no peer (join it)\n");
  SomethingHere();
  EXPECT_EQ(Search(), ExitCode::kFound);
  EXPECT_THAT(out_, HasSubstr("moss-garden.example"));
  EXPECT_EQ(error_, "commresolve: peers could not be asked: this machine is no peer (join it)\n");
}

TEST_F(SearchPeersTest, TheSettingAsksAndIsOverruled) {
  search_.peers.reset();
  EXPECT_EQ(Search(), ExitCode::kNone);
  EXPECT_EQ(fake_.lookups, 0);
  Settings("search_peers = true\n");
  EXPECT_EQ(Search(), ExitCode::kFound);
  EXPECT_EQ(fake_.lookups, 1);
  search_.offset = 10;
  EXPECT_EQ(Search(), ExitCode::kNone);
  search_.offset = 0;
  search_.peers = false;
  EXPECT_EQ(Search(), ExitCode::kNone);
  EXPECT_EQ(fake_.lookups, 1);
}

TEST_F(SearchPeersTest, ResolveAsksForUnknownWords) {
  NameOptions options;
  options.words = {"moss", "garden"};
  EXPECT_EQ(Resolve(options), ExitCode::kNone);
  EXPECT_EQ(fake_.lookups, 0);
  options.peers = true;
  EXPECT_EQ(Resolve(options), ExitCode::kNone);
  EXPECT_EQ(fake_.lookups, 1);
  EXPECT_THAT(error_, StartsWith("commresolve: notice: peers were asked; "));
  options.peers = false;
  Settings("search_peers = true\n");
  EXPECT_EQ(Resolve(options), ExitCode::kNone);
  options.peers.reset();
  options.prove = "never";
  EXPECT_EQ(Resolve(options), ExitCode::kNone);
  EXPECT_EQ(fake_.lookups, 1);
  options.prove = "max-age";
  EXPECT_EQ(Resolve(options), ExitCode::kNone);
  EXPECT_EQ(fake_.lookups, 2);
  options.prove = "never";
  options.peers = true;
  EXPECT_EQ(Resolve(options), ExitCode::kUsage);
}

TEST_F(SearchPeersTest, OtherCommandsAskNobody) {
  Settings("search_peers = true\n");
  NameOptions options;
  options.words = {"moss", "garden"};
  for (const auto run : {RunConnect, RunOpen, RunWhy, RunVerify}) {
    EXPECT_NE(Run([&](Context& context) { return run(context, options); }), ExitCode::kFound);
  }
  EXPECT_EQ(fake_.lookups, 0);
}

TEST_F(SearchPeersTest, CtrlCEndsIt) {
  fake_.wait_for_stop = true;
  stop_requested = true;
  EXPECT_EQ(Search(), ExitCode::kInterrupted);
  stop_requested = false;
  stop_is_watched = false;
  EXPECT_THAT(error_, HasSubstr("error: stopped; what was proved is recorded\n"));
}

TEST_F(SearchPeersTest, EveryMemberOfJsonIsDocumented) {
  EXPECT_EQ(Search(true), ExitCode::kFound);
  EXPECT_THAT(out_, StartsWith(R"({"schema":"commresolve.v1","kind":"lookup_row",)"));
  EXPECT_THAT(out_, HasSubstr("\n{\"schema\":\"commresolve.v1\",\"kind\":\"lookup_summary\","));
  fake_.refusal = Error{Code::kUnavailable, "this machine is no peer", "join it"};
  EXPECT_EQ(Search(true), ExitCode::kNone);
  EXPECT_EQ(out_,
            R"({"schema":"commresolve.v1","kind":"peers_problem","error":{"code":"unavailable",)"
            R"("message":"this machine is no peer","hint":"join it"}})"
            "\n");
  std::ifstream file(std::string(COMMRESOLVE_SOURCE_DIR) + "/docs/json.md");
  std::stringstream document;
  document << file.rdbuf();
  EXPECT_THAT(document.str(), HasSubstr("### `peers_problem`\n"));
}

}  // namespace
}  // namespace commresolve::cli
