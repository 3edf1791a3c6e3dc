// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The line "hosts" of many systems: how it is read, and that every edit can be taken back.

#include "cli/nsswitch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace commresolve::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

HostsLine Line(const std::string& text) {
  const auto found = FindHostsLine(text);
  EXPECT_TRUE(found.ok()) << text << (found.ok() ? "" : found.error().message);
  EXPECT_TRUE(found.ok() && found->has_value()) << text;
  return found.ok() && *found ? **found : HostsLine{};
}

std::string Names(const HostsLine& line) {
  std::string names;
  for (const NssEntry& entry : line.entries) names += entry.name + " ";
  return names;
}

std::string Enabled(const std::string& text) {
  const auto edit = EnableNss(text);
  EXPECT_TRUE(edit.ok()) << text << (edit.ok() ? "" : edit.error().message);
  return edit.ok() ? edit->text : "";
}

std::string Disabled(const std::string& text) {
  const auto edit = DisableNss(text);
  EXPECT_TRUE(edit.ok());
  return edit.ok() ? edit->text : "";
}

struct Variant {
  std::string before, after;
};

/// As Debian and others ship them, and as people write them.
const Variant kVariants[] = {
    {"hosts:          files dns\n", "hosts:          files commresolve [!UNAVAIL=return] dns\n"},
    {"hosts:\tfiles\tdns\n", "hosts:\tfiles commresolve [!UNAVAIL=return]\tdns\n"},
    {"hosts:          files mdns4_minimal [NOTFOUND=return] dns\n",
     "hosts:          files commresolve [!UNAVAIL=return] mdns4_minimal [NOTFOUND=return] dns\n"},
    {"hosts: files mdns4_minimal [NOTFOUND=return] dns myhostname mymachines\n",
     "hosts: files commresolve [!UNAVAIL=return] mdns4_minimal [NOTFOUND=return] dns myhostname "
     "mymachines\n"},
    {"hosts: files resolve [!UNAVAIL=return] dns\n",
     "hosts: files commresolve [!UNAVAIL=return] resolve [!UNAVAIL=return] dns\n"},
    // systemd's own: whatever asks systemd-resolved first has told DNS already.
    {"hosts: mymachines resolve [!UNAVAIL=return] files myhostname dns\n",
     "hosts: mymachines commresolve [!UNAVAIL=return] resolve [!UNAVAIL=return] files myhostname "
     "dns\n"},
    {"hosts: mymachines mdns_minimal [NOTFOUND=return] resolve [!UNAVAIL=return] files dns\n",
     "hosts: mymachines commresolve [!UNAVAIL=return] mdns_minimal [NOTFOUND=return] resolve "
     "[!UNAVAIL=return] files dns\n"},
    {"hosts: files myhostname resolve [!UNAVAIL=return] dns\n",
     "hosts: files commresolve [!UNAVAIL=return] myhostname resolve [!UNAVAIL=return] dns\n"},
    {"hosts: dns files\n", "hosts: commresolve [!UNAVAIL=return] dns files\n"},
    {"hosts:dns\n", "hosts:commresolve [!UNAVAIL=return] dns\n"},
    {"hosts: files\n", "hosts: files commresolve [!UNAVAIL=return]\n"},
    {"hosts: db files nis dns\n", "hosts: db files commresolve [!UNAVAIL=return] nis dns\n"},
    {"hosts: files wins dns\n", "hosts: files commresolve [!UNAVAIL=return] wins dns\n"},
    {"hosts: myhostname\n", "hosts: myhostname commresolve [!UNAVAIL=return]\n"},
    {"hosts: files # ours: files dns\n",
     "hosts: files commresolve [!UNAVAIL=return] # ours: files dns\n"},
    {"hosts: files dns#commresolve\n",
     "hosts: files commresolve [!UNAVAIL=return] dns#commresolve\n"},
    {"  hosts :files dns  \n", "  hosts :files commresolve [!UNAVAIL=return] dns  \n"},
    {"hosts files dns\n", "hosts files commresolve [!UNAVAIL=return] dns\n"},
    {"hosts: files [SUCCESS=return NOTFOUND=continue] dns\n",
     "hosts: files [SUCCESS=return NOTFOUND=continue] commresolve [!UNAVAIL=return] dns\n"},
    {"hosts: files[ unavail = return ]dns\n",
     "hosts: files[ unavail = return ] commresolve [!UNAVAIL=return]dns\n"},
    {"hosts: files dns\r\n", "hosts: files commresolve [!UNAVAIL=return] dns\r\n"},
    {"hosts: files\r\n", "hosts: files commresolve [!UNAVAIL=return]\r\n"},
    // Nothing continues a line: the backslash is the name of a service.
    {"hosts: files \\\n dns\n", "hosts: files commresolve [!UNAVAIL=return] \\\n dns\n"},
    {"hosts:\n", "hosts: commresolve [!UNAVAIL=return]\n"},
    {"hosts\n", "hosts commresolve [!UNAVAIL=return]\n"},
    {"hosts:\t# none\n", "hosts:\tcommresolve [!UNAVAIL=return] # none\n"},
    {"hosts: # none\n", "hosts: commresolve [!UNAVAIL=return] # none\n"},
    // The last line counts.
    {"hosts: dns\nhosts: files dns\n",
     "hosts: dns\nhosts: files commresolve [!UNAVAIL=return] dns\n"},
    {"passwd: files\n#hosts: files\nhosts: files dns\nnetgroup: nis",
     "passwd: files\n#hosts: files\nhosts: files commresolve [!UNAVAIL=return] dns\n"
     "netgroup: nis"},
};

