// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Gives every certificate and row of a folder its one place: observed, left out, or refused.

#include "index/sources/folder.h"

#include <filesystem>
#include <utility>

#include "index/certificate/text.h"
#include "index/sources/pem.h"
#include "index/sources/pkcs7.h"
#include "index/sources/row.h"
#include "resolver/base/der.h"

namespace commresolve::index {
namespace {

constexpr const char* kSource = "import";

/// "client*.jsonl": what clients showed.
bool NamesClients(const Input& input) {
  const std::string name = std::filesystem::path(input.name).filename();
  return name.starts_with("client") && name.ends_with(".jsonl");
}

std::string Trimmed(const std::string& der, const ParsedCertificate& parsed) {
  return der.substr(0, parsed.size);
}

/// A certificate that signs others and serves nothing itself.
bool IsIssuerOnly(const ParsedCertificate& certificate, const std::string& der) {
  if (!certificate.is_ca || certificate.facts.names.empty()) return certificate.is_ca;
  const auto verified = ParseCertificate(der);
  return !verified.ok() || !verified->facts.self_signed;
}

bool MayBeIssuer(const ParsedCertificate& certificate) {
  return certificate.is_ca || certificate.facts.names.empty();
}

bool NamesAsIssuer(const std::string& issued, const std::string& issuer) {
  const auto lower = PartsOf(issued);
  const auto upper = PartsOf(issuer);
  return lower && upper && lower->issuer == upper->subject && lower->issuer != lower->subject;
}

}  // namespace

/// The inputs that are read, by kind.
struct FolderReader::Sorted {
  std::vector<std::pair<const Input*, InputKind>> certificates;
  std::vector<const Input*> rows;
};

FolderReader::Sorted FolderReader::Sort(const std::vector<Input>& inputs) {
  Sorted sorted;
  for (const Input& input : inputs) {
    const Result<InputKind> kind = KindOf(input);
    if (!kind.ok()) {
      Refuse(input, 0, 0, kind.error().message);
    } else if (*kind == InputKind::kUnknown) {
      Refuse(input, 0, 0, "neither PEM, DER, PKCS#7 nor JSON Lines");
    } else if (input.size > kMaxImportFileBytes) {
      Refuse(input, 0, 0, "larger than 4 GiB");
    } else if (*kind == InputKind::kJsonLines) {
      sorted.rows.push_back(&input);
      continue;
    } else {
      sorted.certificates.emplace_back(&input, *kind);
      continue;
    }
    progress_.Reach(progress_.done + input.size);
  }
  return sorted;
}

bool FolderReader::Read(const FolderInputs& inputs) {
  const Sorted sorted = Sort(inputs.files);
  rows_ = sorted.rows;
  beside_ = inputs.beside;
  if (!sorted.certificates.empty()) CollectRoles();
  for (const auto& [input, kind] : sorted.certificates) ReadOne(*input, kind);
  for (const auto& [id, der] : held_) {
    if (!stopped_ && !roles_.IsServer(id)) LeaveOut(id, roles_.Reason(id));
  }
  for (const Input* input : rows_) ReadOne(*input, InputKind::kJsonLines);
  return !stopped_;
}

/// Holds certificates of files that nobody named, if rows refer to them.
void FolderReader::LookBeside() {
  const auto list = std::exchange(beside_, nullptr);
  if (!list) return;
  CollectRoles();
  looking_beside_ = true;
  uint64_t left = kMaxBytesBeside;
  for (const Input& input : list()) {
    if (input.size > left) continue;
    const Result<InputKind> kind = KindOf(input);
    if (!kind.ok() || (*kind != InputKind::kText && *kind != InputKind::kBinary)) continue;
    left -= input.size;
    ReadCertificates(input, *kind);
  }
  looking_beside_ = false;
}

void FolderReader::ReadOne(const Input& input, InputKind kind) {
  if (stopped_) return;
  const uint64_t end = progress_.done + input.size;
  if (kind == InputKind::kJsonLines) {
    ReadRows(input);
  } else {
    ReadCertificates(input, kind);
  }
  // Also if the rest of the file was left out.
  if (!stopped_) progress_.Reach(end);
}

void FolderReader::CollectRoles() {
  if (std::exchange(roles_collected_, true)) return;
  for (const Input* input : rows_) CollectRolesOf(*input);
}

/// Errors are left for ReadRows to tell.
void FolderReader::CollectRolesOf(const Input& input) {
  Result<ReadFunction> read = input.open();
  if (!read.ok()) return;
  LineReader lines(std::move(read).value());
  const bool client_file = NamesClients(input);
  while (const std::optional<Line> line = lines.Next()) {
    const Result<JsonRow> row = ParseJsonRow(line->text);
    if (!row.ok() || !IsObservation(*row)) continue;
    const Result<bool> client = IsClient(*row);
    if (client.ok()) roles_.Note(*row, client_file || *client);
  }
}

void FolderReader::ReadCertificates(const Input& input, InputKind kind) {
  size_t found = 0;
  const auto add = [&](uint64_t offset, std::string der) {
    ++found;
    return AddFound(input, offset, std::move(der));
  };
  if (kind == InputKind::kBinary) {
    Result<std::string> content = ReadWhole(input, kMaxPkcs7Bytes);
    if (!content.ok()) return Refuse(input, 0, 0, content.error().message);
    for (std::string& der : CertificatesOfDer(std::move(content).value())) {
      if (!add(0, std::move(der))) break;
    }
  } else {
    Result<ReadFunction> read = input.open();
    if (!read.ok()) return Refuse(input, 0, 0, read.error().message);
    LineReader lines(Counted(std::move(read).value()));
    size_t refused = 0;
    const Status status = ReadPem(lines, {add, [&](uint64_t offset, const std::string& reason) {
                                            ++refused;
                                            Refuse(input, offset, 0, reason);
                                          }});
    if (!status.ok()) Refuse(input, 0, 0, status.error().message);
    if (found + refused == 0) Refuse(input, 0, 0, "holds no certificate");
  }
  EndChain(input);
}

/// False to stop.
bool FolderReader::AddFound(const Input& input, uint64_t offset, std::string der) {
  Result<ParsedCertificate> result = ParseInBulk(der);
  if (!result.ok()) {
    EndChain(input);
    Refuse(input, offset, 0, result.error().message);
    return !stopped_;
  }
  auto parsed = std::make_shared<const ParsedCertificate>(std::move(result).value());
  if (looking_beside_) {
    Hold(input, {std::move(parsed), std::move(der), offset});
    return true;
  }
  const bool continues = !chain_.empty() && chain_.size() < kMaxChainLength &&
                         MayBeIssuer(*parsed) && NamesAsIssuer(chain_.back().der, der);
  if (!continues) EndChain(input);
  chain_.push_back({std::move(parsed), std::move(der), offset});
  return !stopped_;
}

void FolderReader::EndChain(const Input& input) {
  if (chain_.empty() || stopped_) return;
  std::vector<Found> chain = std::exchange(chain_, {});
  const ParsedCertificate& leaf = *chain.front().parsed;
  std::optional<Observation> observation;
  if (!roles_.Has(leaf.facts.id)) {
    if (IsIssuerOnly(leaf, chain.front().der)) {
      LeaveOut(leaf.facts.id, LeftOut::kIssuer);
    } else if (leaf.client_only) {
      LeaveOut(leaf.facts.id, LeftOut::kClient);
    } else {
      observation.emplace();
      observation->time = now_;
      observation->origin = input.name + ":" + std::to_string(chain.front().offset);
      observation->chain.push_back(chain.front().der);
      observation->certificate = chain.front().parsed;
    }
  }
  for (size_t i = 1; i < chain.size(); ++i) {
    if (observation) observation->chain.push_back(Trimmed(chain[i].der, *chain[i].parsed));
    if (!roles_.Has(chain[i].parsed->facts.id)) {
      LeaveOut(chain[i].parsed->facts.id, LeftOut::kIssuer);
    }
  }
  for (Found& found : chain) Hold(input, std::move(found));
  if (observation) Deliver(*std::move(observation));
}

/// Keeps a certificate for the rows that refer to it.
void FolderReader::Hold(const Input& input, Found found) {
  const CertId& id = found.parsed->facts.id;
  if (!roles_.Has(id) || held_.contains(id)) return;
  if (held_bytes_ + found.der.size() > kMaxHeldBytes) {
    return Refuse(input, found.offset, 0,
                  "the rows of this folder refer to more than 1 GiB of certificates");
  }
  held_bytes_ += found.der.size();
  held_.emplace(id, std::move(found.der));
}

void FolderReader::ReadRows(const Input& input) {
  Result<ReadFunction> read = input.open();
  if (!read.ok()) return Refuse(input, 0, 0, read.error().message);
  LineReader lines(Counted(std::move(read).value()));
  const bool client_file = NamesClients(input);
  size_t bad_lines = 0;
  bool other_kind = false;
  while (const std::optional<Line> line = lines.Next()) {
    if (stopped_) return;
    if (!line->too_long && line->text.find_first_not_of(" \t\r") == std::string_view::npos)
      continue;
    const Result<JsonRow> row = line->too_long
                                    ? Error{Code::kInvalidArgument, "the line is longer than 1 MiB"}
                                    : ParseJsonRow(line->text);
    if (!row.ok()) {
      Refuse(input, 0, line->number, row.error().message);
      if (++bad_lines < kMaxBadLines) continue;
      return Refuse(input, 0, line->number, "too many bad lines; the rest is left out");
    }
    if (IsObservation(*row)) {
      ReadRow(input, *line, *row, client_file);
    } else if (!std::exchange(other_kind, true)) {
      Refuse(input, 0, line->number,
             "this and like rows are no observations (no sha256 with ip, and no der_b64)");
    }
  }
  if (!lines.status().ok()) Refuse(input, 0, 0, lines.status().error().message);
}

void FolderReader::ReadRow(const Input& input, const Line& line, const JsonRow& row, bool client) {
  const Result<bool> client_role = IsClient(row);
  if (!client_role.ok()) return Refuse(input, 0, line.number, client_role.error().message);
  client = client || *client_role;
  if (row.der_b64) return ReadInlineRow(input, line, row, client);
  const Result<CertId> id = ParseCertId(*row.sha256);
  if (!id.ok()) return Refuse(input, 0, line.number, id.error().message);
  if (client) return;
  std::optional<std::string> leaf = Find(*id);
  if (!leaf) {
    LookBeside();
    leaf = Find(*id);
  }
  if (!leaf) {
    return Refuse(
        input, 0, line.number,
        "certificate " + Hex(id->view()) + " is not in a file of this folder, nor on record");
  }
  Emit(row, {nullptr, *std::move(leaf), 0}, *id, input, line);
}

std::optional<std::string> FolderReader::Find(const CertId& id) const {
  if (const auto held = held_.find(id); held != held_.end()) return held->second;
  return sink_.on_record ? sink_.on_record(id) : std::nullopt;
}

void FolderReader::ReadInlineRow(const Input& input, const Line& line, const JsonRow& row,
                                 bool client) {
  Result<std::string> der = FromBase64(*row.der_b64);
  if (!der.ok()) return Refuse(input, 0, line.number, "der_b64: " + der.error().message);
  Result<ParsedCertificate> result = ParseInBulk(*der);
  if (!result.ok()) return Refuse(input, 0, line.number, result.error().message);
  auto parsed = std::make_shared<const ParsedCertificate>(std::move(result).value());
  const CertId& id = parsed->facts.id;
  if (row.sha256) {
    const Result<CertId> said = ParseCertId(*row.sha256);
    if (!said.ok() || (*said != id && said->bytes != Sha256(*der))) {
      return Refuse(input, 0, line.number, "sha256 is not that of the certificate in der_b64");
    }
  }
  if (client) return LeaveOut(id, LeftOut::kClient);
  if (!row.ip && IsIssuerOnly(*parsed, *der)) return LeaveOut(id, LeftOut::kIssuer);
  if (!row.ip && parsed->client_only) return LeaveOut(id, LeftOut::kClient);
  Emit(row, {std::move(parsed), std::move(der).value(), 0}, id, input, line);
}

void FolderReader::Emit(const JsonRow& row, Found leaf, const CertId& id, const Input& input,
                        const Line& line) {
  Observation observation;
  if (row.ip) {
    const Result<Endpoint> endpoint = EndpointOf(row);
    if (!endpoint.ok()) return Refuse(input, 0, line.number, endpoint.error().message);
    observation.endpoint = *endpoint;
  }
  const Result<UnixTime> time = TimeOf(row, now_);
  if (!time.ok()) return Refuse(input, 0, line.number, time.error().message);
  observation.time = *time;
  observation.origin = input.name + ":" + std::to_string(line.number);
  observation.chain.push_back(std::move(leaf.der));
  observation.certificate = std::move(leaf.parsed);
  for (const std::string& text : row.chain) {
    const Result<CertId> issuer = ParseCertId(text);
    if (!issuer.ok() || *issuer == id) continue;
    if (observation.chain.size() == kMaxChainLength) break;
    const std::optional<std::string> der = Find(*issuer);
    if (!der) continue;
    std::string_view rest = *der;
    observation.chain.emplace_back(TakeDerElement(&rest)->whole);
  }
  Deliver(std::move(observation));
}

void FolderReader::Deliver(Observation observation) {
  observation.source = kSource;
  if (!sink_.on_observation(std::move(observation))) stopped_ = true;
}

void FolderReader::LeaveOut(const CertId& id, LeftOut why) {
  if (sink_.on_left_out && left_out_.insert(id).second) sink_.on_left_out(id, why);
}

void FolderReader::Refuse(const Input& input, uint64_t offset, uint64_t line,
                          const std::string& reason) {
  if (looking_beside_) return;
  sink_.on_refusal({input.name, offset, line, Clean(reason).text});
}

ReadFunction FolderReader::Counted(ReadFunction read) {
  if (looking_beside_) return read;
  return [this, read = std::move(read)](char* buffer, size_t size) {
    const Result<size_t> got = read(buffer, size);
    if (got.ok()) progress_.Reach(progress_.done + *got);
    return got;
  };
}

}  // namespace commresolve::index
