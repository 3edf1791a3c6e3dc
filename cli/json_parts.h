// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the objects of json.h and json_sharing.h are made of.

#ifndef COMMRESOLVE_CLI_JSON_PARTS_H_
#define COMMRESOLVE_CLI_JSON_PARTS_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "resolver/base/clock.h"
#include "resolver/candidate.h"

namespace commresolve::cli {

using Json = nlohmann::ordered_json;

/// With "schema" and "kind".
Json Object(const char* kind);
/// One line without the newline. Invalid UTF-8 is replaced; control characters that JSON need not
/// escape are escaped, for a terminal obeys them.
std::string Dump(const Json& json);

Json TimeOrNull(std::optional<UnixTime> time);
Json KeyList(const std::vector<KeyId>& keys);
void PutEndpoint(Json& json, const Endpoint& endpoint);
void PutFacts(Json& json, const CertificateFacts& facts);
void PutChain(Json& json, const PublicChain& chain);

}  // namespace commresolve::cli

#endif  // COMMRESOLVE_CLI_JSON_PARTS_H_
