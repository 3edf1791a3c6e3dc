// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Opening a ledger, its counts, its queue and its named values.

#include "index/ledger/ledger.h"

#include <algorithm>
#include <thread>
#include <unordered_set>

#include "index/ledger/batch.h"
#include "index/ledger/environment.h"
#include "index/ledger/row_key.h"
#include "index/ledger/rows.h"
#include "index/ledger/transaction.h"

namespace commresolve::index {
namespace {

constexpr size_t kDefaultMaxBytes = sizeof(size_t) > 4 ? size_t{1} << 36 : size_t{1} << 30;
constexpr size_t kMaxNameBytes = 100;
constexpr auto kBetweenLooks = std::chrono::microseconds(200);

Error NoLedger(const std::string& path, const std::string& why) {
  return {Code::kCorrupt, "the files in " + path + " are no ledger: " + why,
          "choose another folder, or move them away"};
}

Status CheckFormat(const Transaction& txn, const std::string& path) {
  COMMRESOLVE_ASSIGN(format, FindRow(txn, Table::kMeta, kFormatKey, DecodeNumber));
  if (!format) return NoLedger(path, "no format number");
  if (*format != kLedgerFormat) {
    return Error{Code::kCorrupt,
                 "the ledger in " + path + " has format " + std::to_string(*format) +
                     ", this program reads " + std::to_string(kLedgerFormat),
                 *format > kLedgerFormat ? "use the newer version of this program that wrote it"
                                         : "move it away and import again"};
  }
  return {};
}

// Of the two files the one with the rows is looked at when it is opened.
Status CheckDers(const Transaction& txn, const std::string& path) {
  COMMRESOLVE_ASSIGN(totals, ReadTotals(txn));
  COMMRESOLVE_ASSIGN(bytes, txn.environment()->ders.Size());
  if (bytes >= totals.der_bytes) return {};
  return Error{Code::kCorrupt, path + "/certificates.der was cut short",
               "restore the ledger from a backup, or move it away and import again"};
}

// Creates the tables, unless another process has done so in the meantime.
Status Create(const std::shared_ptr<Environment>& environment, const std::string& path) {
  COMMRESOLVE_ASSIGN(txn, WriteTransaction::Begin(environment));
  const bool foreign = environment->HasForeignContent(txn.get());
  if (foreign) return NoLedger(path, "they hold something else");
  if (const int rc = environment->OpenTables(txn.get(), true); rc != 0) {
    return MdbError(rc, "cannot create the ledger in " + path);
  }
  COMMRESOLVE_ASSIGN(format, txn.Get(Table::kMeta, kFormatKey));
  if (!format) {
    COMMRESOLVE_TRY(txn.Put(Table::kMeta, kFormatKey, EncodeNumber(kLedgerFormat)));
    COMMRESOLVE_TRY(txn.Put(Table::kMeta, kTotalsKey, EncodeTotals({})));
  }
  COMMRESOLVE_TRY(CheckFormat(txn, path));
  return txn.Commit();
}

}  // namespace

Ledger::Ledger(std::shared_ptr<Environment> environment) : environment_(std::move(environment)) {}
Ledger::~Ledger() = default;

Result<std::unique_ptr<Ledger>> Ledger::Open(const std::string& path,
                                             const LedgerOptions& options) {
  const size_t max_bytes = options.max_bytes != 0 ? options.max_bytes : kDefaultMaxBytes;
  COMMRESOLVE_ASSIGN(environment, Environment::Open(path, max_bytes));
  int rc = 0;
  {
    COMMRESOLVE_ASSIGN(txn, Transaction::Read(environment));
    rc = environment->OpenTables(txn.get(), false);
    if (rc == 0) {
      COMMRESOLVE_TRY(CheckFormat(txn, path));
      COMMRESOLVE_TRY(CheckDers(txn, path));
      COMMRESOLVE_TRY(txn.Finish());
    }
  }
  if (rc == MDB_NOTFOUND) {
    COMMRESOLVE_TRY(Create(environment, path));
  } else if (rc != 0) {
    return MdbError(rc, "cannot open the ledger in " + path);
  }
  return std::unique_ptr<Ledger>(new Ledger(std::move(environment)));
}

Result<std::unique_ptr<Ledger::Batch>> Ledger::Begin() { return LedgerBatch::Begin(environment_); }

Waiting Ledger::OthersWait() const { return environment_->waiters.Ask(); }

void Ledger::LetOthersWrite(std::chrono::milliseconds most) const {
  const auto end = std::chrono::steady_clock::now() + most;
  while (OthersWait() == Waiting::kSomebody && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(kBetweenLooks);
  }
}

uint64_t Ledger::LastChange() const { return environment_->LastCommit(); }

Result<LedgerCounts> Ledger::Counts() const {
  COMMRESOLVE_ASSIGN(txn, Transaction::Read(environment_));
  COMMRESOLVE_ASSIGN(totals, ReadTotals(txn));
  return LedgerCounts{totals.certificates,
                      totals.chain_certificates,
                      totals.keys,
                      totals.endpoints,
                      totals.listings,
                      totals.observations,
                      environment_->BytesInUse() + totals.der_bytes};
}

Result<Ledger::Changed> Ledger::ChangedListings(size_t limit, uint64_t last) const {
  COMMRESOLVE_ASSIGN(txn, Transaction::Read(environment_));
  COMMRESOLVE_ASSIGN(cursor, txn.Walk(Table::kChanged));
  Changed changed;
  std::unordered_set<ListingId> seen;
  COMMRESOLVE_ASSIGN(first, cursor.First());
  bool more = first;
  for (size_t entries = 0; more && entries < limit; ++entries) {
    COMMRESOLVE_ASSIGN(sequence, DecodeChangeKey(cursor.key()));
    if (sequence > last) break;
    COMMRESOLVE_ASSIGN(listing, DecodeNumber(cursor.value()));
    changed.up_to = sequence;
    if (seen.insert(listing).second) changed.listings.push_back(listing);
    COMMRESOLVE_ASSIGN(next, cursor.Next());
    more = next;
  }
  return changed;
}

Status Ledger::ForgetChanged(uint64_t up_to) {
  if (up_to == 0) return {};
  COMMRESOLVE_ASSIGN(txn, WriteTransaction::Begin(environment_));
  {
    COMMRESOLVE_ASSIGN(cursor, txn.Walk(Table::kChanged));
    while (true) {
      COMMRESOLVE_ASSIGN(more, cursor.First());
      if (!more) break;
      COMMRESOLVE_ASSIGN(sequence, DecodeChangeKey(cursor.key()));
      if (sequence > up_to) break;
      COMMRESOLVE_TRY(cursor.Delete());
    }
  }
  return txn.Commit();
}

Result<uint64_t> Ledger::ChangedCount() const {
  COMMRESOLVE_ASSIGN(txn, Transaction::Read(environment_));
  return txn.Rows(Table::kChanged);
}

Result<std::string> Ledger::GetMeta(const std::string& name) const {
  if (name.empty()) return std::string();
  COMMRESOLVE_ASSIGN(txn, Transaction::Read(environment_));
  COMMRESOLVE_ASSIGN(value, FindRow(txn, Table::kValues, name, DecodeText));
  return std::move(value).value_or(std::string());
}

Status Ledger::SetMeta(const std::string& name, const std::string& value) {
  if (name.empty() || name.size() > kMaxNameBytes) {
    return Error{Code::kInvalidArgument, "a value's name has 1 to 100 bytes"};
  }
  COMMRESOLVE_ASSIGN(txn, WriteTransaction::Begin(environment_));
  COMMRESOLVE_TRY(txn.Put(Table::kValues, name, EncodeText(value)));
  return txn.Commit();
}

}  // namespace commresolve::index
