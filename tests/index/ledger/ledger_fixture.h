// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the ledger's tests share: a folder of their own, made-up and real certificates.

#ifndef COMMRESOLVE_TESTS_INDEX_LEDGER_LEDGER_FIXTURE_H_
#define COMMRESOLVE_TESTS_INDEX_LEDGER_LEDGER_FIXTURE_H_

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "index/ledger/ledger.h"
#include "resolver/base/openssl_ptr.h"

namespace commresolve::index {

/// A certificate as the ledger gets it.
struct Specimen {
  std::string der;
  ParsedCertificate parsed;
};

/// What distinguishes a made-up certificate. Its DER is an element around these texts.
struct MakeUp {
  std::string names = "example.org";  ///< DNS names, blanks between.
  std::string key = "key";
  std::string issuer = "Example CA";
  UnixTime not_before = 1'000;
  std::string serial = {};
  size_t der_bytes = 0;  ///< At least.
};
Specimen Invent(const MakeUp& make_up);

KeyId InventedKey(const std::string& key);

EvpPkeyPtr MakeKey();
/// A self-signed certificate that ParseCertificate takes.
Specimen MakeReal(EVP_PKEY* key, const std::string& name, UnixTime not_before);

Endpoint At(const std::string& ip, uint16_t port, const std::string& server_name = "");
Observation Seen(const Specimen& specimen, std::optional<Endpoint> endpoint, UnixTime time,
                 const std::string& source = "import");
/// Runs `child` in a child process; its exit status is what `child` returned.
pid_t Fork(const std::function<int()>& child);
/// The exit status, or minus the signal that ended it.
int WaitFor(pid_t child);

class LedgerTest : public testing::Test {
 protected:
  LedgerTest();
  ~LedgerTest() override;

  void Open(const LedgerOptions& options = {});
  void Close() { ledger_.reset(); }
  /// One batch of one observation.
  Added Add(const Specimen& specimen, const Observation& observation,
            const PublicChain* chain = nullptr);
  Added Add(const MakeUp& make_up, std::optional<Endpoint> endpoint, UnixTime time);
  std::vector<ListingId> TakeChanged();
  void ExpectSound();
  LedgerCounts Counts();

  std::string folder_;
  std::unique_ptr<Ledger> ledger_;
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_TESTS_INDEX_LEDGER_LEDGER_FIXTURE_H_