TEST(Nsswitch, EnableAndBack) {
  for (const Variant& variant : kVariants) {
    EXPECT_EQ(Enabled(variant.before), variant.after);
    EXPECT_EQ(Disabled(variant.after), variant.before) << variant.after;
    const HostsLine line = Line(variant.after);
    EXPECT_EQ(PlacementProblem(line), "") << variant.after;
    const auto again = EnableNss(variant.after);
    ASSERT_TRUE(again.ok());
    EXPECT_THAT(again->changes, IsEmpty());
    EXPECT_EQ(again->text, variant.after);
  }
}

TEST(Nsswitch, TheChangeIsTold) {
  const auto edit = EnableNss("passwd: files\n\nhosts: files dns\n");
  ASSERT_TRUE(edit.ok());
  ASSERT_THAT(edit->changes, SizeIs(1));
  EXPECT_EQ(edit->changes[0].number, 3U);
  EXPECT_EQ(edit->changes[0].before, "hosts: files dns");
  EXPECT_EQ(edit->changes[0].after, "hosts: files commresolve [!UNAVAIL=return] dns");
}

TEST(Nsswitch, ALineIsAddedWhereThereIsNone) {
  const std::string line = "hosts: files commresolve [!UNAVAIL=return] dns";
  EXPECT_EQ(Enabled(""), line + "\n");
  EXPECT_EQ(Enabled("passwd: files\n"), "passwd: files\n" + line + "\n");
  EXPECT_EQ(Enabled("passwd: files"), "passwd: files\n" + line + "\n");
  EXPECT_EQ(Enabled("passwd: files\r\n"), "passwd: files\r\n" + line + "\r\n");
  for (const std::string other :
       {"#hosts: dns\n", "HOSTS: dns\n", "hostsfile: dns\n", "hostx: dns\n"}) {
    EXPECT_EQ(Enabled(other), other + line + "\n");
  }
}

TEST(Nsswitch, ALineWithoutItsEndIsNotReadByTheCLibrary) {
  EXPECT_FALSE(Line("hosts: files dns").ended);
  EXPECT_EQ(Names(Line("hosts: files\nhosts: dns")), "files ");
  EXPECT_THAT(PlacementProblem(Line("hosts: files commresolve [!UNAVAIL=return] dns")),
              HasSubstr("no line end"));
  EXPECT_EQ(Enabled("hosts: files dns"), "hosts: files commresolve [!UNAVAIL=return] dns\n");
  EXPECT_EQ(Enabled("a: b\r\nhosts: files"),
            "a: b\r\nhosts: files commresolve [!UNAVAIL=return]\r\n");
}

