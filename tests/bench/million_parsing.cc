// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How long it takes to know what a certificate says.

#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <functional>

#include "index/certificate/certificate.h"
#include "resolver/base/digest.h"
#include "resolver/base/identifiers.h"
#include "resolver/base/openssl_ptr.h"
#include "tests/bench/bench.h"
#include "tests/bench/million.h"

namespace commresolve::bench {
namespace {

constexpr uint64_t kMostCertificates = 20'000;
constexpr int kRounds = 5;  // In turn; the fastest of each counts.

struct Way {
  const char* name;
  /// Some number that depends on everything that was read, so that nothing is optimised away.
  std::function<size_t(std::string_view der)> read;
  double seconds = 1e9;
};

size_t ByOpenssl(std::string_view der) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
  const X509Ptr certificate(d2i_X509(nullptr, &bytes, static_cast<long>(der.size())));
  return certificate != nullptr ? 1 : 0;
}

/// Times, every value of the subject, every alternative name.
size_t ByHand(std::string_view der) {
  const auto found = ReadIdentifiers(der);
  if (!found) return 0;
  size_t sum = static_cast<size_t>(found->not_after);
  EachAttribute(found->subject, [&](std::string_view, uint8_t, std::string_view bytes) {
    sum += bytes.size();
    return true;
  });
  if (found->subject_alt_name) {
    EachAlternativeName(*found->subject_alt_name, [&](uint8_t, std::string_view bytes) {
      sum += bytes.size();
      return true;
    });
  }
  return sum;
}

size_t ByDigest(std::string_view der) { return Sha256(der)[0]; }

}  // namespace

void MeasureParsing(Million& million) {
  Heading("1. Parsing, CPU a certificate");
  const uint64_t certificates = std::min(million.count, kMostCertificates);
  std::vector<std::string> ders;
  ders.reserve(certificates);
  for (uint64_t i = 0; i < certificates; ++i) {
    ders.push_back(million.generator.Make(i).der);
  }
  std::array<Way, 5> ways = {{
      {"d2i_X509 and free", ByOpenssl},
      {"identifiers by hand", ByHand},
      {"SHA-256", ByDigest},
      {"identifiers by hand and SHA-256",
       [](std::string_view der) { return ByHand(der) + ByDigest(der); }},
      {"whole ParseInBulk",
       [](std::string_view der) { return Need(index::ParseInBulk(der)).fields.size(); }},
  }};
  volatile size_t sum = 0;
  for (int round = 0; round < kRounds; ++round) {
    for (Way& way : ways) {
      const double begin = ThreadCpu();
      for (const std::string& der : ders) sum = sum + way.read(der);
      way.seconds = std::min(way.seconds, ThreadCpu() - begin);
    }
  }
  const auto count = static_cast<double>(ders.size());
  for (const Way& way : ways) Report(way.name, way.seconds / count * 1e6, "us");
  Report("d2i_X509 / (by hand and SHA-256)", ways[0].seconds / ways[3].seconds, "x", Minimum(75));
  Report("SHA-256 / (by hand and SHA-256)", ways[2].seconds / ways[3].seconds, "x", Minimum(0.5));
}

}  // namespace commresolve::bench
