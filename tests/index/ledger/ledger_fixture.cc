// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Certificates and processes for the ledger's tests.

#include "tests/index/ledger/ledger_fixture.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>

namespace commresolve::index {
namespace {

std::string Sequence(const std::string& content) {
  const size_t length = content.size();
  return std::string("\x30\x83", 2) + static_cast<char>(length >> 16) +
         static_cast<char>(length >> 8) + static_cast<char>(length) + content;
}

void AddExtension(X509* x509, int nid, const std::string& value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str());
  X509_add_ext(x509, extension, -1);
  X509_EXTENSION_free(extension);
}

}  // namespace

KeyId InventedKey(const std::string& key) { return {Sha256("key " + key)}; }

Specimen Invent(const MakeUp& make_up) {
  Specimen specimen;
  std::string content = make_up.names + '|' + make_up.key + '|' + make_up.issuer + '|' +
                        std::to_string(make_up.not_before) + '|' + make_up.serial;
  if (content.size() < make_up.der_bytes) content.resize(make_up.der_bytes, '.');
  specimen.der = Sequence(content);
  CertificateFacts& facts = specimen.parsed.facts;
  facts.id = {Sha256(specimen.der)};
  facts.key = InventedKey(make_up.key);
  facts.not_before = make_up.not_before;
  facts.not_after = make_up.not_before + 90'000;
  std::istringstream names(make_up.names);
  for (std::string name; names >> name;) {
    facts.names.push_back(name);
    specimen.parsed.fields.push_back({Field::kDnsName, name});
  }
  specimen.parsed.fields.push_back({Field::kIssuer, make_up.issuer});
  return specimen;
}

EvpPkeyPtr MakeKey() { return EvpPkeyPtr(EVP_EC_gen("P-256")); }

Specimen MakeReal(EVP_PKEY* key, const std::string& name, UnixTime not_before) {
  const X509Ptr x509(X509_new());
  X509_set_version(x509.get(), 2);
  ASN1_INTEGER_set_int64(X509_get_serialNumber(x509.get()), not_before);
  ASN1_TIME_set(X509_getm_notBefore(x509.get()), not_before);
  ASN1_TIME_set(X509_getm_notAfter(x509.get()), not_before + 90'000);
  X509_set_pubkey(x509.get(), key);
  X509_NAME* subject = X509_get_subject_name(x509.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(x509.get(), subject);
  AddExtension(x509.get(), NID_subject_alt_name, "DNS:" + name);
  X509_sign(x509.get(), key, EVP_sha256());
  unsigned char* bytes = nullptr;
  const int length = i2d_X509(x509.get(), &bytes);
  Specimen specimen;
  specimen.der.assign(reinterpret_cast<char*>(bytes), static_cast<size_t>(length));
  OPENSSL_free(bytes);
  auto parsed = ParseCertificate(specimen.der);
  EXPECT_TRUE(parsed.ok());
  if (parsed.ok()) specimen.parsed = std::move(parsed).value();
  return specimen;
}

Endpoint At(const std::string& ip, uint16_t port, const std::string& server_name) {
  return {*IpAddress::Parse(ip), port, Protocol::kTls, server_name};
}

Observation Seen(const Specimen& specimen, std::optional<Endpoint> endpoint, UnixTime time,
                 const std::string& source) {
  return {{specimen.der}, std::move(endpoint), time, source, false, ""};
}

pid_t Fork(const std::function<int()>& child) {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(child());
  return pid;
}

int WaitFor(pid_t child) {
  int status = 0;
  if (::waitpid(child, &status, 0) != child) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

LedgerTest::LedgerTest() {
  std::string folder = testing::TempDir() + "ledger.XXXXXX";
  folder_ = ::mkdtemp(folder.data());
}

LedgerTest::~LedgerTest() {
  ledger_.reset();
  std::filesystem::remove_all(folder_);
}

void LedgerTest::Open(const LedgerOptions& options) {
  ledger_.reset();
  auto opened = Ledger::Open(folder_, options);
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  ledger_ = std::move(opened).value();
}

Added LedgerTest::Add(const Specimen& specimen, const Observation& observation,
                      const PublicChain* chain) {
  auto batch = ledger_->Begin();
  EXPECT_TRUE(batch.ok());
  const auto added = (*batch)->Add(observation, specimen.parsed, chain);
  EXPECT_TRUE(added.ok()) << added.error().message;
  EXPECT_TRUE((*batch)->Commit().ok());
  return *added;
}

Added LedgerTest::Add(const MakeUp& make_up, std::optional<Endpoint> endpoint, UnixTime time) {
  const Specimen specimen = Invent(make_up);
  return Add(specimen, Seen(specimen, std::move(endpoint), time));
}

std::vector<ListingId> LedgerTest::TakeChanged() {
  const auto changed = ledger_->ChangedListings(1'000);
  EXPECT_TRUE(changed.ok());
  EXPECT_TRUE(ledger_->ForgetChanged(changed->up_to).ok());
  return changed->listings;
}

void LedgerTest::ExpectSound() {
  const auto report = ledger_->Check();
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->problem_count, 0U);
  for (const std::string& problem : report->problems) ADD_FAILURE() << problem;
}

LedgerCounts LedgerTest::Counts() {
  const auto counts = ledger_->Counts();
  EXPECT_TRUE(counts.ok());
  return *counts;
}

}  // namespace commresolve::index
