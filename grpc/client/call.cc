// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Looking at the flag, and errors in words for a person.

#include "grpc/client/call.h"

#include "grpc/service/status.h"

namespace commresolve::daemon {
namespace {

constexpr std::chrono::milliseconds kStopTick{20};

}  // namespace

StoppableCall::StoppableCall(const std::atomic<bool>* stop)
    : stop_(stop), canceller_([this](const std::stop_token& end) {
        while (!end.stop_requested()) {
          if (stopped()) context_.TryCancel();
          std::this_thread::sleep_for(kStopTick);
        }
      }) {}

Error ErrorOf(const grpc::Status& status) {
  if (status.error_code() == grpc::StatusCode::UNIMPLEMENTED) {
    return {Code::kUntrusted, "the daemon does not do that at this socket",
            "only keeper.sock changes bindings and shares; an index server only searches"};
  }
  Error error = FromGrpc(status);
  if (status.error_details().empty() && error.code == Code::kUnavailable) {
    error.message = "the daemon went away: " + error.message;
    error.hint = "see its log, and try again";
  }
  return error;
}

}  // namespace commresolve::daemon