TEST(Nsswitch, WrongPlacesAreNamedAndMended) {
  struct Wrong {
    std::string services, problem, mended;
  };
  const Wrong wrongs[] = {
      {"files dns commresolve", "'dns' stands before", "files commresolve [!UNAVAIL=return] dns"},
      {"files mdns4_minimal [NOTFOUND=return] commresolve [!UNAVAIL=return] dns",
       "'mdns4_minimal' stands before",
       "files commresolve [!UNAVAIL=return] mdns4_minimal [NOTFOUND=return] dns"},
      {"files commresolve dns", "without [!UNAVAIL=return]",
       "files commresolve [!UNAVAIL=return] dns"},
      {"files commresolve [NOTFOUND=return] dns", "without [!UNAVAIL=return]",
       "files commresolve [!UNAVAIL=return] dns"},
      {"files commresolve [!SUCCESS=return] dns", "with UNAVAIL=return",
       "files commresolve [!UNAVAIL=return] dns"},
      {"commresolve [!UNAVAIL=return] files dns", "before 'files'",
       "files commresolve [!UNAVAIL=return] dns"},
      {"files dns", "not enabled", "files commresolve [!UNAVAIL=return] dns"},
  };
  for (const Wrong& wrong : wrongs) {
    EXPECT_THAT(PlacementProblem(Line("hosts: " + wrong.services + "\n")),
                HasSubstr(wrong.problem));
    EXPECT_EQ(Enabled("hosts: " + wrong.services + "\n"), "hosts: " + wrong.mended + "\n");
  }
}

TEST(Nsswitch, OtherWaysToSayTheSameAreFine) {
  for (const std::string entry :
       {"commresolve [NOTFOUND=return TRYAGAIN=return]", "commresolve[!unavail=RETURN]",
        "commresolve [!UNAVAIL=continue NOTFOUND=return TRYAGAIN=return SUCCESS=return]"}) {
    EXPECT_EQ(PlacementProblem(Line("hosts: files " + entry + " dns\n")), "") << entry;
  }
  EXPECT_EQ(PlacementProblem(Line("hosts: files commresolve\n")), "");
}

/// glibc since 2.33 reads on behind '#': then the comment is what lets commresolve be asked, too
/// late.
TEST(Nsswitch, ACommentBehindServicesNamesServices) {
  const std::string text = "hosts: files dns # ours: commresolve\n";
  EXPECT_EQ(Names(Line(text)), "files dns # ours: commresolve ");
  EXPECT_THAT(PlacementProblem(Line(text)), HasSubstr("'dns' stands before"));
  EXPECT_EQ(Enabled(text), "hosts: files commresolve [!UNAVAIL=return] dns # ours: commresolve\n");
  EXPECT_EQ(Disabled(Enabled(text)), text);
  EXPECT_FALSE(EnableNss("hosts: files dns # see [1]\n").ok());
}

TEST(Nsswitch, NobodyIsAskedBehindNotFoundReturn) {
  EXPECT_THAT(PlacementProblem(Line("hosts: files [NOTFOUND=return] commresolve dns\n")),
              HasSubstr("'files' before commresolve ends the search"));
  const auto edit = EnableNss("hosts: files [NOTFOUND=return] dns\n");
  ASSERT_FALSE(edit.ok());
  EXPECT_EQ(edit.error().code, Code::kInvalidArgument);
  EXPECT_THAT(edit.error().message, HasSubstr("line 1: 'files' ends the search"));
}

TEST(Nsswitch, WhatTheCLibraryDoesNotUnderstandIsLeftAlone) {
  for (const std::string services :
       {"files [FOO=bar] dns", "files [NOTFOUND=return", "files [] dns", "[NOTFOUND=return] files",
        "files [NOTFOUND] dns", "files [NOTFOUND=] dns", "files [NOTFOUND=stop] dns",
        "files [NOTFOUND=return] [UNAVAIL=return] dns", "files [NOTFOUND=#return] dns", "files ] [",
        "files [!", "files [NOTFOUND=return #]"}) {
    const std::string text = "passwd: files\nhosts: " + services + "\n";
    const auto edit = EnableNss(text);
    ASSERT_FALSE(edit.ok()) << services;
    EXPECT_THAT(edit.error().message, HasSubstr("line 2: the C library does not understand"));
    EXPECT_EQ(Disabled(text), text);
  }
  // Only the line that counts matters.
  EXPECT_EQ(Enabled("hosts: [\nhosts: files\n"),
            "hosts: [\nhosts: files commresolve [!UNAVAIL=return]\n");
}

