// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finding: what one check of `commresolve doctor` says.

#ifndef COMMRESOLVE_CLI_DOCTOR_FINDING_H_
#define COMMRESOLVE_CLI_DOCTOR_FINDING_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace commresolve::cli {

enum class Health : uint8_t {
  kOk,
  kWarn,  ///< Works, with a limit that is told; or it could not be checked.
  kFail,  ///< Names do not work, or go where they must not.
};

struct Finding {
  std::string check;  ///< A stable name, as in docs/json.md.
  Health health = Health::kOk;
  std::string text;  ///< One line, without full stop.
  std::string fix;   ///< One line that says what to do; empty for kOk.
};

using Findings = std::vector<Finding>;

inline Finding Ok(std::string check, std::string text) {
  return {std::move(check), Health::kOk, std::move(text), {}};
}
inline Finding Warn(std::string check, std::string text, std::string fix) {
  return {std::move(check), Health::kWarn, std::move(text), std::move(fix)};
}
inline Finding Fail(std::string check, std::string text, std::string fix) {
  return {std::move(check), Health::kFail, std::move(text), std::move(fix)};
}

}  // namespace commresolve::cli

#endif  // COMMRESOLVE_CLI_DOCTOR_FINDING_H_
