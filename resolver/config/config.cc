// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reading the settings file.

#include "resolver/config/config.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>

#include "resolver/base/files.h"
#include "resolver/config/nearest.h"
#include "resolver/config/setters.h"

namespace commresolve {
namespace {

constexpr size_t kMaxRootsBytes = size_t{16} << 20;

/// The text with what is not ASCII in comments replaced; 0, or the line where it stands elsewhere.
/// (toml++ 3.3 runs into undefined behaviour on some characters outside strings. No setting needs
/// them.)
size_t KeepAscii(std::string& text) {
  size_t line = 1;
  bool comment = false;
  for (char& c : text) {
    if (c == '\n') {
      ++line;
      comment = false;
    } else if (c == '#') {
      comment = true;
    } else if (static_cast<unsigned char>(c) >= 0x80) {
      if (!comment) return line;
      c = '?';
    }
  }
  return 0;
}

std::string Where(const std::string& path, const toml::source_region& source) {
  return path + ":" + std::to_string(source.begin.line);
}

std::string HintForKey(const std::string& name) {
  if (const std::string near = Nearest(name, ConfigKeys()); !near.empty()) {
    return "did you mean '" + near + "'?";
  }
  return fmt::format("the keys are {}", fmt::join(ConfigKeys(), ", "));
}

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// $NAME, or $HOME/fallback; empty if neither is an absolute path.
std::string XdgFolder(const char* name, const std::string& fallback) {
  if (const std::string folder = Variable(name); folder.starts_with('/')) return folder;
  const std::string home = Variable("HOME");
  return home.starts_with('/') ? home + fallback : "";
}

/// Mistakes are told here rather than when a chain is checked, which may be hours later.
Status CheckRoots(const std::string& ca_file, const std::string& path) {
  if (ca_file.empty()) return {};
  const auto text = ReadFile(ca_file, kMaxRootsBytes);
  const auto wrong = [&path](const std::string& why) {
    return Error{Code::kInvalidArgument, fmt::format("{}: 'ca_file': {}", path, why)};
  };
  if (!text.ok()) return wrong(text.error().message);
  if (text->find("CERTIFICATE-----") != std::string::npos) return {};
  return wrong(ca_file + " holds no PEM certificate");
}

/// Settings that are nothing without one another.
Status CheckTogether(const Config& config, const std::string& path) {
  const std::array doors = {&config.grpc_listen, &config.grpc_certificate, &config.grpc_key,
                            &config.grpc_client_ca};
  const auto missing = std::count_if(doors.begin(), doors.end(),
                                     [](const std::string* set) { return set->empty(); });
  if (missing != 0 && static_cast<size_t>(missing) != doors.size()) {
    return Error{Code::kInvalidArgument,
                 path +
                     ": TCP needs all of grpc_listen, grpc_certificate, grpc_key and "
                     "grpc_client_ca, or none",
                 "there is no TCP without certificates on both sides"};
  }
  const bool over_tcp = std::ranges::any_of(
      config.index_servers, [](const IndexServer& server) { return server.key.has_value(); });
  const bool certificate = !config.index_client_certificate.empty();
  const bool key = !config.index_client_key.empty();
  if (certificate == key && (key || !over_tcp)) return {};
  return Error{Code::kInvalidArgument,
               path + ": index servers need index_client_certificate and index_client_key",
               "they answer nobody without a certificate"};
}

}  // namespace

std::vector<std::string> ConfigKeys() {
  std::vector<std::string> keys;
  for (const auto& [key, setter] : Setters()) keys.push_back(key);
  return keys;
}

Result<Config> ParseConfig(std::string_view text, const std::string& path) {
  if (text.size() > kMaxConfigBytes) {
    return Error{Code::kInvalidArgument,
                 path + " is larger than " + std::to_string(kMaxConfigBytes) + " bytes"};
  }
  std::string ascii(text);
  if (const size_t line = KeepAscii(ascii); line != 0) {
    return Error{
        Code::kInvalidArgument,
        fmt::format("{}:{}: only comments may hold other characters than ASCII", path, line),
        "write host names in their xn-- form"};
  }
  const toml::parse_result parsed = toml::parse(ascii, path);
  if (!parsed) {
    return Error{Code::kInvalidArgument, Where(path, parsed.error().source()) + ": " +
                                             std::string(parsed.error().description())};
  }
  Config config;
  for (const auto& [key, node] : parsed.table()) {
    const std::string name(key.str());
    const std::string where = Where(path, key.source());
    const auto setter = Setters().find(name);
    if (setter == Setters().end()) {
      return Error{Code::kInvalidArgument, where + ": unknown key '" + name.substr(0, 64) + "'",
                   HintForKey(name)};
    }
    std::string wanted;
    if (!setter->second(config, node, wanted)) {
      return Error{Code::kInvalidArgument, fmt::format("{}: '{}' wants {}", where, name, wanted)};
    }
  }
  COMMRESOLVE_TRY(CheckTogether(config, path));
  return config;
}

Result<Config> LoadConfig(const std::string& path, const std::string& data_folder) {
  std::string chosen = !path.empty() ? path : Variable("COMMRESOLVE_CONFIG");
  const bool must_exist = !chosen.empty();
  if (!must_exist) {
    const std::string folder = XdgFolder("XDG_CONFIG_HOME", "/.config");
    chosen = folder.empty() ? "" : folder + "/commresolve/config.toml";
  }
  std::error_code failure;
  auto text = chosen.empty() ? Result<std::string>("") : ReadFile(chosen, kMaxConfigBytes);
  if (!text.ok() && (must_exist || text.error().code != Code::kNotFound)) return text.error();
  // It names the roots, the data and the mode of first use. (Not for /dev/stdin and the like.)
  if (std::filesystem::is_regular_file(chosen, failure)) {
    if (const Status mine = CheckWriters(chosen); !mine.ok()) return mine.error();
  }
  COMMRESOLVE_ASSIGN(config, ParseConfig(text.ok() ? *text : "", chosen));
  COMMRESOLVE_TRY(CheckRoots(config.ca_file, chosen));
  if (!data_folder.empty()) config.data_folder = data_folder;
  if (config.data_folder.empty()) {
    const std::string base = XdgFolder("XDG_DATA_HOME", "/.local/share");
    if (base.empty()) {
      return Error{Code::kInvalidArgument, "neither HOME nor XDG_DATA_HOME is set",
                   "say where the data is: --data-dir"};
    }
    config.data_folder = base + "/commresolve";
  }
  return config;
}

}  // namespace commresolve
