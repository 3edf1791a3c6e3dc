// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sightings, places and sources.

#include "index/ledger/checker.h"
#include "index/ledger/row_key.h"

namespace commresolve::index {

Status Checker::CheckSightings() {
  return Each(Table::kSightings, [&](const Cursor& cursor) -> Status {
    const auto row = Decoded(DecodeSightingKey(cursor.key()));
    const auto sighting = Decoded(DecodeSighting(cursor.value()));
    if (!row || !sighting) return {};
    counted_.observations += sighting->sources.size();
    Require(sighting->first_seen <= sighting->last_seen, "was last seen before the first");
    const auto certificate = Need(Table::kCertificates, row->certificate, DecodeCertificate);
    Require(!certificate || certificate->key == row->key, "the certificate has another key");
    for (const SourceNo source : sighting->sources) Need(Table::kSourceNames, source, DecodeText);
    const auto endpoint = Decoded(ReadEndpoint(row->endpoint));
    if (endpoint && *endpoint) {
      NeedRow(Table::kPlaces, EncodePlaceKey({row->endpoint, row->key}));
    }
    return {};
  });
}

Status Checker::CheckPlaces() {
  std::string previous;
  return Each(Table::kPlaces, [&](const Cursor& cursor) -> Status {
    const auto row = Decoded(DecodePlaceKey(cursor.key()));
    if (!row) return {};
    const auto endpoint = Decoded(ReadEndpoint(row->endpoint));
    if (!endpoint || !*endpoint) {
      Fail("is no endpoint");
      return {};
    }
    const std::string address = AddressPrefix((*endpoint)->ip, (*endpoint)->port);
    if (address != previous) ++counted_.endpoints;
    previous = address;
    const std::string prefix = NumberPrefix(row->key) + row->endpoint;
    COMMRESOLVE_ASSIGN(sightings, txn_.Walk(Table::kSightings));
    COMMRESOLVE_ASSIGN(found, sightings.Seek(prefix));
    Require(found && sightings.key().starts_with(prefix), "has no row in sightings");
    return {};
  });
}

Status Checker::CheckProofs() {
  return Each(Table::kProofs, [&](const Cursor& cursor) -> Status {
    const auto endpoint = Decoded(ReadEndpoint(cursor.key()));
    const auto proof = Decoded(DecodeProof(cursor.value()));
    if (!endpoint || !proof) return {};
    Require(endpoint->has_value(), "is no endpoint");
    NeedRow(Table::kPlaces, EncodePlaceKey({std::string(cursor.key()), proof->key}));
    return {};
  });
}

Status Checker::CheckSources() {
  COMMRESOLVE_TRY(Each(Table::kSources, [&](const Cursor& cursor) -> Status {
    const auto number = Decoded(DecodeNumber(cursor.value()));
    if (!number) return {};
    const auto name = Need(Table::kSourceNames, *number, DecodeText);
    Require(!name || *name == cursor.key(), "is the number of another source");
    return {};
  }));
  return Each(Table::kSourceNames, [&](const Cursor& cursor) -> Status {
    const auto name = Decoded(DecodeText(cursor.value()));
    if (name) NeedNumber(Table::kSources, *name, cursor.number());
    Require(cursor.number() <= totals_.last_source, "its number was not given out yet");
    return {};
  });
}

}  // namespace commresolve::index
