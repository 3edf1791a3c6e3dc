// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The commands and their options, but those of sharing.

#include "cli/command_line.h"

#include <algorithm>

#include "cli/command_parser.h"
#include "cli/commands.h"
#include "cli/usage.h"

namespace commresolve::cli {
namespace {

constexpr const char* kMainFooter = R"(
Examples:
  commresolve observe bugs.debian.org        look at a server and remember what it shows
  commresolve import certs.pem captures/     take certificates from files
  commresolve search debian bugs             who carries these words?
  commresolve bind debian bugs               choose the key they mean
  commresolve resolve debian bugs            an address that just proved that key
  commresolve connect debian bugs 443        talk to it, verified

Exit codes: 0 found, 1 none, 2 usage, 3 not trusted, 4 network or lock, 5 ambiguous, 70 bug,
130 interrupted. Manual: man commresolve)";

void AddGlobal(CLI::App& app, Parsed& parsed) {
  GlobalOptions& global = parsed.invocation.global;
  app.add_option("--config", global.config, "settings file")->type_name("FILE");
  app.add_option("--data-dir", global.data_dir, "where bindings, ledger and index are kept")
      ->type_name("DIR");
  CLI::Option* socket = app.add_option("--socket", global.socket,
                                       "ask the daemon at this socket, not the data folder")
                            ->type_name("PATH");
  app.add_flag("--no-daemon", global.no_daemon, "do it here even if commresolved runs")
      ->excludes(socket);
  app.add_flag("--json", global.json, "one JSON object a line");
  app.add_flag("-q,--quiet", global.quiet, "no messages but errors");
  app.add_option("--color", global.color, "auto, always or never")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "always", "never"}));
}

void AddImport(CLI::App& app, Parsed& parsed) {
  CLI::App* command =
      Command(app, "import", "take certificates and observations from files and folders",
              "  commresolve import server.pem\n  commresolve import captures/ observed.jsonl");
  command->add_option("path", parsed.import.paths, "PEM, DER, PKCS#7 or JSON Lines; or folders")
      ->required()
      ->type_name("PATH");
  Runs(command, parsed, RunImport, &Parsed::import);
}

void AddObserve(CLI::App& app, Parsed& parsed) {
  CLI::App* command =
      Command(app, "observe", "look at servers with handshakes of our own",
              "  commresolve observe bugs.debian.org\n"
              "  commresolve observe jabber.example:5222 mail.example:25\n"
              "  commresolve observe 192.0.2.7:4433 --starttls xmpp-client --sni chat.example\n"
              "  commresolve observe --from hosts.txt");
  ObserveOptions& options = parsed.observe;
  command->add_option("target", options.targets, "HOST[:PORT]")->type_name("HOST[:PORT]");
  command
      ->add_option("--starttls,--protocol", options.starttls,
                   "smtp, imap, pop3, xmpp-client, xmpp-server, ldap, postgres, ftp or tls; "
                   "by default what is usual on the port")
      ->type_name("PROTO");
  command->add_option("--sni", options.sni, "server name to send instead of the host")
      ->type_name("NAME");
  command->add_option("--from", options.from, "read targets from a file, one a line; - for input")
      ->type_name("FILE");
  command->add_option("--at-once", options.at_once, "connections at a time")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  command->add_option("--per-address", options.per_address, "connections to one address at a time")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
  Runs(command, parsed, RunObserve, &Parsed::observe);
}

/// --peers, which is returned, and --no-peers.
CLI::Option* AddPeers(CLI::App* command, std::optional<bool>& peers) {
  CLI::Option* ask = command->add_flag_callback(
      "--peers", [&peers] { peers = true; },
      "then ask peers too; they learn something of what is looked for");
  command
      ->add_flag_callback(
          "--no-peers", [&peers] { peers = false; }, "ask no peers, whatever search_peers says")
      ->excludes(ask);
  return ask;
}

