// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a reading yields, collected, and the texts to feed it with.

#ifndef COMMRESOLVE_TESTS_INDEX_SOURCES_READING_H_
#define COMMRESOLVE_TESTS_INDEX_SOURCES_READING_H_

#include <map>
#include <string>
#include <vector>

#include "index/sources/reader.h"
#include "resolver/base/digest.h"

namespace commresolve::index {

inline constexpr UnixTime kNow = 1'800'000'000;

struct Reading {
  std::vector<Observation> observations;
  std::vector<Refusal> refusals;
  std::map<CertId, LeftOut> left_out;
  uint64_t done = 0;
  uint64_t total = 0;
  std::map<CertId, std::string> on_record;
  size_t stop_after = SIZE_MAX;  ///< Observations.

  ReaderSink Sink() {
    return {[this](Observation observation) {
              observations.push_back(std::move(observation));
              return observations.size() < stop_after;
            },
            [this](const Refusal& refusal) { refusals.push_back(refusal); },
            [this](const CertId& id, LeftOut why) { left_out[id] = why; },
            [this](uint64_t now_done, uint64_t now_total) {
              done = now_done;
              total = now_total;
            },
            [this](const CertId& id) -> std::optional<std::string> {
              const auto at = on_record.find(id);
              if (at == on_record.end()) return std::nullopt;
              return at->second;
            }};
  }
};

inline Reading ReadText(const std::string& content, const std::string& name = "file") {
  Reading reading;
  EXPECT_TRUE(ReadContent(content, name, kNow, reading.Sink()).ok());
  return reading;
}

inline std::string Pem(const std::string& der, const std::string& label = "CERTIFICATE") {
  const std::string base64 = Base64(der);
  std::string pem = "-----BEGIN " + label + "-----\n";
  for (size_t at = 0; at < base64.size(); at += 64) pem += base64.substr(at, 64) + "\n";
  return pem + "-----END " + label + "-----\n";
}

inline CertId IdOf(const std::string& der) { return {Sha256(der)}; }
inline std::string HexId(const std::string& der) { return Hex(IdOf(der).view()); }

}  // namespace commresolve::index

#endif  // COMMRESOLVE_TESTS_INDEX_SOURCES_READING_H_