TEST(Nsswitch, DisableTakesEveryLineAndNothingElse) {
  EXPECT_EQ(Disabled("hosts: files commresolve dns\nhosts: commresolve [!UNAVAIL=return] dns\n"),
            "hosts: files dns\nhosts: dns\n");
  EXPECT_EQ(Disabled("hosts: files commresolve [A=b] [NOTFOUND=return] dns"), "hosts: files dns");
  EXPECT_EQ(Disabled("hosts: files commresolve [!UNAVAIL=return"), "hosts: files");
  EXPECT_EQ(Disabled("hosts:commresolve\n"), "hosts:\n");
  for (const std::string same :
       {"#hosts: commresolve\n", "hosts: files # commresolve\n", "networks: commresolve\n",
        "hosts: xcommresolve commresolve2 commresolve.x\n", "passwd: files\n", ""}) {
    EXPECT_EQ(Disabled(same), same);
  }
}

/// What the Debian package's maintainer scripts write on these lines.
TEST(Nsswitch, LinesOfTheDebianPackageAreWellPlacedAndCanBeTakenBack) {
  const Variant lines[] = {
      {"hosts:          files dns\n", "hosts:          files commresolve [!UNAVAIL=return] dns\n"},
      {"hosts: files mdns4_minimal [NOTFOUND=return] dns\n",
       "hosts: files commresolve [!UNAVAIL=return] mdns4_minimal [NOTFOUND=return] dns\n"},
      {"hosts: files [UNAVAIL=continue] dns # c\n",
       "hosts: files [UNAVAIL=continue] commresolve [!UNAVAIL=return] dns # c\n"},
  };
  for (const auto& [before, after] : lines) {
    EXPECT_EQ(PlacementProblem(Line(after)), "");
    EXPECT_EQ(Disabled(after), before);
    EXPECT_EQ(Enabled(before), after);
  }
}

TEST(Nsswitch, InputIsBounded) {
  const std::string most(kMaxNsswitchBytes, '#');
  EXPECT_TRUE(FindHostsLine(most).ok());
  for (const std::string& text : {most + "#", std::string("hosts: files\0dns\n", 17)}) {
    EXPECT_EQ(FindHostsLine(text).error().code, Code::kInvalidArgument);
    EXPECT_EQ(EnableNss(text).error().code, Code::kInvalidArgument);
    EXPECT_EQ(DisableNss(text).error().code, Code::kInvalidArgument);
  }
}

/// Pieces put together in every order: no edit may fail to be taken back, or leave a wrong line.
TEST(Nsswitch, EveryMixtureComesBack) {
  const std::vector<std::string> pieces = {
      "files",   " ",      "\t", "dns", "#",         "[NOTFOUND=return]",
      "resolve", "hosts:", "\n", "[",   "myhostname"};
  size_t edited = 0;
  for (size_t number = 0; number < 14'641; ++number) {
    std::string text = "hosts: ";
    for (size_t rest = number, i = 0; i < 4; ++i, rest /= pieces.size()) {
      text += pieces[rest % pieces.size()];
    }
    text += "\n";
    const auto edit = EnableNss(text);
    if (!edit.ok()) {
      EXPECT_EQ(edit.error().code, Code::kInvalidArgument) << text << edit.error().message;
      continue;
    }
    ++edited;
    EXPECT_EQ(PlacementProblem(Line(edit->text)), "") << text;
    EXPECT_EQ(Disabled(edit->text), text) << edit->text;
  }
  EXPECT_GT(edited, 3'000U);
}

}  // namespace
}  // namespace commresolve::cli
