// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The certificates of the external corpus, for tests that hold for any certificate.

#ifndef COMMRESOLVE_TESTS_FAKES_CORPUS_H_
#define COMMRESOLVE_TESTS_FAKES_CORPUS_H_

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "resolver/base/digest.h"

namespace commresolve::fakes {

inline void AddPem(const std::filesystem::path& path, std::set<std::string>& ders) {
  std::ifstream stream(path);
  std::string base64;
  bool inside = false;
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("-----BEGIN")) {
      inside = line.find("CERTIFICATE") != std::string::npos;
      base64.clear();
    } else if (line.starts_with("-----END") && inside) {
      if (auto der = FromBase64(base64); der.ok()) ders.insert(*der);
      inside = false;
    } else if (inside) {
      while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
      base64 += line;
    }
  }
}

inline void AddBase64Values(const nlohmann::json& value, std::set<std::string>& ders) {
  if (value.is_string()) {
    const std::string& text = value.get_ref<const std::string&>();
    if (text.starts_with("MI")) {
      if (auto der = FromBase64(text); der.ok()) ders.insert(*der);
    }
  }
  if (!value.is_structured()) return;
  for (const auto& item : value) AddBase64Values(item, ders);
}

/// Every certificate of the external corpus, whichever file it stands in, malformed ones included.
/// Empty if the corpus is absent.
inline std::set<std::string> CorpusCertificates() {
  const std::string folder = COMMRESOLVE_CORPUS_DIR;
  std::set<std::string> ders;
  if (!std::filesystem::exists(folder)) return ders;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const std::string extension = entry.path().extension();
    if (extension == ".pem" || extension == ".crt") AddPem(entry.path(), ders);
    if (extension != ".jsonl") continue;
    std::ifstream stream(entry.path());
    for (std::string line; std::getline(stream, line);) {
      AddBase64Values(nlohmann::json::parse(line, nullptr, false), ders);
    }
  }
  return ders;
}

}  // namespace commresolve::fakes

#endif  // COMMRESOLVE_TESTS_FAKES_CORPUS_H_
