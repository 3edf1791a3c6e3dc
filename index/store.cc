// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The data folder behind store.h.

#include "index/store.h"

#include <charconv>
#include <filesystem>
#include <set>

#include "resolver/trust/first_use.h"

namespace commresolve::index {
namespace {

constexpr const char* kMetaNumber = "search_number";
constexpr const char* kMetaFormat = "search_format";
constexpr std::string_view kSearchFormat = "4";  // Raise it when the terms of a document change.
constexpr size_t kListingsPerKeyWanted = 4;
constexpr size_t kMaxKeysAtEndpoint = 64;

void RemoveAllBut(const std::string& folder, const std::string& name) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    std::error_code leftover;  // The next call removes it.
    if (entry.path().filename() != name) std::filesystem::remove_all(entry.path(), leftover);
  }
}

uint64_t NumberIn(const std::string& text) {
  uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

Result<std::unique_ptr<Store>> Store::Open(const std::string& data_folder,
                                           const std::string& ca_file) {
  COMMRESOLVE_TRY(MakePrivateFolder(data_folder));
  COMMRESOLVE_ASSIGN(ledger, Ledger::Open(data_folder + "/ledger"));
  return std::unique_ptr<Store>(new Store(data_folder, ca_file, std::move(ledger)));
}

std::unique_ptr<Store> Store::Share() const {
  return std::unique_ptr<Store>(new Store(folder_, ca_file_, ledger_));
}

Result<FileLock> Store::LockForWriting(std::chrono::milliseconds patience) {
  return FileLock::Take(folder_ + "/lock", patience);
}

std::string Store::SearchPath(uint64_t number) const {
  return folder_ + "/search/" + std::to_string(number);
}

Result<uint64_t> Store::SearchNumber() const {
  COMMRESOLVE_ASSIGN(format, ledger_->GetMeta(kMetaFormat));
  if (format != kSearchFormat) return uint64_t{0};
  COMMRESOLVE_ASSIGN(number, ledger_->GetMeta(kMetaNumber));
  return NumberIn(number);
}

Status Store::SwitchSearchIndex(uint64_t number) {
  COMMRESOLVE_TRY(ledger_->SetMeta(kMetaNumber, std::to_string(number)));
  COMMRESOLVE_TRY(ledger_->SetMeta(kMetaFormat, std::string(kSearchFormat)));
  RemoveAllBut(folder_ + "/search", std::to_string(number));
  return {};
}

Result<std::unique_ptr<SearchWriter>> Store::OpenSearchWriter() {
  COMMRESOLVE_TRY(MakePrivateFolder(folder_ + "/search"));
  COMMRESOLVE_ASSIGN(number, SearchNumber());
  if (number == 0) return Error{Code::kNotFound, "there is no search index yet"};
  RemoveAllBut(folder_ + "/search", std::to_string(number));  // A rebuild may have been killed.
  return SearchWriter::Open(SearchPath(number));
}

Result<SearchReader*> Store::Search() {
  COMMRESOLVE_ASSIGN(number, SearchNumber());
  if (number == 0) {
    COMMRESOLVE_ASSIGN(counts, ledger_->Counts());
    if (counts.listings > 0) {
      return Error{Code::kNotFound, "there is no search index of this version",
                   "run `commresolve index rebuild`"};
    }
    return Error{Code::kNotFound, "nothing is indexed yet",
                 "import certificates or observe a server first"};
  }
  if (!reader_ || number != reader_number_) {
    COMMRESOLVE_ASSIGN(reader, SearchReader::Open(SearchPath(number)));
    reader_ = std::move(reader);
    reader_number_ = number;
  }
  return reader_.get();
}

Result<PublicChain> Store::CheckChain(const std::vector<std::string>& chain, UnixTime time) {
  if (!chains_) {
    COMMRESOLVE_ASSIGN(checker, PublicChainChecker::Make(ca_file_));
    chains_ = std::move(checker);
  }
  return chains_->Check(chain, time);
}

Result<PublicChain> Store::ChainOnRecordOrCheck(const std::vector<std::string>& chain,
                                                UnixTime time) {
  COMMRESOLVE_ASSIGN(on_record, ledger_->CheckThatHolds(chain, time));
  return on_record ? *on_record : CheckChain(chain, time);
}

Result<Candidates> Store::Find(const KeywordSet& words, size_t limit) {
  Candidates found;
  COMMRESOLVE_ASSIGN(number, SearchNumber());
  if (number == 0) return found;
  COMMRESOLVE_ASSIGN(reader, Search());
  COMMRESOLVE_ASSIGN(carriers, reader->ListingsCarrying(words, limit * kListingsPerKeyWanted));
  found.complete = carriers.complete;
  std::set<KeyId> seen;
  for (const ListingId listing : carriers.listings) {
    COMMRESOLVE_ASSIGN(keys, ledger_->KeysOf(listing, limit));
    if (keys.total > keys.keys.size()) found.complete = false;
    for (const KeyId& key : keys.keys) {
      if (!seen.insert(key).second) continue;
      COMMRESOLVE_ASSIGN(candidate, FindKey(key));
      if (candidate && Cover(words, candidate->keywords).all) {
        found.list.push_back(std::move(*candidate));
      }
    }
  }
  std::stable_partition(found.list.begin(), found.list.end(), [](const Candidate& candidate) {
    return candidate.certificate.public_chain.valid;
  });
  if (found.list.size() > limit) {
    found.list.resize(limit);
    found.complete = false;
  }
  return found;
}

Result<std::optional<Candidate>> Store::FindKey(const KeyId& key) { return ledger_->FindKey(key); }

Result<std::vector<KeyId>> Store::KeysSeenAt(const IpAddress& ip, uint16_t port) {
  return ledger_->KeysAt(ip, port, kMaxKeysAtEndpoint);
}

Result<CertificateFacts> Store::RecordHandshake(const Handshake& handshake) {
  COMMRESOLVE_ASSIGN(certificate, ledger_->parsed_certificates().Parse(handshake.chain.front()));
  COMMRESOLVE_ASSIGN(chain, ChainOnRecordOrCheck(handshake.chain, handshake.time));
  COMMRESOLVE_ASSIGN(batch, ledger_->Begin());
  const Observation observation{handshake.chain,
                                handshake.endpoint,
                                handshake.time,
                                "probe",
                                true,
                                handshake.endpoint.ToString()};
  COMMRESOLVE_ASSIGN(added, batch->Add(observation, *certificate, &chain));
  static_cast<void>(added);
  COMMRESOLVE_TRY(batch->Commit());
  CertificateFacts facts = certificate->facts;
  facts.public_chain = std::move(chain);
  return facts;
}

Result<PublicChain> Store::CheckChainNow(const Handshake& handshake) {
  return CheckChain(handshake.chain, handshake.time);
}

Status Store::RecordWrongKey(const Endpoint& endpoint, const KeyId& expected, UnixTime time) {
  COMMRESOLVE_ASSIGN(batch, ledger_->Begin());
  COMMRESOLVE_TRY(batch->AddWrongKey(endpoint, expected, time));
  return batch->Commit();
}

}  // namespace commresolve::index
