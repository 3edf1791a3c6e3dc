// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes synthetic certificates (tests/bench/generator.h) as JSON Lines for `commresolve import`.
//
//   synthetic_certificates FIRST COUNT > certificates.jsonl

#include <openssl/evp.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/bench/generator.h"

namespace commresolve::bench {
namespace {

std::string Base64(const std::string& bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
  text.resize(static_cast<size_t>(length));
  return text;
}

bool Write(uint64_t first, uint64_t count) {
  const Generator generator;
  for (uint64_t i = first; i < first + count; ++i) {
    const SyntheticCertificate made = generator.Make(i);
    std::string line = R"({"der_b64":")" + Base64(made.der) + '"';
    if (made.endpoint) {
      line.append(R"(,"ip":")").append(made.endpoint->ip.ToString());
      line.append(R"(","port":)").append(std::to_string(made.endpoint->port));
      line.append(R"(,"sni":")").append(made.endpoint->server_name).append("\"");
    }
    line += "}\n";
    if (std::fwrite(line.data(), 1, line.size(), stdout) != line.size()) return false;
  }
  return std::fflush(stdout) == 0;
}

}  // namespace
}  // namespace commresolve::bench

int main(int argc, char** argv) {
  if (argc != 3) {
    (void)std::fputs("usage: synthetic_certificates FIRST COUNT\n", stderr);
    return 2;
  }
  const uint64_t first = std::strtoull(argv[1], nullptr, 10);
  return commresolve::bench::Write(first, std::strtoull(argv[2], nullptr, 10)) ? 0 : 1;
}
