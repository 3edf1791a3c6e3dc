// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// cpp-httplib with one thread and small limits.

#include "grpc/daemon/metrics_server.h"

#include <httplib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <thread>

namespace commresolve::daemon {
namespace {

constexpr std::chrono::seconds kPatience{2};
constexpr size_t kMaxBodyBytes = 1'024;
constexpr const char* kContentType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

}  // namespace

struct MetricsServer::Impl {
  httplib::Server http;
  std::string path;
  std::thread thread;
};

MetricsServer::MetricsServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<MetricsServer>> MetricsServer::Start(const std::string& path,
                                                            std::function<std::string()> text) {
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  httplib::Server& http = impl->http;
  http.set_address_family(AF_UNIX);
  http.new_task_queue = [] { return new httplib::ThreadPool(1); };
  http.set_read_timeout(kPatience);
  http.set_write_timeout(kPatience);
  http.set_keep_alive_max_count(1);
  http.set_payload_max_length(kMaxBodyBytes);
  http.Get("/metrics", [text = std::move(text)](const httplib::Request& /*request*/,
                                                httplib::Response& response) {
    response.set_content(text(), kContentType);
  });
  ::unlink(path.c_str());
  const mode_t before = ::umask(0177);
  const bool bound = http.bind_to_port(path, 80);  // The port is not looked at.
  ::umask(before);
  if (!bound) {
    return Error{Code::kUnavailable, "cannot listen at " + path,
                 "see that its folder exists and is yours"};
  }
  impl->thread = std::thread([&http] { http.listen_after_bind(); });
  // Or stop() before it listens would be lost.
  while (!http.is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return std::unique_ptr<MetricsServer>(new MetricsServer(std::move(impl)));
}

MetricsServer::~MetricsServer() {
  impl_->http.stop();
  impl_->thread.join();
  ::unlink(impl_->path.c_str());
}

}  // namespace commresolve::daemon
