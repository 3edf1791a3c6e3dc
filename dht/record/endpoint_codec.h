// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Places and names as they stand in records.

#ifndef COMMRESOLVE_DHT_RECORD_ENDPOINT_CODEC_H_
#define COMMRESOLVE_DHT_RECORD_ENDPOINT_CODEC_H_

#include <string>

#include "dht/record/field_reader.h"
#include "resolver/endpoint.h"

namespace commresolve::dht {

/// Writes address family (4 or 6), address, port and protocol; not the server name.
void WritePlace(const Endpoint& endpoint, ByteWriter& writer);
/// Reads what WritePlace() wrote. Refuses another family, an IPv4 address in IPv6 form, and an
/// unknown protocol.
Endpoint ReadPlace(FieldReader& reader);
/// Why this place must not stand in a record: a port of 0, or an address that is not global: nobody
/// shall make the readers of a record call at hosts of their own networks. Null if it may.
const char* WhyNoPlace(const Endpoint& endpoint);

/// Writes length (1 byte) and text.
void WriteName(const std::string& name, ByteWriter& writer);
std::string ReadName(FieldReader& reader);
/// True if `name` is a host name in normal form (resolver/keyword/host_name.h).
bool IsNormalName(const std::string& name);

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_RECORD_ENDPOINT_CODEC_H_
