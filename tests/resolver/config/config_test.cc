// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tests of the settings file.

#include "resolver/config/config.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "resolver/config/nearest.h"

namespace commresolve {
namespace {

Error ErrorOf(const std::string& text) {
  const auto config = ParseConfig(text, "config.toml");
  EXPECT_FALSE(config.ok()) << text;
  return config.ok() ? Error{} : config.error();
}

TEST(ConfigTest, EmptyFileGivesTheDefaults) {
  const auto config = ParseConfig("", "config.toml");
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config->resolver.suffix, "cert.alt");
  EXPECT_EQ(config->resolver.first_use, FirstUseMode::kAsk);
  EXPECT_TRUE(config->resolver.dns_hints);
  EXPECT_EQ(config->resolver.max_age, 3600);
}

TEST(ConfigTest, EveryKeyIsRead) {
  const auto config = ParseConfig(R"(
    suffix = "Keys.Example."
    first_use = "accept-new"
    renewal = "hold"
    max_age = "15m"
    timeout = "3s"
    dns_hints = false
    dns_names = false
    hash_known_certs = true
    dns_servers = ["192.0.2.53", "[2001:db8::53]:5353"]
    ca_file = "/etc/roots.pem"
    data_dir = "/srv/commresolve"
  )",
                                  "config.toml");
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->resolver.suffix, "keys.example");
  EXPECT_EQ(config->resolver.first_use, FirstUseMode::kAcceptNew);
  EXPECT_EQ(config->resolver.renewal, RenewalPolicy::kHold);
  EXPECT_EQ(config->resolver.max_age, 900);
  EXPECT_EQ(config->resolver.probe.deadline, std::chrono::seconds(3));
  EXPECT_FALSE(config->resolver.dns_hints);
  EXPECT_FALSE(config->resolver.dns_names);
  EXPECT_TRUE(config->resolver.hash_known_certs);
  EXPECT_EQ(config->dns_servers.size(), 2U);
  EXPECT_EQ(config->ca_file, "/etc/roots.pem");
  EXPECT_EQ(config->data_folder, "/srv/commresolve");
}

TEST(ConfigTest, UnknownKeyNamesLineAndNearest) {
  const Error error = ErrorOf("\n\nfirst_uses = \"ask\"\n");
  EXPECT_EQ(error.code, Code::kInvalidArgument);
  EXPECT_EQ(error.message, "config.toml:3: unknown key 'first_uses'");
  EXPECT_EQ(error.hint, "did you mean 'first_use'?");
}

TEST(ConfigTest, WrongValuesAreRefused) {
  EXPECT_NE(ErrorOf("first_use = \"always\"").message.find("accept-new"), std::string::npos);
  EXPECT_NE(ErrorOf("dns_hints = \"yes\"").message.find("true or false"), std::string::npos);
  EXPECT_NE(ErrorOf("max_age = \"8d\"").message.find("max_age"), std::string::npos);
  EXPECT_NE(ErrorOf("max_age = \"0\"").message.find("max_age"), std::string::npos);
  EXPECT_NE(ErrorOf("max_age = 15").message.find("max_age"), std::string::npos);
  EXPECT_NE(ErrorOf("dns_servers = [\"dns.example\"]").message.find("dns_servers"),
            std::string::npos);
  EXPECT_NE(ErrorOf("data_dir = \"relative\"").message.find("absolute"), std::string::npos);
  EXPECT_NE(ErrorOf("suffix = \"*.alt\"").message.find("suffix"), std::string::npos);
}

TEST(ConfigTest, BrokenTomlNamesTheLine) {
  EXPECT_TRUE(ErrorOf("suffix = \"cert.alt\"\nmax_age =\n").message.starts_with("config.toml:2"));
}

TEST(ConfigTest, OnlyCommentsHoldOtherCharactersThanAscii) {
  EXPECT_TRUE(ParseConfig("# Größe\nrenewal = \"hold\" # später\n", "config.toml").ok());
  EXPECT_TRUE(ErrorOf("\nca_file = \"/größe.pem\"\n").message.starts_with("config.toml:2: only"));
}

TEST(ConfigTest, HugeFileIsRefused) {
  EXPECT_EQ(ErrorOf(std::string(kMaxConfigBytes + 1, '#')).code, Code::kInvalidArgument);
}

TEST(ConfigTest, NearestPrefersTheFewestEdits) {
  EXPECT_EQ(Nearest("serch", {"resolve", "search", "status"}), "search");
  EXPECT_EQ(Nearest("", {"abc", "a"}), "a");
  EXPECT_EQ(Nearest("srch", {"open", "search", "srx"}), "search");
  EXPECT_EQ(Nearest("foo", {"why", "open"}), "");
  EXPECT_EQ(Nearest("maximum", {"max_age"}), "");
}

