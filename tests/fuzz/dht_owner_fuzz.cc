// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Owner records on any bytes.

#include "tests/fuzz/dht_record_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace commresolve::dht;
  FuzzRecord(RecordType::kOwner, data, size, ReadOwner,
             [](const auto& record) { return WriteOwner(record, FuzzKey()); });
  return 0;
}
