// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Observations on any bytes.

#include "tests/fuzz/dht_record_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace commresolve::dht;
  FuzzRecord(RecordType::kObservation, data, size, ReadObservation,
             [](const auto& record) { return WriteObservation(record, FuzzKey()); });
  return 0;
}
