// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes the corpora that the fuzzers of records begin with: corpus_main FOLDER.

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/dht/record/samples.h"

namespace {

using namespace commresolve;
using namespace commresolve::dht;

class Corpus {
 public:
  Corpus(const std::filesystem::path& root, const std::string& name)
      : folder_(root / ("dht_" + name)) {
    std::filesystem::create_directories(folder_);
  }
  /// What comes from the network.
  void Payload(const std::string& name, const Result<std::string>& payload) {
    Write(name, '\0', payload.value());
  }
  /// The body of a record that FuzzKey() of the fuzzer signs.
  void Body(const std::string& name, const std::string& body) { Write(name, '\1', body); }

 private:
  void Write(const std::string& name, char kind, const std::string& bytes) {
    std::ofstream(folder_ / name, std::ios::binary) << kind << bytes;
  }
  std::filesystem::path folder_;
};

std::string BodyOf(RecordType type, const Result<std::string>& payload) {
  return std::string(OpenEnvelope(type, payload.value())->body);
}

/// The samples of a record that owners make, by `write`, signed in every way.
template <class Record, class Write>
void Owners(Corpus& corpus, RecordType type, Record sample, Write write) {
  const SigningKey ed25519 = SeedKey(1);
  corpus.Payload("ed25519", write(sample(ed25519.id()), ed25519));
  corpus.Body("body", BodyOf(type, write(sample(ed25519.id()), ed25519)));
  for (const char* algorithm : {"P-256", "P-384"}) {
    const SigningKey key = NewSigningKey(algorithm);
    corpus.Payload(algorithm, write(sample(key.id()), key));
  }
  const KeyId rsa = SomeKey(9);
  const auto payload = write(sample(rsa), ed25519);
  corpus.Payload("publishing_key", payload);
  corpus.Payload("cut", payload->substr(0, payload->size() / 2));
}

void WriteAll(const std::filesystem::path& root) {
  const SigningKey key = SeedKey(1);
  Corpus owner(root, "owner");
  Owners(owner, RecordType::kOwner, SampleOwner, WriteOwner);
  owner.Body("nowhere", *FromHex("698000000000"));
  Corpus rollover(root, "rollover");
  Owners(rollover, RecordType::kRollover, SampleRollover, WriteRollover);

  Corpus observation(root, "observation");
  const auto seen = WriteObservation(SampleObservation(), key);
  observation.Payload("v6", seen);
  observation.Body("body_v6", BodyOf(RecordType::kObservation, seen));
  Observation v4 = SampleObservation();
  v4.endpoint = {*IpAddress::Parse("9.9.9.7"), 25, Protocol::kSmtp, ""};
  observation.Body("body_v4", BodyOf(RecordType::kObservation, WriteObservation(v4, key)));

  Corpus posting(root, "posting");
  const Header header{1, kNow + kDay};
  auto entries = SampleEntries(kMaxPostings);
  entries[1].signpost = Signpost{3, 5'000};
  const auto full = WritePostingBlock(SampleBucket(), header, {}, entries, key);
  posting.Payload("full", full);
  posting.Body("body_full", BodyOf(RecordType::kPosting, full));
  posting.Body("body_one",
               BodyOf(RecordType::kPosting,
                      WritePostingBlock(SampleBucket(), header, {1, 2}, SampleEntries(1), key)));

  Corpus delegation(root, "delegation");
  const auto statement = WriteDelegation(SampleDelegation(), SeedKey(3));
  delegation.Payload("ed25519", statement);
  delegation.Body("unsigned", statement->substr(0, statement->size() - kEd25519SignatureBytes));
  delegation.Payload("rsa", WriteDelegation(SampleDelegation(), NewSigningKey("RSA-2048")));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("Usage: corpus_main FOLDER\n", stderr);
    return 2;
  }
  WriteAll(argv[1]);
  return 0;
}
