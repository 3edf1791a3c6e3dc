// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The commands of sharing and their options.

#include "cli/command_parser.h"
#include "cli/commands.h"
#include "resolver/trust/quorum.h"

namespace commresolve::cli {
namespace {

void AddMembership(CLI::App& dht, Parsed& parsed) {
  CLI::App* join = Command(dht, "join", "become a part of the network, now and after every restart",
                           "  commresolve dht join\n"
                           "  commresolve dht join --bootstrap node.example:4222");
  join->add_option("--bootstrap", parsed.dht.bootstrap,
                   "a node to begin with, remembered; may be repeated")
      ->type_name("HOST:PORT")
      ->expected(1)
      ->take_all();
  Runs(join, parsed, RunDhtJoin, &Parsed::dht);
  CLI::App* leave = Command(dht, "leave", "be a part of it no longer", "  commresolve dht leave");
  leave->callback([&parsed] { parsed.invocation.run = RunDhtLeave; });
  CLI::App* status = Command(dht, "status", "peers, what is published, and what is wrong",
                             "  commresolve dht status\n"
                             "  commresolve dht status --json | jq .health.networks");
  status->callback([&parsed] { parsed.invocation.run = RunDhtStatus; });
}

void AddPublish(CLI::App& dht, Parsed& parsed) {
  CLI::App* command =
      Command(dht, "publish", "say what others may know, and gather it now",
              "  commresolve dht publish --postings yes       words of certificates found here\n"
              "  commresolve dht publish --observations yes   which keys were seen where\n"
              "  commresolve dht publish --named yes          so that others can choose you\n"
              "  commresolve dht publish                      gather anew, change nothing");
  const auto choice = [&](const char* name, std::string& value, const char* about) {
    command->add_option(name, value, about)
        ->type_name("yes|no")
        ->check(CLI::IsMember({"yes", "no"}));
  };
  choice("--postings", parsed.dht.postings, "words of certificates that this machine found");
  choice("--observations", parsed.dht.observations, "which keys it saw where");
  choice("--named", parsed.dht.named, "sign observations with a key that stays");
  Runs(command, parsed, RunDhtPublish, &Parsed::dht);
}

void AddAnnounce(CLI::App& dht, Parsed& parsed) {
  CLI::App* command =
      Command(dht, "announce", "publish where a key of your own lives",
              "  commresolve dht announce --key /etc/ssl/private/chat.pem --name chat.example \\\n"
              "                           --at 192.0.2.7:5222 --at '[2001:db8::7]:5222'\n"
              "  commresolve dht announce --key chat.pem --at 192.0.2.7:8443,xmpp-client\n"
              "  commresolve dht announce --statement chat.statement --at 192.0.2.7:443\n"
              "  commresolve dht announce --key chat.pem --withdraw");
  DhtOptions& options = parsed.dht;
  CLI::Option* key = command->add_option(
      "--key", options.key_file,
      "the private key that the server uses: PEM, no passphrase; to withdraw also KEY");
  key->type_name("FILE");
  command
      ->add_option("--statement", options.statement_file,
                   "instead: what dht delegate wrote, so that the publishing key may sign")
      ->type_name("FILE")
      ->excludes(key);
  CLI::Option* at =
      command->add_option("--at", options.at,
                          "where it answers, best first; may be repeated; the protocol is by "
                          "default what is usual on the port");
  at->type_name("ADDRESS:PORT[,PROTO]")->expected(1)->take_all();
  CLI::Option* name =
      command->add_option("--name", options.names,
                          "a DNS name of it; may be repeated; the first is sent as server name");
  name->type_name("NAME")->expected(1)->take_all();
  command->add_flag("--withdraw", options.withdraw, "it lives nowhere now")
      ->excludes(at)
      ->excludes(name);
  Runs(command, parsed, RunDhtAnnounce, &Parsed::dht);
}

void AddDelegate(CLI::App& dht, Parsed& parsed) {
  CLI::App* command = Command(
      dht, "delegate", "let a publishing key say where a key of your own lives",
      "  commresolve dht delegate                     the publishing key of this machine\n"
      "  commresolve dht delegate --key /etc/ssl/private/www.pem --out www.statement\n"
      "  commresolve dht delegate --key www.pem --to PUBLISHING-KEY    elsewhere, no daemon");
  DhtOptions& options = parsed.dht;
  CLI::Option* key =
      command->add_option("--key", options.key_file,
                          "the private key that the server uses: PEM, no passphrase; RSA too");
  key->type_name("FILE");
  command
      ->add_option("--to", options.publishing_key,
                   "the publishing key that may speak; by default that of this machine")
      ->type_name("PUBLISHING-KEY")
      ->needs(key);
  command
      ->add_option("--out", options.out,
                   "where the statement is written; by default commresolve-publishing-key here")
      ->type_name("FILE")
      ->needs(key);
  command
      ->add_option("--until", options.until,
                   "when it ends, at most 400 days ahead; by default in 365 days")
      ->type_name("TIME")
      ->needs(key);
  Runs(command, parsed, RunDhtDelegate, &Parsed::dht);
}

void AddRollover(CLI::App& dht, Parsed& parsed) {
  CLI::App* command = Command(
      dht, "rollover", "say which keys may follow a key of your own, two days before it changes",
      "  commresolve dht rollover --key /etc/ssl/private/chat.pem --new chat-next.crt\n"
      "  commresolve dht rollover --key chat.pem --new KEY --from 2027-03-01T00:00:00Z\n"
      "  commresolve dht rollover --key chat.pem --withdraw");
  DhtOptions& options = parsed.dht;
  command
      ->add_option("--key", options.key_file,
                   "the private key that the server uses now: PEM, no passphrase; to withdraw also "
                   "KEY")
      ->required()
      ->type_name("FILE");
  CLI::Option* next = command->add_option(
      "--new", options.new_keys,
      "a key that may follow, or a file (PEM) with it or its certificate; may be repeated");
  next->type_name("KEY|FILE")->expected(1)->take_all();
  CLI::Option* from = command->add_option("--from", options.from,
                                          "they may follow from then on; by default from now on");
  from->type_name("TIME");
  command->add_flag("--withdraw", options.withdraw, "no key may follow any more")
      ->excludes(next)
      ->excludes(from);
  Runs(command, parsed, RunDhtRollover, &Parsed::dht);
}

void AddLookup(CLI::App& dht, Parsed& parsed) {
  CLI::App* command = Command(dht, "lookup", "ask peers who carries these words, and prove each",
                              "  commresolve dht lookup debian bugs\n"
                              "  commresolve bind debian bugs           then say which is meant");
  command->add_option("word", parsed.dht.words, "words; a certificate has to carry all of them")
      ->required()
      ->type_name("WORD");
  Runs(command, parsed, RunDhtLookup, &Parsed::dht);
}

void AddObservers(CLI::App& app, Parsed& parsed) {
  CLI::App* observers = Command(app, "observers", "whose observations count",
                                "  commresolve observers add KEY --name alice\n"
                                "  commresolve observers list\n"
                                "  commresolve observers remove alice");
  observers->require_subcommand(1);
  ObserverOptions& options = parsed.observer;
  CLI::App* add = Command(*observers, "add", "choose an observer, or change what is said of one",
                          "  commresolve observers add KEY --trust 60 --name alice");
  add->add_option("key", options.who, "the key under which he publishes")
      ->required()
      ->type_name("KEY");
  add->add_option("--trust", options.trust,
                  "1 to 120; by default 40, so that it takes three who agree")
      ->type_name("N")
      ->check(CLI::Range(1, kFullTrust));
  add->add_option("--name", options.name, "what you call him")->type_name("NAME");
  Runs(add, parsed, RunObserversAdd, &Parsed::observer);
  CLI::App* remove =
      Command(*observers, "remove", "choose him no longer", "  commresolve observers remove alice");
  remove->add_option("who", options.who, "his name or key")->required()->type_name("NAME|KEY");
  Runs(remove, parsed, RunObserversRemove, &Parsed::observer);
  CLI::App* list =
      Command(*observers, "list", "who is chosen", "  commresolve observers list --json");
  list->callback([&parsed] { parsed.invocation.run = RunObserversList; });
}

}  // namespace

void AddSharing(CLI::App& app, Parsed& parsed) {
  CLI::App* dht = Command(app, "dht", "share with peers, and find what they share",
                          "  commresolve dht join --bootstrap node.example:4222\n"
                          "  commresolve dht status\n"
                          "  commresolve dht lookup debian bugs");
  dht->require_subcommand(1);
  AddMembership(*dht, parsed);
  AddPublish(*dht, parsed);
  AddAnnounce(*dht, parsed);
  AddDelegate(*dht, parsed);
  AddRollover(*dht, parsed);
  AddLookup(*dht, parsed);
  AddObservers(app, parsed);
}

}  // namespace commresolve::cli
