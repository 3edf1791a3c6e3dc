// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Result<T> and Error: how every function of this project says that it could not do its job.

#ifndef COMMRESOLVE_RESOLVER_BASE_RESULT_H_
#define COMMRESOLVE_RESOLVER_BASE_RESULT_H_

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace commresolve {

/// What went wrong, as far as a caller may act on it. One table (cli/exit_code.h) maps each code to
/// an exit code; add a code here only together with its row there.
enum class Code : uint8_t {
  kNotFound,          ///< Nothing carries what was asked for.
  kAmbiguous,         ///< More than one identity could be meant; the user has to choose.
  kInvalidArgument,   ///< The input is malformed: a name, an option, a file, a record.
  kUntrusted,         ///< The trust rules refuse: new, changed, revoked or held key.
  kUnavailable,       ///< The network, a server or a resource could not be reached.
  kDeadlineExceeded,  ///< It took longer than the caller allowed.
  kBusy,              ///< Another process owns the resource (the writer lock).
  kCorrupt,           ///< Stored data is not what was written.
  kInterrupted,       ///< The user stopped it (Ctrl-C); what was committed stays.
  kInternal,          ///< A bug, or an operating system error nobody can act on.
};

/// The stable lower-case name of `code`, for logs and JSON: "not_found", "ambiguous", ...
const char* CodeName(Code code);

/// A failure. `message` is one lower-case sentence without full stop that names its cause (file,
/// offset, field, endpoint); `hint` is the next step for a person, or empty.
struct Error {
  Code code = Code::kInternal;
  std::string message;
  std::string hint = {};

  /// The same error seen from one level up: "`context`: message".
  [[nodiscard]] Error Within(const std::string& context) const {
    return {code, context + ": " + message, hint};
  }
};

/// Either a value or an Error. Like std::expected (C++23), which this compiler does not have.
/// Reading the value of a failed result, or the error of a good one, is a bug and terminates.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & { return *Checked(std::get_if<0>(&state_)); }
  const T& value() const& { return *Checked(std::get_if<0>(&state_)); }
  T&& value() && { return std::move(*Checked(std::get_if<0>(&state_))); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const { return *Checked(std::get_if<1>(&state_)); }

 private:
  template <class P>
  static P* Checked(P* state) {
    if (state == nullptr) std::abort();
    return state;
  }

  std::variant<T, Error> state_;
};

/// The result of something that yields no value.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  [[nodiscard]] bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  const Error& error() const {
    if (ok()) std::abort();
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

/// Returns the error of `expr` from the calling function if it failed.
#define COMMRESOLVE_TRY(expr)                                        \
  do {                                                               \
    auto&& commresolve_status = (expr);                              \
    if (!commresolve_status.ok()) return commresolve_status.error(); \
  } while (false)

/// Declares `var` as the value of `expr`, or returns its error from the calling function.
#define COMMRESOLVE_ASSIGN(var, expr)                  \
  auto var##_result = (expr);                          \
  if (!var##_result.ok()) return var##_result.error(); \
  auto var = std::move(var##_result).value()

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_BASE_RESULT_H_