constexpr const char* kKeyText = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

std::string Server(const std::string& members) { return "index_servers = [{" + members + "}]\n"; }
std::string Tcp(const std::string& name, const std::string& address) {
  return "name = \"" + name + "\", address = \"" + address + "\", key = \"" + kKeyText + "\"";
}
constexpr const char* kIdentity =
    "index_client_certificate = \"/c.pem\"\nindex_client_key = \"/c.key\"\n";

TEST(ConfigTest, IndexServersAreRead) {
  const auto config = ParseConfig(std::string(kIdentity) + R"(
    index_timeout = "3s"
    [[index_servers]]
    name = "north"
    address = "192.0.2.7:7766"
    key = ")" + kKeyText + R"("
    [[index_servers]]
    name = "beside"
    address = "/run/other/grpc.sock"
  )",
                                  "config.toml");
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->index_timeout, std::chrono::seconds(3));
  ASSERT_EQ(config->index_servers.size(), 2U);
  EXPECT_EQ(config->index_servers[0].name, "north");
  EXPECT_EQ(config->index_servers[0].address, "192.0.2.7:7766");
  EXPECT_EQ(config->index_servers[0].key, KeyId());
  EXPECT_FALSE(config->index_servers[1].key);
  EXPECT_TRUE(ParseConfig(kIdentity + Server(Tcp("v6", "[2001:db8::7]:7766")), "c").ok());
  EXPECT_TRUE(ParseConfig(Server("name = \"beside\", address = \"/x\""), "c").ok());
}

TEST(ConfigTest, WrongIndexServersAreRefused) {
  const auto wrong = [](const std::string& members) {
    return ErrorOf(kIdentity + Server(members)).message;
  };
  EXPECT_NE(wrong(Tcp("North!", "192.0.2.7:1")).find("as 'name'"), std::string::npos);
  EXPECT_NE(wrong(Tcp("", "192.0.2.7:1")).find("as 'name'"), std::string::npos);
  EXPECT_NE(wrong(Tcp("n", "192.0.2.7")).find("as 'address'"), std::string::npos);
  EXPECT_NE(wrong(Tcp("n", "index.example:1")).find("as 'address'"), std::string::npos);
  EXPECT_NE(wrong(Tcp("n", "/x")).find("no 'key'"), std::string::npos);
  EXPECT_NE(wrong("name = \"n\", address = \"192.0.2.7:1\"").find("the 'key'"), std::string::npos);
  EXPECT_NE(wrong("name = \"n\", key = \"abc\"").find("as 'key'"), std::string::npos);
  EXPECT_NE(wrong(Tcp("n", "192.0.2.7:1") + ", keys = \"\"").find("not 'keys'"), std::string::npos);
  EXPECT_NE(wrong("name = 7").find("tables of texts"), std::string::npos);
  EXPECT_NE(wrong(Tcp("n", "192.0.2.7:1") + "}, {" + Tcp("n", "192.0.2.8:1")).find("differ"),
            std::string::npos);
  EXPECT_NE(ErrorOf("index_servers = \"192.0.2.7:1\"").message.find("at most 16"),
            std::string::npos);
  EXPECT_NE(ErrorOf("index_timeout = \"21s\"").message.find("index_timeout"), std::string::npos);
  std::string many = Tcp("n", "192.0.2.7:1");
  for (int i = 0; i < 16; ++i) many += "}, {" + Tcp("n" + std::to_string(i), "192.0.2.7:1");
  EXPECT_NE(wrong(many).find("at most 16"), std::string::npos);
}

TEST(ConfigTest, IndexServersOverTcpNeedAnIdentity) {
  EXPECT_NE(ErrorOf(Server(Tcp("n", "192.0.2.7:1"))).message.find("index_client_key"),
            std::string::npos);
  EXPECT_NE(ErrorOf("index_client_key = \"/c.key\"").message.find("index_client_certificate"),
            std::string::npos);
}

std::string Texts(const std::vector<ListenAddress>& addresses) {
  std::string text;
  for (const ListenAddress& address : addresses) {
    text += address.ip.ToString() + " " + std::to_string(address.port) + ", ";
  }
  return text;
}

