// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The table behind exit_code.h.

#include "cli/exit_code.h"

namespace commresolve::cli {

ExitCode ExitCodeOf(Code code) {
  switch (code) {
    case Code::kNotFound:
      return ExitCode::kNone;
    case Code::kAmbiguous:
      return ExitCode::kAmbiguous;
    case Code::kInvalidArgument:
      return ExitCode::kUsage;
    case Code::kUntrusted:
      return ExitCode::kNotTrusted;
    case Code::kUnavailable:
    case Code::kDeadlineExceeded:
    case Code::kBusy:
      return ExitCode::kNetwork;
    case Code::kInterrupted:
      return ExitCode::kInterrupted;
    case Code::kCorrupt:
    case Code::kInternal:
      return ExitCode::kBug;
  }
  return ExitCode::kBug;
}

}  // namespace commresolve::cli
