// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tables of docs/exit-codes.md and docs/config.md are those of the program.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "resolver/config/config.h"

namespace commresolve::cli {
namespace {

/// The first two cells of every table row whose first cell is one word of code.
std::map<std::string, std::string> CodeRows(const std::string& document) {
  std::ifstream file(std::string(COMMRESOLVE_SOURCE_DIR) + "/docs/" + document);
  EXPECT_TRUE(file) << document;
  const std::regex row("\\| `([a-z_]+)` \\| ([^|]*) \\|.*");
  std::map<std::string, std::string> rows;
  std::string line;
  while (std::getline(file, line)) {
    std::smatch cells;
    if (std::regex_match(line, cells, row)) rows.emplace(cells[1], cells[2]);
  }
  return rows;
}

TEST(Docs, ExitCodesAreThoseOfTheTable) {
  std::map<std::string, std::string> expected;
  for (int code = 0; code <= static_cast<int>(Code::kInternal); ++code) {
    const auto each = static_cast<Code>(code);
    expected.emplace(CodeName(each), std::to_string(static_cast<int>(ExitCodeOf(each))));
  }
  // Rows about commands have more words in their first cells, or no number beside them.
  std::map<std::string, std::string> documented;
  for (const auto& [name, cell] : CodeRows("exit-codes.md")) {
    if (std::regex_match(cell, std::regex("[0-9]+"))) documented.emplace(name, cell);
  }
  EXPECT_EQ(documented, expected);
}

TEST(Docs, SettingsAreThoseOfTheProgram) {
  std::vector<std::string> documented;
  for (const auto& [key, cell] : CodeRows("config.md")) documented.push_back(key);
  EXPECT_THAT(documented, testing::UnorderedElementsAreArray(ConfigKeys()));
}

TEST(Docs, DefaultsOfSettingsAreThoseOfTheProgram) {
  std::string text;
  for (const auto& [key, cell] : CodeRows("config.md")) {
    const std::string value = cell.substr(1, cell.size() - 2);
    if (cell == "none") continue;
    if (key != "ca_file" && key != "data_dir") text += key + " = " + value + "\n";
  }
  const auto documented = ParseConfig(text, "config.md");
  ASSERT_TRUE(documented.ok()) << documented.error().message;
  const ResolverSettings defaults;
  EXPECT_EQ(documented->resolver.suffix, defaults.suffix);
  EXPECT_EQ(documented->resolver.first_use, defaults.first_use);
  EXPECT_EQ(documented->resolver.renewal, defaults.renewal);
  EXPECT_EQ(documented->resolver.max_age, defaults.max_age);
  EXPECT_EQ(documented->resolver.dns_hints, defaults.dns_hints);
  EXPECT_EQ(documented->resolver.dns_names, defaults.dns_names);
  EXPECT_EQ(documented->resolver.hash_known_certs, defaults.hash_known_certs);
  EXPECT_EQ(documented->resolver.probe.deadline, defaults.probe.deadline);
  EXPECT_TRUE(documented->dns_servers.empty());
  EXPECT_TRUE(documented->grpc_listen.empty());
  EXPECT_TRUE(documented->index_servers.empty());
  EXPECT_EQ(documented->index_timeout, Config().index_timeout);
  EXPECT_EQ(documented->dht_bootstrap, Config().dht_bootstrap);
  EXPECT_EQ(documented->dht_listen, Config().dht_listen);
  EXPECT_EQ(documented->dht_network, Config().dht_network);
  EXPECT_EQ(documented->dht_client, Config().dht_client);
  EXPECT_EQ(documented->dht_rollovers, Config().dht_rollovers);
  EXPECT_EQ(documented->dht_lan, Config().dht_lan);
  EXPECT_EQ(documented->search_peers, Config().search_peers);
  EXPECT_EQ(documented->peers_first, Config().peers_first);
  EXPECT_EQ(documented->peers_timeout, Config().peers_timeout);
}

}  // namespace
}  // namespace commresolve::cli
