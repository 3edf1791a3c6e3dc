// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `inspect`: everything about a file of certificates, a key, or a server.

#include <sys/stat.h>

#include "cli/commands.h"
#include "cli/endpoints.h"
#include "cli/json.h"
#include "cli/refusals.h"
#include "cli/request.h"
#include "index/sources/reader.h"

namespace commresolve::cli {
namespace {

void PrintList(Terminal& terminal, const char* label, const std::vector<std::string>& values) {
  for (const std::string& value : values) terminal.Line(std::string(label) + Printable(value));
}

void PrintCertificate(Context& context, const index::ParsedCertificate& certificate,
                      const std::optional<PublicChain>& chain) {
  std::vector<std::string> cuts;
  const auto keywords = index::ExtractKeywords(certificate, chain && chain->valid, &cuts);
  Terminal& terminal = context.terminal();
  if (context.json()) return terminal.Line(CertificateJson(certificate, keywords, chain));
  const CertificateFacts& facts = certificate.facts;
  terminal.Line("certificate  " + Hex(facts.id.view()));
  terminal.Line("key          " + KeyText(facts.key));
  terminal.Line("pin-sha256   " + Base64(facts.key.view()));
  terminal.Line("valid        " + FormatTime(facts.not_before) + " to " +
                FormatTime(facts.not_after));
  for (const index::FieldText& field : certificate.fields) {
    const std::string name = FieldName(field.field);
    terminal.Line(name + std::string(13 - name.size(), ' ') + Printable(field.text));
  }
  if (chain) terminal.Line("public chain " + (chain->valid ? "valid" : "no: " + chain->reason));
  terminal.Line(std::string("parsed       ") + (certificate.sound() ? "sound" : "with defects"));
  PrintList(terminal, "defect       ", certificate.defects);
  PrintList(terminal, "cut          ", certificate.cuts);
  PrintList(terminal, "cut          ", cuts);
  std::string words;
  for (const Keyword& keyword : keywords) {
    words += " " + keyword.word + "/" + EvidenceClassName(keyword.evidence);
  }
  terminal.Line("keywords    " + Printable(words));
}

ExitCode InspectFile(Context& context, const std::string& path) {
  const std::atomic<bool>* stop = WatchStop();
  size_t certificates = 0;
  index::ReaderSink sink;
  sink.on_observation = [&](const index::Observation& observation) {
    for (const std::string& der : observation.chain) {
      const auto certificate = index::ParseCertificate(der);
      if (!certificate.ok()) {
        context.terminal().Error(certificate.error().Within(observation.origin));
        continue;
      }
      if (certificates++ > 0 && !context.json()) context.terminal().Line("");
      PrintCertificate(context, *certificate, std::nullopt);
    }
    return !stop->load();
  };
  RefusalPrinter refusals(context);
  sink.on_refusal = [&refusals](const index::Refusal& refusal) { refusals.Print(refusal); };
  const Status read = index::ReadObservations({path}, context.now(), sink);
  refusals.Finish();
  if (!read.ok()) return context.Fail(read.error());
  if (certificates > 0) return ExitCode::kFound;
  return context.Fail({Code::kNotFound, path + " holds no certificate of a server"});
}

ExitCode InspectServer(Context& context, const std::string& text, const std::string& starttls) {
  const auto protocol = ProtocolFrom(starttls);
  if (!protocol.ok()) return context.Fail(protocol.error());
  const auto endpoints = EndpointsOf(context, text, *protocol);
  if (!endpoints.ok()) return context.Fail(endpoints.error());
  const auto prober = context.prober();
  if (!prober.ok()) return context.Fail(prober.error());
  const auto store = context.store();
  if (!store.ok()) return context.Fail(store.error());
  RaceResult race =
      (*prober)->Race(*endpoints, context.settings().probe, [](const Handshake&) { return true; });
  if (!race.winner) return context.Fail(race.losers.front().handshake.error());
  const Handshake& shake = race.winner->handshake;
  const auto certificate = index::ParseCertificate(shake.chain.front());
  if (!certificate.ok()) return context.Fail(certificate.error());
  const auto chain = (*store)->CheckChain(shake.chain, shake.time);
  if (!context.json()) {
    context.terminal().Line("server       " + shake.endpoint.ToString() + ", " + shake.tls_version +
                            ", " + shake.cipher + ", proved the key");
  }
  PrintCertificate(context, *certificate,
                   chain.ok() ? std::optional<PublicChain>(*chain) : std::nullopt);
  return ExitCode::kFound;
}

ExitCode InspectKey(Context& context, const KeyId& key) {
  const auto known = context.known();
  if (!known.ok()) return context.Fail(known.error());
  const auto store = context.store();
  if (!store.ok()) return context.Fail(store.error());
  const auto candidate = (*store)->FindKey(key);
  if (!candidate.ok()) return context.Fail(candidate.error());
  if (!*candidate) {
    return context.Fail({Code::kNotFound, "nothing is known about key " + KeyShort(key)});
  }
  const Standing standing =
      StandingOf(**candidate, **known, context.now(), context.settings().max_age);
  Terminal& terminal = context.terminal();
  if (context.json()) {
    terminal.Line(CandidateJson(**candidate, standing));
    return ExitCode::kFound;
  }
  terminal.Line(std::string("tier         ") + StandingName(standing));
  for (const SeenEndpoint& seen : (*candidate)->endpoints) {
    terminal.Line("endpoint     " + seen.endpoint.ToString() + "  seen " +
                  FormatTime(seen.last_seen) +
                  (seen.proved_at ? ", proved " + FormatTime(*seen.proved_at) : "") +
                  (seen.wrong_at ? ", another key since " + FormatTime(*seen.wrong_at) : ""));
  }
  const auto der = (*store)->ledger().Certificate((*candidate)->certificate.id);
  if (!der.ok()) return context.Fail(der.error());
  const auto certificate = index::ParseCertificate(*der);
  if (!certificate.ok()) return context.Fail(certificate.error());
  PrintCertificate(context, *certificate, (*candidate)->certificate.public_chain);
  return ExitCode::kFound;
}

}  // namespace

ExitCode RunInspect(Context& context, const InspectOptions& options) {
  const std::string text = Joined(options.what);
  struct stat info{};
  if (::stat(text.c_str(), &info) == 0) return InspectFile(context, text);
  if (const auto key = ParseKey(text); key.ok()) return InspectKey(context, *key);
  const auto name = ParseTypedName(text, context.settings().suffix);
  if (name.ok()) {
    if (const auto* key = std::get_if<KeyId>(&*name)) return InspectKey(context, *key);
  }
  if (LooksLikeServer(text)) return InspectServer(context, text, options.starttls);
  return context.Fail({Code::kInvalidArgument, "'" + text + "' is no file, key or HOST:PORT",
                       LooksLikeShortKey(text) ? "the whole key: commresolve search -1 key:" + text
                                               : "to look for words: commresolve search " + text});
}

}  // namespace commresolve::cli
