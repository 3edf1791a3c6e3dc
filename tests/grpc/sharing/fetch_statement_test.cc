// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Fetching from servers that hold the key and misbehave, and from one that does not hold it.

#include "grpc/sharing/fetch_statement.h"

#include <gtest/gtest.h>
#include <httplib.h>

#include <csignal>
#include <thread>

#include "dht/record/delegation.h"
#include "tests/fakes/tls_server.h"

namespace commresolve::daemon {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kPatience{5'000};
constexpr milliseconds kShort{300};
constexpr milliseconds kSoon{4'000};  // Much more than kShort, less than what would be a hang.

/// An HTTPS server of its own on loopback.
class WebServer {
 public:
  explicit WebServer(const fakes::TestCertificate& certificate)
      : server_(certificate.certificate.get(), certificate.key.get()) {
    server_.set_pre_routing_handler([this](const httplib::Request& request, auto&) {
      ++requests_;
      last_ = request;
      return httplib::Server::HandlerResponse::Unhandled;
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
  }
  ~WebServer() { Stop(); }
  WebServer(const WebServer&) = delete;
  WebServer& operator=(const WebServer&) = delete;

  void Stop() {
    server_.stop();
    if (thread_.joinable()) thread_.join();
  }
  httplib::Server* operator->() { return &server_; }
  void Serve(const std::string& body) {
    server_.Get(dht::kDelegationPath, [body](const auto&, httplib::Response& response) {
      response.set_content(body, "application/octet-stream");
    });
  }
  [[nodiscard]] Endpoint At(const std::string& name = "") const {
    return {*IpAddress::Parse("127.0.0.1"), static_cast<uint16_t>(port_), Protocol::kTls, name};
  }
  [[nodiscard]] int requests() const { return requests_; }
  /// To be looked at after Stop().
  [[nodiscard]] const httplib::Request& last() const { return last_; }

 private:
  httplib::SSLServer server_;
  std::thread thread_;
  int port_ = 0;
  std::atomic<int> requests_{0};
  httplib::Request last_;
};

class FetchStatementTest : public testing::Test {
 protected:
  FetchStatementTest() { std::signal(SIGPIPE, SIG_IGN); }

  Result<std::string> Fetch(const Endpoint& endpoint, milliseconds patience = kPatience) {
    return FetchStatement(certificate_.key_id(), endpoint, patience, nullptr);
  }
  Code Refusal(const Endpoint& endpoint, milliseconds patience = kPatience) {
    const auto fetched = Fetch(endpoint, patience);
    return fetched.ok() ? Code::kInternal : fetched.error().code;
  }

  const fakes::TestCertificate certificate_ = fakes::MakeCertificate({.names = {"www.example"}});
};

TEST_F(FetchStatementTest, BringsWhatIsServedAndAsksForNothingElse) {
  WebServer server(certificate_);
  const std::string body("\xC1\0\n statement", 13);
  server.Serve(body);
  const auto fetched = Fetch(server.At("www.example"));
  ASSERT_TRUE(fetched.ok()) << fetched.error().message;
  EXPECT_EQ(*fetched, body);
  server.Stop();
  EXPECT_EQ(server.requests(), 1);
  EXPECT_EQ(server.last().method, "GET");
  EXPECT_EQ(server.last().path, dht::kDelegationPath);
  EXPECT_EQ(server.last().get_header_value("Host"), "www.example");
  EXPECT_EQ(server.last().get_header_value("Accept-Encoding"), "identity");
  EXPECT_FALSE(server.last().has_header("Cookie"));
}

TEST_F(FetchStatementTest, TheServerNameIsThatOfThePlaceOrNone) {
  const fakes::TlsServer server(certificate_);
  static_cast<void>(Fetch(server.endpoint("www.example"), kShort));
  EXPECT_EQ(server.counts().last_server_name, "www.example");
  static_cast<void>(Fetch(server.endpoint(), kShort));
  EXPECT_EQ(server.counts().handshakes, 2U);
  EXPECT_EQ(server.counts().last_server_name, "");
}

TEST_F(FetchStatementTest, AnotherKeyIsNotEvenAsked) {
  const auto other = fakes::MakeCertificate({.names = {"www.example"}});
  WebServer server(other);
  server.Serve("statement");
  EXPECT_EQ(Refusal(server.At("www.example")), Code::kUntrusted);
  WebServer borrowed(fakes::Borrow(certificate_));
  borrowed.Serve("statement");
  EXPECT_NE(Refusal(borrowed.At("www.example")), Code::kInternal) << "it shows the key, no more";
  server.Stop();
  borrowed.Stop();
  EXPECT_EQ(server.requests() + borrowed.requests(), 0);
}

TEST_F(FetchStatementTest, OnlyAPlainAnswerCounts) {
  WebServer none(certificate_);
  EXPECT_EQ(Refusal(none.At()), Code::kNotFound);
  WebServer moved(certificate_);
  moved->Get(dht::kDelegationPath,
             [](const auto&, httplib::Response& response) { response.set_redirect("/elsewhere"); });
  moved->Get("/elsewhere", [](const auto&, httplib::Response& response) {
    response.set_content("statement", "text/plain");
  });
  EXPECT_EQ(Refusal(moved.At()), Code::kNotFound);
  moved.Stop();
  EXPECT_EQ(moved.requests(), 1) << "nobody follows";
  WebServer packed(certificate_);
  packed->Get(dht::kDelegationPath, [](const auto&, httplib::Response& response) {
    response.set_header("Content-Encoding", "br");
    response.set_content("statement", "text/plain");
  });
  EXPECT_EQ(Refusal(packed.At()), Code::kNotFound);
}

TEST_F(FetchStatementTest, TheBodyIsBounded) {
  WebServer fits(certificate_);
  fits.Serve(std::string(dht::kMaxDelegationBytes, 'x'));
  EXPECT_EQ(Fetch(fits.At())->size(), dht::kMaxDelegationBytes);
  WebServer large(certificate_);
  large.Serve(std::string(dht::kMaxDelegationBytes + 1, 'x'));
  EXPECT_EQ(Refusal(large.At()), Code::kUnavailable);
}

TEST_F(FetchStatementTest, SoIsWhatComesBeforeIt) {
  WebServer server(certificate_);
  server->Get(dht::kDelegationPath, [](const auto&, httplib::Response& response) {
    const std::string value(1'000, 'x');
    for (int i = 0; i < 100; ++i) response.set_header("X-" + std::to_string(i), value);
    response.set_content("statement", "text/plain");
  });
  EXPECT_EQ(Refusal(server.At()), Code::kUnavailable);
}

TEST_F(FetchStatementTest, WhoeverIsSlowIsCutOff) {
  WebServer slow(certificate_);
  std::atomic<bool> over{false};
  slow->Get(dht::kDelegationPath, [&over](const auto&, httplib::Response& response) {
    response.set_chunked_content_provider("text/plain", [&over](size_t, httplib::DataSink& sink) {
      std::this_thread::sleep_for(milliseconds(20));  // Drop by drop, so that no read times out.
      return !over && sink.write("x", 1);
    });
  });
  const fakes::TlsServer silent(certificate_, {.behaviour = fakes::Behaviour::kStall});
  for (const Endpoint& place : {slow.At(), silent.endpoint()}) {
    const auto begin = steady_clock::now();
    EXPECT_EQ(Refusal(place, kShort), Code::kDeadlineExceeded);
    EXPECT_LT(steady_clock::now() - begin, kSoon);
  }
  over = true;
}

TEST_F(FetchStatementTest, CanBeStopped) {
  const fakes::TlsServer silent(certificate_, {.behaviour = fakes::Behaviour::kStall});
  std::atomic<bool> stop{false};
  std::thread stopper([&] {
    while (silent.counts().connections == 0) std::this_thread::yield();
    stop = true;
  });
  const auto fetched =
      FetchStatement(certificate_.key_id(), silent.endpoint(), std::chrono::minutes(1), &stop);
  stopper.join();
  ASSERT_FALSE(fetched.ok());
  EXPECT_EQ(fetched.error().code, Code::kInterrupted);
}

TEST_F(FetchStatementTest, NobodyThereAndOtherProtocols) {
  WebServer gone(certificate_);
  const Endpoint place = gone.At();
  gone.Stop();
  EXPECT_EQ(Refusal(place), Code::kUnavailable);
  Endpoint mail = place;
  mail.protocol = Protocol::kSmtp;
  EXPECT_EQ(Refusal(mail), Code::kInvalidArgument);
}

}  // namespace
}  // namespace commresolve::daemon
