// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Names of the error codes.

#include "resolver/base/result.h"

namespace commresolve {

const char* CodeName(Code code) {
  switch (code) {
    case Code::kNotFound:
      return "not_found";
    case Code::kAmbiguous:
      return "ambiguous";
    case Code::kInvalidArgument:
      return "invalid_argument";
    case Code::kUntrusted:
      return "untrusted";
    case Code::kUnavailable:
      return "unavailable";
    case Code::kDeadlineExceeded:
      return "deadline_exceeded";
    case Code::kBusy:
      return "busy";
    case Code::kCorrupt:
      return "corrupt";
    case Code::kInterrupted:
      return "interrupted";
    case Code::kInternal:
      return "internal";
  }
  return "internal";
}

}  // namespace commresolve
