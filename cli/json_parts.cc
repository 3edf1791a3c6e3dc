// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What no object of ours writes twice.

#include "cli/json_parts.h"

namespace commresolve::cli {

Json Object(const char* kind) { return {{"schema", "commresolve.v1"}, {"kind", kind}}; }

std::string Dump(const Json& json) {
  const std::string plain = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string safe;
  safe.reserve(plain.size());
  for (size_t i = 0; i < plain.size(); ++i) {
    const auto byte = static_cast<unsigned char>(plain[i]);
    const auto next = i + 1 < plain.size() ? static_cast<unsigned char>(plain[i + 1]) : 0U;
    if (byte == 0x7F) {
      safe += "\\u007f";
    } else if (byte == 0xC2 && next >= 0x80 && next < 0xA0) {
      safe += "\\u00";
      safe += Hex({plain.data() + i + 1, 1});
      ++i;
    } else {
      safe += plain[i];
    }
  }
  return safe;
}

Json TimeOrNull(std::optional<UnixTime> time) {
  return time && *time != 0 ? Json(FormatTime(*time)) : Json(nullptr);
}

Json KeyList(const std::vector<KeyId>& keys) {
  Json list = Json::array();
  for (const KeyId& key : keys) list.push_back(KeyText(key));
  return list;
}

void PutEndpoint(Json& json, const Endpoint& endpoint) {
  json["address"] = endpoint.ip.ToString();
  json["port"] = endpoint.port;
  json["protocol"] = ProtocolName(endpoint.protocol);
  json["server_name"] = endpoint.server_name;
}

void PutFacts(Json& json, const CertificateFacts& facts) {
  json["key"] = KeyText(facts.key);
  json["certificate"] = Hex(facts.id.view());
  json["names"] = facts.names;
  json["common_names"] = facts.common_names;
  json["organizations"] = facts.organizations;
  json["issuer_common_name"] = facts.issuer_common_name;
  json["issuer_organization"] = facts.issuer_organization;
  json["not_before"] = FormatTime(facts.not_before);
  json["not_after"] = FormatTime(facts.not_after);
  json["self_signed"] = facts.self_signed;
  json["embedded_scts"] = facts.embedded_scts;
}

void PutChain(Json& json, const PublicChain& chain) {
  json["public_chain"] = chain.valid;
  json["public_chain_reason"] = chain.reason;
}

}  // namespace commresolve::cli
