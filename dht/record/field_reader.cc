// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The first refusal is the one that is told.

#include "dht/record/field_reader.h"

namespace commresolve::dht {

void FieldReader::Refuse(const char* field, const char* why) {
  bytes_.Fail();
  if (problem_.empty()) problem_ = std::string(field) + ": " + why;
}

Status FieldReader::Finish(const char* record) const {
  const std::string name(record);
  if (!problem_.empty()) return Error{Code::kInvalidArgument, name + ": " + problem_};
  if (left() != 0) return Error{Code::kInvalidArgument, name + ": bytes left over"};
  return {};
}

}  // namespace commresolve::dht