void AddSearch(CLI::App& app, Parsed& parsed) {
  CLI::App* command = Command(
      app, "search", "find identities by what their certificates say",
      "  commresolve search debian bugs\n"
      "  commresolve search 'org:\"example corp\" country:de port:443'\n"
      "  commresolve search -1 debian bugs          the first one: key and name\n"
      "  commresolve search -- debian -wiki         -word excludes; put -- in front\n"
      "  commresolve search --peers debian bugs     then ask peers too\n"
      "Operators: org: san: issuer: country: port: proto: key: ip: expired:yes|no \"a phrase\" "
      "pre*");
  SearchOptions& options = parsed.search;
  command->add_option("word", options.words, "words and operators")->required()->type_name("WORD");
  command->add_option("--limit", options.limit, "results at most")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
  CLI::Option* offset = command->add_option("--offset", options.offset, "results to skip");
  offset->check(CLI::Range(0, 2'000));
  command->add_flag("-1,--first", options.first, "only the first: its key and name");
  AddPeers(command, options.peers)->excludes(offset);
  Runs(command, parsed, RunSearch, &Parsed::search);
}

void AddComplete(CLI::App& app, Parsed& parsed) {
  CLI::App* command = Command(app, "complete", "words of certificates that begin as typed",
                              "  commresolve complete deb");
  CompleteOptions& options = parsed.complete;
  command->add_option("beginning", options.beginning, "the beginning of one word")
      ->required()
      ->type_name("BEGINNING");
  command->add_option("--limit", options.limit, "words at most")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  Runs(command, parsed, RunComplete, &Parsed::complete);
}

CLI::App* AddName(CLI::App& app, Parsed& parsed, const std::string& name, const std::string& about,
                  const std::string& examples, ExitCode (*run)(Context&, const NameOptions&)) {
  CLI::App* command = Command(app, name, about, examples);
  NameOptions& options = parsed.name;
  command->add_option("name", options.words, "words, words.cert.alt, KEY.key.cert.alt or DNS name")
      ->required()
      ->type_name("NAME");
  command->add_option("--port", options.port, "only at this port")->check(CLI::Range(1, 65'535));
  command->add_option("--protocol,--starttls", options.protocol, "only where this is spoken")
      ->type_name("PROTO");
  Runs(command, parsed, run, &Parsed::name);
  return command;
}

void AddProve(CLI::App* command, Parsed& parsed, const std::string& default_value) {
  command
      ->add_option("--prove", parsed.name.prove,
                   "always, max-age or never: when to make a handshake (" + default_value + ")")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"always", "max-age", "never"}));
}

void AddNames(CLI::App& app, Parsed& parsed) {
  CLI::App* resolve =
      AddName(app, parsed, "resolve", "an address that proved the bound key",
              "  commresolve resolve debian bugs\n  commresolve resolve debian-bugs.cert.alt\n"
              "  commresolve resolve -1 --prove=always debian bugs",
              RunResolve);
  resolve->add_flag("-1,--first", parsed.name.brief, "the address alone");
  AddProve(resolve, parsed, "max-age");
  AddPeers(resolve, parsed.name.peers);
  AddName(app, parsed, "verify", "does the server still prove a bound key?",
          "  commresolve verify debian bugs\n  commresolve verify bugs.debian.org:443\n"
          "  commresolve verify 192.0.2.7:5222 --protocol xmpp-client",
          RunVerify);
  CLI::App* connect =
      AddName(app, parsed, "connect", "standard input and output over TLS to the proved key",
              "  commresolve connect debian bugs 443\n"
              "  commresolve connect area-51                the words area and 51, any port\n"
              "  printf 'GET / HTTP/1.0\\r\\n\\r\\n' | commresolve connect debian bugs\n"
              "A last word that is a number is the port, unless --port is given.",
              RunConnect);
  connect->preparse_callback([&parsed](size_t) { parsed.name.port_word = true; });
  CLI::App* open = AddName(app, parsed, "open", "the https URL of what the words mean",
                           "  commresolve open debian bugs\n"
                           "  commresolve open --launch debian bugs     in the browser",
                           RunOpen);
  open->add_flag("--launch", parsed.name.launch, "open it with xdg-open");
  CLI::App* why = AddName(app, parsed, "why", "the whole trace of an answer or refusal",
                          "  commresolve why debian bugs\n"
                          "  commresolve why --prove=never debian bugs    without a handshake",
                          RunWhy);
  AddProve(why, parsed, "always");
}

void AddBind(CLI::App& app, Parsed& parsed) {
  CLI::App* command =
      Command(app, "bind", "say which key words mean",
              "  commresolve bind debian bugs                       choose from a list\n"
              "  commresolve bind debian bugs --key KEY\n"
              "  commresolve bind my server --at 192.0.2.7:443      the key it shows now\n"
              "  commresolve bind debian bugs --key NEWKEY --add    accept one more key");
  BindOptions& options = parsed.bind;
  command->add_option("word", options.words, "the words, in any order")
      ->required()
      ->type_name("WORD");
  CLI::Option* key = command->add_option("--key", options.key, "the whole key")->type_name("KEY");
  command->add_option("--at", options.at, "the key of this server, as it proves it now")
      ->type_name("HOST:PORT")
      ->excludes(key);
  command->add_option("--starttls,--protocol", options.starttls, "how to start TLS for --at")
      ->type_name("PROTO");
  command->add_option("--name", options.name, "DNS name of the service: it means this binding too")
      ->type_name("NAME");
  command->add_option("--reason", options.reason, "a note for yourself")->type_name("TEXT");
  command->add_flag("--critical", options.critical, "never accept another key without proof");
  command->add_flag("--add", options.add, "add the key to the binding, keep the others");
  Runs(command, parsed, RunBind, &Parsed::bind);
}

void AddKnown(CLI::App& app, Parsed& parsed) {
  CLI::App* unbind =
      Command(app, "unbind", "forget what words mean", "  commresolve unbind debian bugs");
  unbind->add_option("word", parsed.known.words, "the words")->required()->type_name("WORD");
  Runs(unbind, parsed, RunUnbind, &Parsed::known);

  CLI::App* known = Command(app, "known", "list what is bound and revoked",
                            "  commresolve known\n  commresolve known debian bugs\n"
                            "  commresolve known --key KEY");
  known->add_option("word", parsed.known.words, "only these words")->type_name("WORD");
  known->add_option("--key", parsed.known.key, "only this key")->type_name("KEY");
  Runs(known, parsed, RunKnown, &Parsed::known);

  CLI::App* revoke = Command(app, "revoke", "refuse a key from now on, whatever is bound to it",
                             "  commresolve revoke KEY --reason 'laptop stolen'\n"
                             "  commresolve revoke debian bugs      all keys of the binding\n"
                             "  commresolve revoke --undo KEY");
  revoke->add_option("what", parsed.revoke.what, "a whole key, or bound words")
      ->required()
      ->type_name("KEY|WORD");
  revoke->add_option("--reason", parsed.revoke.reason, "why")->type_name("TEXT");
  revoke->add_flag("--undo", parsed.revoke.undo, "take a revocation back");
  Runs(revoke, parsed, RunRevoke, &Parsed::revoke);
}

void AddInspect(CLI::App& app, Parsed& parsed) {
  CLI::App* command = Command(app, "inspect", "everything about a file, a key or a server",
                              "  commresolve inspect server.pem\n  commresolve inspect KEY\n"
                              "  commresolve inspect bugs.debian.org:443");
  command->add_option("what", parsed.inspect.what, "FILE, KEY or HOST:PORT")
      ->required()
      ->type_name("WHAT");
  command->add_option("--starttls,--protocol", parsed.inspect.starttls, "how to start TLS")
      ->type_name("PROTO");
  Runs(command, parsed, RunInspect, &Parsed::inspect);
}

void AddIndex(CLI::App& app, Parsed& parsed) {
  CLI::App* index = Command(app, "index", "the search index",
                            "  commresolve index status --check\n  commresolve index rebuild");
  index->require_subcommand(1);
  CLI::App* rebuild = Command(*index, "rebuild", "build the search index anew from the ledger",
                              "  commresolve index rebuild");
  rebuild->callback([&parsed] { parsed.invocation.run = RunIndexRebuild; });
  CLI::App* status =
      Command(*index, "status", "what is stored and indexed", "  commresolve index status --check");
  status->add_flag("--check", parsed.index.check, "check the ledger's consistency too");
  Runs(status, parsed, RunIndexStatus, &Parsed::index);

  CLI::App* overall =
      Command(app, "status", "what is stored, indexed and bound", "  commresolve status --json");
  overall->callback([&parsed] { parsed.invocation.run = RunStatus; });
}

void AddNssCommand(CLI::App& nss, Parsed& parsed, const std::string& name, const std::string& about,
                   ExitCode (*run)(const GlobalOptions&, const NssOptions&)) {
  CLI::App* command = Command(
      nss, name, about,
      "  commresolve nss " + name + "\n  commresolve nss " + name + " --root /srv/other-system");
  command->add_option("--root", parsed.nss.root, "folder of another system, as in DIR/etc")
      ->type_name("DIR");
  if (run != RunNssStatus) {
    command->add_flag("--dry-run", parsed.nss.dry_run, "show the change, write nothing");
  }
  command->callback([&parsed, run] {
    parsed.invocation.run_without_context =
        [run, chosen = parsed.nss](const GlobalOptions& global) { return run(global, chosen); };
  });
}

void AddSetUp(CLI::App& app, Parsed& parsed) {
  CLI::App* nss = Command(app, "nss", "names in every program: the line 'hosts' of nsswitch.conf",
                          "  commresolve nss status\n"
                          "  commresolve nss enable --dry-run      show the change\n"
                          "  sudo commresolve nss enable\n"
                          "  sudo commresolve nss disable          as it was before");
  nss->require_subcommand(1);
  AddNssCommand(*nss, parsed, "enable", "let every program ask commresolve, before DNS",
                RunNssEnable);
  AddNssCommand(*nss, parsed, "disable", "take it out again", RunNssDisable);
  AddNssCommand(*nss, parsed, "status", "is it there, and in the right place?", RunNssStatus);
  CLI::App* doctor = Command(app, "doctor", "check everything that names in every program need",
                             "  commresolve doctor\n"
                             "  commresolve doctor --json | grep -v '\"health\":\"ok\"'");
  doctor->callback([&parsed] { parsed.invocation.run_without_context = RunDoctor; });
}

/// The error for a word that stands in the place of a command and is none.
std::optional<Error> MistakenCommand(const CLI::App& app) {
  const CLI::App* place = &app;
  std::string path = "commresolve ";
  while (!place->get_subcommands().empty()) {
    place = place->get_subcommands().front();
    path += place->get_name() + " ";
  }
  std::vector<std::string> names;
  for (const CLI::App* command : place->get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  const std::vector<std::string> left = app.remaining(true);
  const auto word = std::find_if(left.begin(), left.end(),
                                 [](const std::string& text) { return !text.starts_with('-'); });
  if (names.empty() || word == left.end()) return std::nullopt;
  return NoSuchCommand(*word, path, names);
}

ExitCode Explain(CLI::App& app, const CLI::ParseError& error, const Arguments& arguments) {
  if (error.get_exit_code() == 0) {
    app.exit(error);
    return ExitCode::kFound;
  }
  std::string command;
  for (const CLI::App* at = &app; !at->get_subcommands().empty();) {
    at = at->get_subcommands().front();
    command += (command.empty() ? "" : " ") + at->get_name();
  }
  const Error usage{Code::kInvalidArgument, error.what(), UsageHint(command, app.remaining(true))};
  return RefuseUsage(MistakenCommand(app).value_or(usage), arguments);
}

}  // namespace

std::optional<Invocation> ParseCommandLine(int argc, char** argv, ExitCode& exit_code) {
  CLI::App app{"commresolve: find a server by what its certificate says, and prove that it is it"};
  app.name("commresolve");
  app.footer(kMainFooter);
  app.set_version_flag("--version", "commresolve " COMMRESOLVE_VERSION);
  app.require_subcommand(1);
  Parsed parsed;
  AddGlobal(app, parsed);
  AddImport(app, parsed);
  AddObserve(app, parsed);
  AddSearch(app, parsed);
  AddComplete(app, parsed);
  AddNames(app, parsed);
  AddBind(app, parsed);
  AddKnown(app, parsed);
  AddInspect(app, parsed);
  AddIndex(app, parsed);
  AddSharing(app, parsed);
  AddSetUp(app, parsed);
  const Arguments arguments(argv + std::min(argc, 1), argv + argc);
  if (const auto empty = EmptyValue(arguments)) {
    exit_code = RefuseUsage(*empty, arguments);
    return std::nullopt;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    exit_code = Explain(app, error, arguments);
    return std::nullopt;
  }
  return std::move(parsed.invocation);
}

}  // namespace commresolve::cli
