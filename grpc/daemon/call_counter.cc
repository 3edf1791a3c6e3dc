// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An interceptor that looks at statuses only.

#include "grpc/daemon/call_counter.h"

namespace commresolve::daemon {
namespace {

using grpc::experimental::InterceptionHookPoints;

class Interceptor final : public grpc::experimental::Interceptor {
 public:
  Interceptor(CallCounter& counter, std::string method)
      : counter_(counter), method_(std::move(method)) {}

  void Intercept(grpc::experimental::InterceptorBatchMethods* batch) override {
    if (batch->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS)) {
      counter_.Count(method_, batch->GetSendStatus().error_code());
    }
    batch->Proceed();
  }

 private:
  CallCounter& counter_;
  const std::string method_;
};

class Factory final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit Factory(CallCounter& counter) : counter_(counter) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(
      grpc::experimental::ServerRpcInfo* info) override {
    return new Interceptor(counter_, info->method());
  }

 private:
  CallCounter& counter_;
};

}  // namespace

CallCounter::Counts CallCounter::counts() const {
  const std::scoped_lock guard(lock_);
  return counts_;
}

void CallCounter::Count(const std::string& method, grpc::StatusCode code) {
  const std::scoped_lock guard(lock_);
  // The client chooses the name of a method that is not there.
  ++counts_[{code == grpc::StatusCode::UNIMPLEMENTED ? "" : method, code}];
}

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> CountCalls(
    CallCounter& counter) {
  return std::make_unique<Factory>(counter);
}

}  // namespace commresolve::daemon