TEST(ConfigTest, NetworkOfPeers) {
  const auto defaults = ParseConfig("", "config.toml");
  ASSERT_TRUE(defaults.ok());
  EXPECT_TRUE(defaults->dht_bootstrap.empty());
  EXPECT_EQ(Texts(defaults->dht_listen), "0.0.0.0 4222, :: 4222, ");
  EXPECT_EQ(defaults->dht_network, kDefaultNetwork);
  EXPECT_FALSE(defaults->dht_client);
  EXPECT_FALSE(defaults->dht_rollovers);
  const auto config = ParseConfig(R"(
    dht_bootstrap = ["node.example:4222", "[2001:db8::1]:5000"]
    dht_listen = ["[::1]:0"]
    dht_network = 0x10
    dht_region = "europe"
    dht_client = true
    dht_rollovers = true
    peers_first = "3s"
    peers_timeout = "1m"
  )",
                                  "config.toml");
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->dht_bootstrap,
            (std::vector<std::string>{"node.example:4222", "[2001:db8::1]:5000"}));
  EXPECT_EQ(Texts(config->dht_listen), "::1 0, ");
  EXPECT_EQ(config->dht_network, 16U);
  EXPECT_EQ(config->dht_region, Region::kEurope);
  EXPECT_TRUE(config->dht_client);
  EXPECT_TRUE(config->dht_rollovers);
  EXPECT_EQ(config->peers_first, std::chrono::seconds(3));
  EXPECT_EQ(config->peers_timeout, std::chrono::seconds(60));
  EXPECT_TRUE(ParseConfig("dht_listen = ['[::]:1', '127.0.0.1:65535']", "config.toml").ok());
}

TEST(ConfigTest, WrongSettingsOfPeersAreRefused) {
  for (const char* text : {"dht_bootstrap = 'node.example:4222'",
                           "dht_bootstrap = ['node.example']",
                           "dht_bootstrap = ['node.example:0']",
                           "dht_bootstrap = [4222]",
                           "dht_listen = []",
                           "dht_listen = ['4222']",
                           "dht_listen = ['0.0.0.0']",
                           "dht_listen = ['0.0.0.0:65536']",
                           "dht_listen = ['node.example:4222']",
                           "dht_listen = ['::1:4222']",
                           "dht_listen = ['::1:0']",
                           "dht_listen = ['[::1]']",
                           "dht_listen = ['0.0.0.0:1', '127.0.0.1:2']",
                           "dht_listen = ['0.0.0.0:1', '[::]:1', '[::1]:2']",
                           "dht_network = 0",
                           "dht_region = 'mars'",
                           "dht_network = 4294967296",
                           "dht_network = -1",
                           "dht_network = '1'",
                           "dht_client = 1",
                           "dht_rollovers = 'yes'",
                           "peers_first = '21s'",
                           "peers_first = '0s'",
                           "peers_timeout = 5"}) {
    EXPECT_EQ(ErrorOf(text).code, Code::kInvalidArgument) << text;
  }
  std::string many = "dht_bootstrap = [";
  for (int i = 0; i < 33; ++i) many += "'node.example:4222',";
  ErrorOf(many + "]");
}

class LoadConfigTest : public testing::Test {
 protected:
  LoadConfigTest() {
    char pattern[] = "/tmp/commresolve-config-XXXXXX";
    folder_ = ::mkdtemp(pattern);
    ::setenv("HOME", folder_.c_str(), 1);
    ::unsetenv("XDG_CONFIG_HOME");
    ::unsetenv("XDG_DATA_HOME");
    ::unsetenv("COMMRESOLVE_CONFIG");
  }
  ~LoadConfigTest() override { std::filesystem::remove_all(folder_); }
  std::string folder_;
};

TEST_F(LoadConfigTest, MissingUsualFileIsFine) {
  const auto config = LoadConfig("");
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config->data_folder, folder_ + "/.local/share/commresolve");
}

TEST_F(LoadConfigTest, MissingNamedFileIsNot) {
  EXPECT_EQ(LoadConfig(folder_ + "/none.toml").error().code, Code::kNotFound);
  ::setenv("COMMRESOLVE_CONFIG", (folder_ + "/none.toml").c_str(), 1);
  EXPECT_EQ(LoadConfig("").error().code, Code::kNotFound);
}

TEST_F(LoadConfigTest, XdgFoldersAreUsed) {
  std::filesystem::create_directories(folder_ + "/c/commresolve");
  std::ofstream(folder_ + "/c/commresolve/config.toml") << "renewal = \"hold\"\n";
  ::setenv("XDG_CONFIG_HOME", (folder_ + "/c").c_str(), 1);
  ::setenv("XDG_DATA_HOME", (folder_ + "/d").c_str(), 1);
  const auto config = LoadConfig("");
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config->resolver.renewal, RenewalPolicy::kHold);
  EXPECT_EQ(config->data_folder, folder_ + "/d/commresolve");
}

}  // namespace
}  // namespace commresolve
