// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Names set aside for private use are asked for before the public suffix list, which has some.

#include "dht/privacy/publishable.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "resolver/address_scope.h"
#include "resolver/keyword/host_name.h"

namespace commresolve::dht {
namespace {

constexpr std::string_view kPrivateSuffixes[] = {
    "alt",         "arpa",      "corp",     "domain",   "example", "example.com", "example.net",
    "example.org", "home",      "internal", "intranet", "invalid", "lan",         "local",
    "localdomain", "localhost", "onion",    "private",  "test",    "workgroup"};

bool IsUnder(std::string_view name, std::string_view suffix) {
  if (!name.ends_with(suffix)) return false;
  return name.size() == suffix.size() || name[name.size() - suffix.size() - 1] == '.';
}

}  // namespace

const char* PrivacyText(Privacy privacy) {
  switch (privacy) {
    case Privacy::kPublic:
      return "public";
    case Privacy::kPrivateAddress:
      return "not a global address";
    case Privacy::kNoName:
      return "not a host name";
    case Privacy::kSingleLabel:
      return "a name without a domain";
    case Privacy::kPrivateSuffix:
      return "a name under a private domain";
    case Privacy::kRareName:
      return "a name that was seen too seldom";
  }
  return "unknown";
}

Privacy PrivacyOf(const IpAddress& address) {
  return ScopeOf(address) == AddressScope::kGlobal ? Privacy::kPublic : Privacy::kPrivateAddress;
}

Privacy PrivacyOf(std::string_view name) {
  const auto normal = NormaliseHostName(name);
  if (!normal.ok() || *normal != name) return Privacy::kNoName;
  if (name.starts_with("*.")) name.remove_prefix(2);
  const auto covers = [name](std::string_view suffix) { return IsUnder(name, suffix); };
  if (std::any_of(std::begin(kPrivateSuffixes), std::end(kPrivateSuffixes), covers)) {
    return Privacy::kPrivateSuffix;
  }
  if (name.find('.') == std::string_view::npos) return Privacy::kSingleLabel;
  if (!HasPublicSuffix(name)) return Privacy::kPrivateSuffix;
  return Privacy::kPublic;
}

Privacy PrivacyOf(std::string_view name, size_t sightings) {
  const Privacy privacy = PrivacyOf(name);
  if (privacy != Privacy::kPublic) return privacy;
  return sightings < kLeastSightings ? Privacy::kRareName : Privacy::kPublic;
}

Privacy PrivacyOf(const Endpoint& endpoint, size_t sightings) {
  const Privacy privacy = PrivacyOf(endpoint.ip);
  if (privacy != Privacy::kPublic || endpoint.server_name.empty()) return privacy;
  return PrivacyOf(endpoint.server_name, sightings);
}

}  // namespace commresolve::dht
