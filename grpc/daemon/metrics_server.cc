// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// cpp-httplib with one thread and small limits.

#include "grpc/daemon/metrics_server.h"

#include <httplib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <future>
#include <mutex>
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
  std::mutex lock;                    // Guards `text`.
  std::function<std::string()> text;  // Empty at the end.
  std::promise<void> done;
};

MetricsServer::MetricsServer(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<MetricsServer>> MetricsServer::Start(const std::string& path,
                                                            std::function<std::string()> text) {
  auto impl = std::make_shared<Impl>();
  impl->path = path;
  impl->text = std::move(text);
  httplib::Server& http = impl->http;
  http.set_address_family(AF_UNIX);
  http.new_task_queue = [] { return new httplib::ThreadPool(1); };
  http.set_read_timeout(kPatience);
  http.set_write_timeout(kPatience);
  http.set_keep_alive_max_count(1);
  http.set_payload_max_length(kMaxBodyBytes);
  http.Get("/metrics",
           [at = impl.get()](const httplib::Request& /*request*/, httplib::Response& response) {
             const std::scoped_lock guard(at->lock);
             if (at->text) response.set_content(at->text(), kContentType);
           });
  ::unlink(path.c_str());
  const mode_t before = ::umask(0177);
  const bool bound = http.bind_to_port(path, 80);  // The port is not looked at.
  ::umask(before);
  if (!bound) {
    return Error{Code::kUnavailable, "cannot listen at " + path,
                 "see that its folder exists and is yours"};
  }
  // The thread has a share in what it uses: a client that sends a byte a second can hold it.
  std::thread([impl] {
    impl->http.listen_after_bind();
    impl->done.set_value();
  }).detach();
  // Or stop() before it listens would be lost.
  while (!http.is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return std::unique_ptr<MetricsServer>(new MetricsServer(std::move(impl)));
}

MetricsServer::~MetricsServer() {
  {
    const std::scoped_lock guard(impl_->lock);
    impl_->text = nullptr;
  }
  impl_->http.stop();
  impl_->done.get_future().wait_for(kPatience);
  ::unlink(impl_->path.c_str());
}

}  // namespace commresolve::daemon
